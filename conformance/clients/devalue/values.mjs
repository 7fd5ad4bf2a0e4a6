// Random values of every type that devalue supports. Equal seeds give equal values.

/** Creates a generator of random numbers. `next()` returns a number in [0, 1). */
export function random(seed) {
  let state = seed | 0;
  const next = () => {
    // The hash of a counter, by two rounds of multiplication and shift.
    state = (state + 0x9e3779b9) | 0;
    let hash = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  const pick = (list) => list[below(list.length)];
  return { next, below, pick, many: (max, make) => Array.from({ length: below(max + 1) }, make) };
}

const CHARACTERS = [...'ab09 "\\<>/&\'$_é漢😀€’\n\r\t\b\f\0\x1f\x7f\u2027\u2028\u2029\ufeff\ufffd'];
const TEXTS = ['', 'a', 'b', '0', '1', '-1', 'null', 'true', 'Date', 'constructor', '<script>', 'https://example.com/'];
const NUMBERS = [
  NaN, Infinity, -Infinity, -0, 0, 1, -1, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, 0.1 + 0.2, 123456789012345680000, 1e16,
  0.000001, 0.0000015, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER,
];
const KEYS = ['a', 'b', 'id', 'Set', 'null', '0', '7', '10', '01', '-1', '1.5', '4294967294', '4294967295', '4294967296'];
const URLS = [
  'https://example.com/a?b=c#d', 'http://ü.example/ä?q=<x>&y="z"', 'mailto:a@b.c', 'data:text/plain,hi', 'file:///a/b',
  'https://u:p@h:8080/%7Ex/../y', 'http://[::1]:3/', 'javascript:alert(1)', 'http://0x7f.1/',
];
const EXPRESSIONS = [['a', ''], ['^\\d+$', 'gi'], ['a/b', 'g'], ['<x>"', 'm'], ['(?<n>é)', 'u'], ['\u2028', 'dgimsy'], ['[a--b]', 'v']];
const VIEWS = [
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array,
  BigInt64Array, BigUint64Array, DataView,
];
const DATES = [0, -1, 8.64e15, -8.64e15, -62167219200000, -62167219200001, 253402300800000, NaN];

/** Creates a function that returns random values. */
export function values(seed) {
  const { next, below, pick, many } = random(seed);
  const bits = new DataView(new ArrayBuffer(8));

  const text = () => (next() < 0.4 ? pick(TEXTS) : many(next() < 0.8 ? 6 : 60, () => pick(CHARACTERS)).join(''));
  const key = () => (next() < 0.7 ? pick(KEYS) : text());
  const bytes = () => Uint8Array.from(many(12, () => many(8, () => below(256))).flat());

  const number = () => {
    switch (below(6)) {
      case 0: return pick(NUMBERS);
      case 1: return below(2 ** 32) - 2 ** 31;
      case 2: return (next() - 0.5) * 10 ** (below(50) - 25);
      case 3: return Math.fround(next());
      case 4: return Math.round(next() * 2 ** 53) * 10 ** below(12);
      default:
        bits.setUint32(0, below(2 ** 32));
        bits.setUint32(4, below(2 ** 32));
        return bits.getFloat64(0);
    }
  };
  const bigint = () => BigInt(below(2 ** 32) - 2 ** 31) ** BigInt(below(5));

  const primitive = () => {
    switch (below(8)) {
      case 0: return null;
      case 1: return undefined;
      case 2: return next() < 0.5;
      case 3: return bigint();
      case 4: case 5: return number();
      default: return text();
    }
  };

  const view = () => {
    const View = pick(VIEWS);
    const size = View.BYTES_PER_ELEMENT ?? 1;
    const { buffer } = new Uint8Array(size * below(6));
    new Uint8Array(buffer).forEach((_, i, all) => (all[i] = below(256)));
    if (next() < 0.5) return new View(buffer);
    const start = below(buffer.byteLength / size + 1);
    return new View(buffer, start * size, below(buffer.byteLength / size - start + 1));
  };

  const sparse = (inner) => {
    const array = [];
    array.length = pick([1, 3, 20, 1e6, 4294967295]);
    for (let count = below(4); count > 0; count -= 1) array[below(Math.min(array.length, pick([3, 20, 4294967295])))] = inner();
    return array;
  };

  const filled = (object, inner) => {
    for (const name of many(6, key)) if (name !== '__proto__') object[name] = inner();
    return object;
  };

  const value = (depth) => {
    if (depth === 0 || next() < 0.3) return primitive();
    const inner = () => value(depth - 1);
    switch (below(14)) {
      case 0: case 1: case 2: return filled({}, inner);
      case 3: return filled(Object.create(null), inner);
      case 4: case 5: return many(6, inner);
      case 6: return sparse(inner);
      case 7: return new Map(many(4, () => [inner(), inner()]));
      case 8: return new Set(many(4, inner));
      case 9: return new Date(next() < 0.5 ? pick(DATES) : Math.floor((next() - 0.5) * 1.7e16));
      case 10: return new RegExp(...pick(EXPRESSIONS));
      case 11: return next() < 0.5 ? new URL(pick(URLS)) : new URLSearchParams(many(3, () => [text().toWellFormed(), text().toWellFormed()]));
      case 12: return next() < 0.3 ? bytes().buffer : view();
      default: return Object(pick([true, number(), text(), bigint()]));
    }
  };
  return () => value(1 + below(5));
}

/** Inserts some of a value's containers into each other, which may create cycles. */
export function tie(value, seed) {
  const { below, pick } = random(seed);
  const containers = [];
  const collect = (part) => {
    if (part instanceof Map) containers.push(part), part.forEach((inner, key) => (collect(key), collect(inner)));
    else if (part instanceof Set) containers.push(part), part.forEach(collect);
    else if (Array.isArray(part) || (part && [Object.prototype, null].includes(Object.getPrototypeOf(part)))) {
      containers.push(part);
      Object.values(part).forEach(collect);
    }
  };
  collect(value);
  for (let ties = containers.length && below(4); ties > 0; ties -= 1) {
    const [from, to] = [pick(containers), pick(containers)];
    if (from instanceof Map) from.set(to, to);
    else if (from instanceof Set) from.add(to);
    else if (!Array.isArray(from)) from.tie = to;
    else if (from.length < 100) from.push(to);
  }
  return value;
}
