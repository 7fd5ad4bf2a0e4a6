// A parser of devalue 5 (https://github.com/sveltejs/devalue) for the data of actions.

/** The values that have no slot, by the numbers that stand for them. */
const CONSTANTS = new Map<unknown, unknown>([[-1, undefined], [-3, NaN], [-4, Infinity], [-5, -Infinity], [-6, -0]]);
const VIEW = /^(Big(I|Ui)nt64|(I|Ui)nt(8|16|32)|Uint8Clamped|Float(16|32|64))Array$|^DataView$/;

/**
 * Parses devalue, the format of an action's data. Use it for a result that a page contains.
 *
 * @throws {Error} if the text is not devalue.
 */
export function parse(text: string): unknown {
  const invalid = (): never => {
    throw new Error("The text is not devalue");
  };
  const check = (number: any, below: number): void => {
    if (!Number.isInteger(number) || number < 0 || number >= below) invalid();
  };
  const slots: any = JSON.parse(text);
  if (CONSTANTS.has(slots)) return CONSTANTS.get(slots);
  if (!Array.isArray(slots)) invalid();
  const done: any[] = [];

  const put = (object: any, key: unknown, place: unknown): void => {
    if (typeof key !== "string" || key === "__proto__") invalid();
    object[key as string] = read(place);
  };

  const read = (place: any): any => {
    if (CONSTANTS.has(place)) return CONSTANTS.get(place);
    check(place, slots.length);
    if (place in done) return done[place];
    const slot = slots[place];
    if (slot === null || typeof slot !== "object") return (done[place] = slot);
    if (!Array.isArray(slot)) {
      const object = (done[place] = {});
      for (const key of Object.keys(slot)) put(object, key, slot[key]);
      return object;
    }
    const [tag, first, ...more] = slot;
    if (tag === -7) {
      const array: unknown[] = (done[place] = []);
      check(first, 2 ** 32);
      array.length = first;
      for (let i = 0; i < more.length; i += 2) {
        const index = more[i];
        check(index, first);
        array[index] = read(more[i + 1]);
      }
      return array;
    }
    if (typeof tag !== "string") {
      const array: unknown[] = (done[place] = []);
      array.length = slot.length;
      slot.forEach((item, i) => item === -2 || (array[i] = read(item)));
      return array;
    }
    if (tag === "Set") {
      const set = (done[place] = new Set());
      for (const item of slot.slice(1)) set.add(read(item));
      return set;
    }
    if (tag === "Map") {
      const map = (done[place] = new Map());
      for (let i = 1; i < slot.length; i += 2) map.set(read(slot[i]), read(slot[i + 1]));
      return map;
    }
    if (tag === "null") {
      const object = (done[place] = Object.create(null));
      for (let i = 1; i < slot.length; i += 2) put(object, slot[i], slot[i + 1]);
      return object;
    }
    return (done[place] = readLeaf(tag, first, more));
  };

  // A leaf may only refer to a slot that is a leaf itself. This rules out endless recursion.
  const readLeaf = (tag: string, first: any, more: any[]): unknown => {
    const inner = slots[first];
    if (tag === "Object") return Object(typeof inner === "object" && inner?.[0] !== "BigInt" ? invalid() : read(first));
    if (VIEW.test(tag)) {
      return new (globalThis as any)[tag](Array.isArray(inner) && inner[0] === "ArrayBuffer" ? read(first) : invalid(), ...more);
    }
    // A custom reducer, such as Astro's for URLs, gives the text a slot.
    const text: any = typeof first === "number" ? inner : first;
    if (typeof text !== "string") return invalid();
    if (tag === "Date") return new Date(text);
    if (tag === "URL") return new URL(text);
    if (tag === "URLSearchParams") return new URLSearchParams(text);
    if (tag === "BigInt") return BigInt(text);
    if (tag === "RegExp") return new RegExp(text, ...more);
    if (tag === "ArrayBuffer") return Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer;
    if (tag.startsWith("Temporal.")) return (globalThis as any).Temporal[tag.slice(9)].from(text);
    return invalid();
  };

  return read(0);
}
