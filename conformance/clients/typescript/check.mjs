// Compiles what may be written and what may not, under each way to resolve modules, by two versions of the compiler, with
// every check that TypeScript has; then says how large the plain module is.
// The arguments are the folder of the tools and the one to work in.

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

/** What each file that must not compile is refused for. */
const REFUSED = {
  'a missing field': ['await actions.user.create({ name: "Kim" });', 'TS2345', 'TS2741'],
  'a field of another type': ['await actions.user.get({ id: "1" });', 'TS2322'],
  'data that was not looked at': ['(await actions.user.get({ id: 1 })).data.name;', 'TS2532'],
  'the name of no action': ['await actions.user.remove({ id: 1 });', 'TS2339'],
};

let failed = false;
function say(good, what, more = '') {
  failed ||= !good;
  console.log(`${good ? 'ok   ' : 'FAIL '} ${what}${good ? '' : `\n${more}`}`);
}

async function compile(compiler, folder, options, files) {
  // devalue's own types know of more than ES2022; of ours, only those beside the plain module are a library's.
  const skipLibCheck = folder.endsWith('typescript');
  const config = { compilerOptions: { ...STRICT, ...options, skipLibCheck }, files };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const run = spawnSync(process.execPath, [join(tools, 'node_modules', compiler), '-p', folder], { encoding: 'utf8' });
  return { good: run.status === 0, text: run.stdout + run.stderr };
}

const TESTS = { fixture: ['accepted.ts', 'refused.ts'], kit: ['kit.ts'] };

for (const [form, app] of ['typescript', 'javascript'].flatMap((form) => [[form, 'fixture'], [form, 'kit']])) {
  const folder = join(work, app, form);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await symlink(join(tools, 'node_modules'), join(folder, 'node_modules'));
  const files = form === 'typescript' ? { typescript: 'actions.ts' } : { javascript: 'actions.js', 'javascript-types': 'actions.d.ts' };
  for (const [what, name] of Object.entries(files)) await cp(join(work, `${app}.${what}`), join(folder, name));
  await cp(join(here, 'types'), folder, { recursive: true });
  for (const [what, [line]] of Object.entries(app === 'fixture' ? REFUSED : {})) {
    await writeFile(join(folder, `${what.replaceAll(' ', '-')}.ts`), `import { actions } from "./actions.js";\n\n${line}\n`);
  }
  for (const [resolution, options] of Object.entries(RESOLUTIONS)) {
    for (const [name, compiler] of Object.entries(COMPILERS)) {
      const by = `${app}, ${form}, ${resolution}, ${name}`;
      const accepted = await compile(compiler, folder, options, TESTS[app]);
      say(accepted.good, `compiles: ${by}`, accepted.text);
      for (const [what, [, ...codes]] of Object.entries(app === 'fixture' ? REFUSED : {})) {
        const { good, text } = await compile(compiler, folder, options, [`${what.replaceAll(' ', '-')}.ts`]);
        const found = text.match(/TS\d+/g) ?? [];
        say(!good && found.length === 1 && codes.includes(found[0]), `refuses ${what}: ${by}`, text || 'it compiles');
      }
    }
  }
}

const module = await readFile(join(work, 'fixture.javascript'));
const runtime = await readFile(join(here, '../../../core/src/export/typescript/plain.js'));
const size = (bytes) => `${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} gzipped`;
console.log(`the runtime of the plain module: ${size(runtime)}`);
console.log(`with the fixture's ${module.toString().match(/^ {2}\[/gm).length} actions: ${size(module)}`);
say(gzipSync(runtime, { level: 9 }).length < 4500, 'the runtime is below 4.5 kB');
process.exit(failed ? 1 : 0);
