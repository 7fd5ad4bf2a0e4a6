// A module that imports nothing has no clock, no threads, no environment and no sockets: it can only compute.
// Argument: the path of the module that `conformance/wasm/core` builds.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'

const module = new WebAssembly.Module(readFileSync(process.argv[2]))
assert.deepEqual(WebAssembly.Module.imports(module), [])
const { status } = new WebAssembly.Instance(module).exports
assert.deepEqual([status(0), status(1), status(2)], [200, 400, 403])
console.log('the core runs in a module without imports: three calls returned the expected statuses')
