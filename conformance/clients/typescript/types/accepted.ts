// Lines that have to compile. They are never run.

import {
  type Action,
  ActionError,
  type ActionErrorCode,
  type ActionFields,
  type ActionInput,
  type ActionOutput,
  type Typed,
  actions,
  createActions,
  enhance,
  getActionPath,
  isActionError,
  isInputError,
} from "./actions.js";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const assertEqual = <A, B>(_: Equal<A, B>): void => {};

// A check of `data` or of `error` narrows the other.
export async function discriminated(): Promise<void> {
  const { data, error } = await actions.user.get({ id: 1 });
  if (error) {
    assertEqual<typeof data, undefined>(true);
    assertEqual<typeof error.code, ActionErrorCode>(true);
    const status: number = error.status;
    throw new Error(`${status}`, { cause: error });
  }
  assertEqual<typeof data, { id: number; name: string }>(true);
  const name: string = data.name;
  void name;
  const other = await actions.user.get({ id: 1 });
  if (other.data === undefined) assertEqual<typeof other.error, ActionError<"id">>(true);
  const thrown: string = (await actions.user.get.orThrow({ id: 1 })).name;
  void thrown;
}

// The error of an invalid input has the fields of its action.
export async function fields(): Promise<void> {
  const { error } = await actions.user.create({ name: "Kim", email: "kim@example.com" });
  if (isInputError(error)) {
    assertEqual<typeof error.fields, { readonly name?: string[]; readonly email?: string[] }>(true);
    const first: string | undefined = error.fields.email?.[0];
    const at: readonly (string | number)[] | undefined = error.issues[0]?.path;
    void [first, at];
  } else if (isActionError(error)) {
    const code: ActionErrorCode = error.code;
    void code;
  }
  try {
    await actions.user.get.orThrow({ id: 1 });
  } catch (problem) {
    if (isInputError(problem)) void (problem.fields["id"]?.[0] satisfies string | undefined);
    if (isActionError(problem)) void problem.status;
  }
}

// Optional inputs may be omitted.
export async function inputs(signal: AbortSignal): Promise<void> {
  await actions.zero();
  await actions.zero(undefined, { signal, headers: { "x-probe": "1" } });
  await actions.optionalObject();
  await actions.optionalObject(null);
  await actions.optionalObject({ a: "b" });
  await actions.echo({ any: [new Date(), 5n, new Map([["a", new Set([1])]])] });
  await actions["with space"]({ name: "Kim" });
  await actions.comment(new FormData());
  await actions.comment({ channel: "a", comment: "b" });
  await actions.upload({ file: new File(["a"], "a.txt") });
  await actions.types({ str: "a", num: 1, bool: true, coerceBool: false, arr: [], nums: [1], bools: [], date: new Date() });
  await actions.group.form({ v: "a" });
  await actions["form/slash"]({ v: "a" });
}

// Types that JSON lacks keep their type.
export async function outputs(): Promise<void> {
  assertEqual<ActionOutput<typeof actions.dateOnly>, Date>(true);
  assertEqual<ActionOutput<typeof actions.urlOnly>, URL>(true);
  assertEqual<ActionOutput<typeof actions.mapOfMaps>, Map<unknown, unknown>>(true);
  assertEqual<ActionOutput<typeof actions.undefinedInArray>, (number | undefined)[]>(true);
  assertEqual<ActionOutput<typeof actions.fireAndForget>, undefined>(true);
  const shared: bigint = (await actions.sharedPrimitives.orThrow()).g;
  const tags: Set<string> = (await actions.formComplex.orThrow(new FormData())).tags;
  const query: URLSearchParams = (await actions.searchParams.orThrow()).q;
  void [shared, tags, query];
}

// Helper types give the types of an action.
export function types(): void {
  assertEqual<ActionInput<typeof actions.user.get>, { id: number }>(true);
  const input: ActionInput<typeof actions.user.get> = { id: 1 };
  const field: ActionFields<typeof actions.user.create> = "email";
  const typed: Pick<Typed, "enum" | "tuple" | "record" | "union"> = { enum: "red", tuple: ["a", 1], record: { a: 1 }, union: 1 };
  void [input, field, typed];
}

// `redirect: "manual"` adds the redirect to the result.
export async function redirects(): Promise<void> {
  const result = await actions.zero(undefined, { redirect: "manual" });
  if (result.redirect !== undefined) assertEqual<typeof result.redirect, string>(true);
  else if (!result.error) void (result.data satisfies number);
}

export async function others(): Promise<void> {
  const remote = createActions({ base: "https://example.com/app", trailingSlash: true, headers: { authorization: "x" }, fetch });
  await remote.zero();
  const target: string = String(actions.user.get) + `${actions.zero}` + getActionPath(actions.user.get);
  const form = document.createElement("form");
  form.action = String(actions.comment);
  const { abort, destroy } = enhance(form, actions.comment, {
    onData: (data) => void (data.comment satisfies string),
    onError: (error) => isInputError(error) && void (error.fields.channel satisfies string[] | undefined),
  });
  abort();
  destroy();
  // An action can be passed to a component.
  const passed: Action<{ id: number }, { id: number; name: string }, "id"> = actions.user.get;
  const handler: (form: FormData) => Promise<unknown> = actions.comment;
  void [target, passed, handler];
}
