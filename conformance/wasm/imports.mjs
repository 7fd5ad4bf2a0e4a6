// Prints what a WebAssembly module imports, a line for each: `module name`.
import { readFileSync } from 'node:fs'

for (const { module, name } of WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(process.argv[2])))) {
  console.log(module, name)
}
