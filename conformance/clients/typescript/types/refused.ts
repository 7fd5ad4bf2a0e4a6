// What has to be refused: where a line that is expected to fail compiles, the compiler says so.

import { actions, createActions, enhance, getActionPath, isInputError } from "./actions.js";

export async function refused(): Promise<void> {
  // @ts-expect-error a field is missing
  await actions.user.create({ name: "Kim" });
  // @ts-expect-error a field is of another type
  await actions.user.get({ id: "1" });
  // @ts-expect-error a field is unknown
  await actions.user.get({ id: 1, name: "Kim" });
  // @ts-expect-error an input is needed
  await actions.user.get();
  // @ts-expect-error no input is taken
  await actions.zero(5);
  // @ts-expect-error JSON actions take no forms
  await actions.user.get(new FormData());
  // @ts-expect-error a raw form is no object
  await actions.plainForm({ a: "b" });
  // @ts-expect-error a file is no text
  await actions.upload({ file: "a.txt" });
  // @ts-expect-error a date is no text
  await actions.types({ str: "", num: 1, bool: true, coerceBool: true, arr: [], nums: [], bools: [], date: "2024-01-01" });
  // @ts-expect-error no such action
  await actions.user.remove({ id: 1 });
  // @ts-expect-error a group is no action
  await actions.user({ id: 1 });
  // @ts-expect-error an option is unknown
  await actions.zero(undefined, { timeout: 5 });
  // @ts-expect-error a redirect is followed where data is asked for
  await actions.zero.orThrow(undefined, { redirect: "manual" });
  // @ts-expect-error one of the variants, and no other
  await actions.discriminated({ shape: { kind: "circle", side: 1 } });
  // @ts-expect-error one of the constants, and no other
  await actions.customMessages({ name: "Kim", age: 20, mode: "c" });

  const result = await actions.user.get({ id: 1 });
  // @ts-expect-error data is there only without an error
  result.data.name;
  // @ts-expect-error an error has no fields unless it is of the input
  result.error?.fields;
  if (isInputError(result.error)) {
    // @ts-expect-error another action's field
    result.error.fields.email;
    // @ts-expect-error a field may have nothing wrong with it
    result.error.fields.id.length;
  }
  if (!result.error) {
    // @ts-expect-error a property is unknown
    result.data.email;
    // @ts-expect-error data does not change
    actions.user = result.data;
  }
  // @ts-expect-error nothing is there to be read
  (await actions.fireAndForget.orThrow()).length;
  // @ts-expect-error what is unknown has to be looked at first
  (await actions.echo.orThrow(1)).a;

  // @ts-expect-error only an action has a path
  getActionPath("user.get");
  // @ts-expect-error only an action that takes forms enhances one
  enhance(document.createElement("form"), actions.user.get);
  // @ts-expect-error only a form is enhanced
  enhance(document.createElement("div"), actions.comment);
  // @ts-expect-error another action's data
  enhance(document.createElement("form"), actions.comment, { onData: (data: { id: number }) => void data.id });
  // @ts-expect-error a base is a text
  createActions({ base: new URL("https://example.com") });
}
