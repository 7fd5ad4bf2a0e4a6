// Compares three implementations of devalue: the npm package, the one in Rust, and the parser in the client's plain module.
// Arguments: the folder of the tools, the plain module, the program that parses and serializes lines, a seed.

import { equal, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { random, tie, values } from './values.mjs';

const [tools, module, program] = process.argv.slice(2, 5).map((path) => resolve(path));
const seed = Number(process.argv[5] ?? 1);
const { parse: theirs, stringify } = await import(pathToFileURL(createRequire(join(tools, 'package.json')).resolve('devalue')));
const { parse: ours } = await import(pathToFileURL(module));

const COUNT = 10_000;
// Like Astro's servers and clients.
const write = (value) => stringify(value, { URL: (value) => value instanceof URL && value.href }).toWellFormed();
const read = (text) => theirs(text, { URL: (href) => new URL(href) });

let failed = false;
function test(name, run) {
  try {
    console.log(`ok    ${name}${run() ?? ''}`);
  } catch (error) {
    failed = true;
    console.log(`FAIL  ${name} (seed ${seed})\n      ${String(error.message).slice(0, 3000).replaceAll('\n', '\n      ')}`);
  }
}

/** Parses and serializes each text in Rust. */
function echo(texts) {
  const { status, stdout, stderr } = spawnSync(program, { input: texts.join('\n'), maxBuffer: 2 ** 30, encoding: 'utf8' });
  equal(status, 0, stderr);
  return stdout.split('\n').slice(0, -1);
}

/** Returns the same text with the entries of objects in another order. */
function shuffle(text, { below }) {
  const slots = JSON.parse(text);
  if (typeof slots === 'number') return text;
  const slot = (value) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return JSON.stringify(value);
    const entries = Object.entries(value).map(([key, place]) => `${JSON.stringify(key)} : ${place}`);
    for (let i = entries.length - 1; i > 0; i -= 1) {
      const other = below(i + 1);
      [entries[i], entries[other]] = [entries[other], entries[i]];
    }
    return `{ ${entries.join(' ,\t')} }`;
  };
  return `[ ${slots.map(slot).join(', ')}]`;
}

const next = values(seed);
const texts = Array.from({ length: COUNT }, () => write(next()));
const size = `: ${COUNT} values, ${texts.join('').length} characters, seed ${seed}`;

test('Rust parses the output of npm, and serializes it to the same bytes', () => {
  echo(texts).forEach((text, i) => equal(text, texts[i]));
  return size;
});

test('npm parses the output of Rust', () => {
  const generator = random(seed);
  const others = texts.map((text) => shuffle(text, generator));
  const wanted = others.map((text) => write(read(text)));
  // npm serializes the keys of an object in JavaScript's order, so the original order is lost.
  echo(others).forEach((text, i) => equal(write(read(text)), wanted[i], others[i]));
});

test('Rust parses the output of npm without a reducer for URL', () => {
  const make = values(seed);
  const plain = Array.from({ length: COUNT }, () => stringify(make()).toWellFormed());
  echo(plain).forEach((text, i) => equal(text, write(read(plain[i])), plain[i]));
});

test('the plain module parses like npm', () => {
  texts.forEach((text) => equal(write(ours(text)), write(read(text)), text));
});

test('the plain module parses cyclic values like npm', () => {
  const make = values(seed + 1);
  let cycles = 0;
  for (let i = 0; i < COUNT; i += 1) {
    const text = write(tie(make(), seed + i));
    equal(write(ours(text)), write(read(text)), text);
    cycles += /"tie"/.test(text);
  }
  ok(cycles > COUNT / 50);
});

const HOSTILE = [
  '', 'x', 'null', '"a"', '{}', '[]', '-2', '-7', '0', '1.5', 'true', '[[1]]', '[[-8]]', '[[0.5]]', '[["a"]]', '[[null]]',
  '[{"a":"0"}]', '[{"a":5}]', '[{"__proto__":1},{"polluted":2},true]', '[["null","__proto__",1],{"polluted":2},true]',
  '[["null",5,1],1]', '[["Set",5]]', '[["Map",1],1]', '[["Unknown",1],1]', '[["constructor",1],1]', '[["__proto__",1],1]',
  '[["Object",0]]', '[["Object",1],["Object",0]]', '[["Object",1],{}]', '[["Object",1],null]', '[["URL",0]]', '[["URL",1],["URL",0]]', '[["URL",1],{}]',
  '[["BigInt","x"]]', '[["BigInt",{}]]', '[["RegExp","("]]', '[["RegExp","a","gg"]]', '[["ArrayBuffer",1],2]', '[["ArrayBuffer","*"]]',
  '[["Uint8Array",0]]', '[["Uint8Array",1],99999999999]', '[["Uint8Array",1],{"length":9999999999}]', '[["Uint8Array",1],["Set",0]]',
  '[["Uint16Array",1],["ArrayBuffer","AAAA"]]', '[["Uint8Array",1,9,9],["ArrayBuffer","AA=="]]', '[["Float64Array",1,1],["ArrayBuffer","AAAAAAAAAAA="]]',
  '[["Function",1],"return 1"]', '[["eval",1],"1"]', '[["Array",1],["ArrayBuffer",""]]', '[["SharedArrayBuffer",1],["ArrayBuffer",""]]',
  '[[-7,-1]]', '[[-7,4294967296]]', '[[-7,1.5]]', '[[-7,"5"]]', '[[-7,3,3,1],1]', '[[-7,3,-1,1],1]', '[[-7,3,"length",1],1]', '[[-7,3,0.5,1],1]',
  '[["Temporal.PlainDate","x"]]', '[["Temporal.constructor","x"]]', '[["Date"]]',
];

test('the plain module refuses invalid texts without endless recursion', () => {
  const accepted = HOSTILE.filter((text) => {
    try {
      ours(text);
      return true;
    } catch (problem) {
      // With texts as short as these, only endless recursion exhausts the stack.
      ok(!(problem instanceof RangeError && /call stack/.test(problem.message)), text);
      return false;
    }
  });
  equal(accepted.join('\n'), '', 'accepted');
  equal({}.polluted, undefined);
});

test('the plain module parses damaged texts like npm or refuses them, and changes no prototype', () => {
  const { below, pick } = random(seed);
  const tokens = ['0', '1', '-1', '-7', '99', '"', '[', ']', '{', '}', ',', '"__proto__"', '"Object"', '"URL"', '"Uint8Array"', '"Map"', 'null', '1e9'];
  const wrong = [0, 1, 2, -1, -2, -7, 7.5, 1e9, '0', 'URL', 'Object', 'Uint8Array', 'null', '', null, [], [0], {}, ['URL', 0], ['Object', 0], ['Set', 0]];
  let refused = 0;
  const before = Object.getOwnPropertyNames(Object.prototype).join();
  const attempt = (run) => {
    try {
      return { text: run() };
    } catch {
      return {};
    }
  };
  /** Replaces a number, name or list by another one. */
  const damageSlot = (text) => {
    const slots = JSON.parse(text);
    if (typeof slots === 'number') return text;
    const at = below(slots.length);
    const slot = slots[at];
    if (slot !== null && typeof slot === 'object' && below(4)) slot[pick([...Object.keys(slot), '__proto__'])] = pick(wrong);
    else slots[at] = pick(wrong);
    return JSON.stringify(slots);
  };
  const damageText = (text) => {
    const at = below(text.length + 1);
    return text.slice(0, at) + pick(tokens) + text.slice(at + below(3));
  };
  for (const text of texts) {
    const damaged = below(4) ? damageSlot(text) : damageText(text);
    const [mine, other] = [attempt(() => write(ours(damaged))), attempt(() => write(read(damaged)))];
    refused += mine.text === undefined;
    if (mine.text !== undefined && other.text !== undefined) equal(mine.text, other.text, damaged);
  }
  equal(Object.getOwnPropertyNames(Object.prototype).join(), before);
  return `: ${refused} of ${COUNT} refused`;
});

test('Rust refuses invalid texts, except for patterns and dates that it does not check', () => {
  const accepted = echo(HOSTILE).flatMap((text, i) => (text.startsWith('!') ? [] : [HOSTILE[i]]));
  equal(accepted.join('\n'), '[["RegExp","("]]\n[["Temporal.PlainDate","x"]]');
});
process.exit(failed ? 1 : 0);
