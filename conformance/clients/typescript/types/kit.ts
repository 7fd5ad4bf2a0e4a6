// Types with unusual shapes, and names with a meaning in JavaScript. The file is compiled and never run.

import {
  type ActionFields,
  type ActionInput,
  type ActionOutput,
  type Direction,
  type Error2,
  type Everything,
  type Event,
  type Json,
  type Page2,
  type Tree,
  actions,
} from "./actions.js";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const assertEqual = <A, B>(_: Equal<A, B>): void => {};

export function shapes(): void {
  assertEqual<Everything["maybe"], Date | null>(true);
  assertEqual<Everything["places"], Map<{ x: number; y: number }, URL[]>>(true);
  assertEqual<Everything["set"], Set<bigint>>(true);
  assertEqual<Everything["bytes"], Uint8Array>(true);
  assertEqual<Direction, "south" | "far-north">(true);
  assertEqual<Error2["promise"]["kept"], boolean>(true);
  assertEqual<Page2["items"], string[]>(true);
  assertEqual<ActionFields<typeof actions.types.shapes>, string>(true);
  assertEqual<ActionFields<typeof actions.go.near>, never>(true);
  assertEqual<ActionOutput<typeof actions.types.sheet>["files"], [string, number][]>(true);
  const input: ActionInput<typeof actions.types.everything>["samples"] = new Float64Array(1);
  // @ts-expect-error a Uint8Array has a Rust type of its own
  const bytes: ActionInput<typeof actions.types.everything>["samples"] = new Uint8Array(1);
  const tree: Tree = { label: "", children: [], parent: null };
  const json: Json = { a: [1, "b", null, { c: [true] }] };
  const moved: Event = { kind: "Moved", x: 1 };
  // @ts-expect-error `Idle` has no field `x`
  const idle: Event = { kind: "Idle", x: 1 };
  // @ts-expect-error a function is not JSON
  const none: Json = () => 1;
  void [input, bytes, tree, json, moved, idle, none];
}

export async function names(): Promise<void> {
  const { blog } = actions;
  const texts: string[] = [
    await blog.like.orThrow(),
    await blog.then.orThrow(),
    await blog.bind.orThrow(),
    await blog.apply.orThrow(),
    await blog.toString.orThrow(),
    await blog.toJSON.orThrow(),
    await blog.constructor.orThrow(),
    await blog.orThrow.orThrow(),
    await blog.name.orThrow(),
    await actions.then.orThrow(),
    await actions.hasOwnProperty.orThrow(),
    await actions["quote\"'`${x}"].orThrow(),
    await actions[1][2].orThrow(),
    await actions.a[""].b.orThrow(),
  ];
  const { data } = await blog();
  void (data satisfies string | undefined);
  // @ts-expect-error an action named `orThrow` hides the method
  void ((await blog.orThrow()) satisfies string);
  void texts;
}
