// Compiles programs that use the generated clients, and programs that must be refused: with two versions of the compiler, both
// module resolutions and all checks of TypeScript. Prints the size of the plain module.
// Arguments: the folder of the tools, the folder of the generated clients.

import { spawnSync } from 'node:child_process';
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

const [tools, work] = process.argv.slice(2).map((path) => resolve(path));
const here = import.meta.dirname;

const STRICT = {
  strict: true,
  noEmit: true,
  target: 'ES2022',
  lib: ['ES2022', 'DOM', 'DOM.Iterable'],
  types: [],
  allowUnreachableCode: false,
  allowUnusedLabels: false,
  erasableSyntaxOnly: true,
  exactOptionalPropertyTypes: true,
  isolatedModules: true,
  noFallthroughCasesInSwitch: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noPropertyAccessFromIndexSignature: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
};
const RESOLUTIONS = {
  NodeNext: { module: 'NodeNext', moduleResolution: 'NodeNext' },
  bundler: { module: 'ESNext', moduleResolution: 'bundler' },
};
const COMPILERS = { 'TypeScript 7': 'typescript/bin/tsc', 'TypeScript 5': 'typescript-5/bin/tsc' };

/** Lines that must not compile, each with the error codes that a compiler may report. */
const REFUSED = {
  'a missing field': ['await actions.user.create({ name: "Kim" });', 'TS2345', 'TS2741'],
  'a field of the wrong type': ['await actions.user.get({ id: "1" });', 'TS2322'],
  'data used without a check': ['(await actions.user.get({ id: 1 })).data.name;', 'TS2532'],
  'an unknown action': ['await actions.user.remove({ id: 1 });', 'TS2339'],
};

let failed = false;
function report(passed, name, details = '') {
  failed ||= !passed;
  console.log(`${passed ? 'ok   ' : 'FAIL '} ${name}${passed ? '' : `\n${details}`}`);
}

async function compile(compiler, folder, options, files) {
  // The types of the npm package need more than ES2022. The plain module does not import it, so its `.d.ts` is checked.
  const skipLibCheck = folder.endsWith('typescript');
  const config = { compilerOptions: { ...STRICT, ...options, skipLibCheck }, files };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const run = spawnSync(process.execPath, [join(tools, 'node_modules', compiler), '-p', folder], { encoding: 'utf8' });
  return { compiles: run.status === 0, output: run.stdout + run.stderr };
}

const TESTS = { fixture: ['accepted.ts', 'refused.ts'], kit: ['kit.ts'] };

for (const [form, app] of ['typescript', 'javascript'].flatMap((form) => [[form, 'fixture'], [form, 'kit']])) {
  const folder = join(work, app, form);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await symlink(join(tools, 'node_modules'), join(folder, 'node_modules'));
  const files = form === 'typescript' ? { typescript: 'actions.ts' } : { javascript: 'actions.js', 'javascript-types': 'actions.d.ts' };
  for (const [format, name] of Object.entries(files)) await cp(join(work, `${app}.${format}`), join(folder, name));
  await cp(join(here, 'types'), folder, { recursive: true });
  for (const [name, [line]] of Object.entries(app === 'fixture' ? REFUSED : {})) {
    await writeFile(join(folder, `${name.replaceAll(' ', '-')}.ts`), `import { actions } from "./actions.js";\n\n${line}\n`);
  }
  for (const [resolution, options] of Object.entries(RESOLUTIONS)) {
    for (const [version, compiler] of Object.entries(COMPILERS)) {
      const setup = `${app}, ${form}, ${resolution}, ${version}`;
      const accepted = await compile(compiler, folder, options, TESTS[app]);
      report(accepted.compiles, `compiles: ${setup}`, accepted.output);
      for (const [name, [, ...codes]] of Object.entries(app === 'fixture' ? REFUSED : {})) {
        const { compiles, output } = await compile(compiler, folder, options, [`${name.replaceAll(' ', '-')}.ts`]);
        const errors = output.match(/TS\d+/g) ?? [];
        const isRefused = !compiles && errors.length === 1 && codes.includes(errors[0]);
        report(isRefused, `refuses ${name}: ${setup}`, output || 'it compiles');
      }
    }
  }
}

const module = await readFile(join(work, 'fixture.javascript'));
const runtime = await readFile(join(here, '../../../core/src/export/typescript/plain.js'));
const formatSize = (bytes) => `${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} gzipped`;
console.log(`plain module without its actions: ${formatSize(runtime)}`);
console.log(`plain module with the fixture's ${module.toString().match(/^ {2}\[/gm).length} actions: ${formatSize(module)}`);
report(gzipSync(runtime, { level: 9 }).length < 4500, 'the plain module without its actions is smaller than 4.5 kB');
process.exit(failed ? 1 : 0);
