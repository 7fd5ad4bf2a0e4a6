// Builds the plain module, without the list of actions, and its types from their sources.
// Arguments: the folder of the tools, the folder of the sources, the output folder.

import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const [tools, source, output] = process.argv.slice(2).map((path) => resolve(path));
const { build } = createRequire(join(tools, 'package.json'))('esbuild');
await mkdir(output, { recursive: true });

await build({
  entryPoints: [join(source, 'plain.ts')],
  outfile: join(output, 'plain.js'),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  charset: 'utf8',
});

const compiler = createRequire(join(tools, 'package.json')).resolve('typescript/package.json').replace('package.json', 'bin/tsc');
const compilerOptions = {
  strict: true,
  target: 'ES2022',
  module: 'ESNext',
  moduleResolution: 'bundler',
  lib: ['ES2022', 'DOM', 'DOM.Iterable'],
  types: [],
  declaration: true,
  emitDeclarationOnly: true,
  rootDir: source,
  outDir: output,
};
await writeFile(join(output, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [join(source, 'plain.ts')] }));
const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', output], { encoding: 'utf8' });
if (status !== 0) throw new Error(stdout);
