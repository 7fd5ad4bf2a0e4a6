// Lines that must not compile. The compiler reports each of them that compiles.

import { actions, createActions, enhance, getActionPath, isInputError } from "./actions.js";

export async function refused(): Promise<void> {
  // @ts-expect-error a field is missing
  await actions.user.create({ name: "Kim" });
  // @ts-expect-error a field has the wrong type
  await actions.user.get({ id: "1" });
  // @ts-expect-error a field is unknown
  await actions.user.get({ id: 1, name: "Kim" });
  // @ts-expect-error the input is required
  await actions.user.get();
  // @ts-expect-error the action has no input
  await actions.zero(5);
  // @ts-expect-error a JSON action does not accept a form
  await actions.user.get(new FormData());
  // @ts-expect-error a raw form is not an object
  await actions.plainForm({ a: "b" });
  // @ts-expect-error a file is not a string
  await actions.upload({ file: "a.txt" });
  // @ts-expect-error a date is not a string
  await actions.types({ str: "", num: 1, bool: true, coerceBool: true, arr: [], nums: [], bools: [], date: "2024-01-01" });
  // @ts-expect-error the action does not exist
  await actions.user.remove({ id: 1 });
  // @ts-expect-error a group is not an action
  await actions.user({ id: 1 });
  // @ts-expect-error the option does not exist
  await actions.zero(undefined, { timeout: 5 });
  // @ts-expect-error `orThrow` always follows redirects
  await actions.zero.orThrow(undefined, { redirect: "manual" });
  // @ts-expect-error the field belongs to another variant
  await actions.discriminated({ shape: { kind: "circle", side: 1 } });
  // @ts-expect-error the constant is not allowed
  await actions.customMessages({ name: "Kim", age: 20, mode: "c" });

  const result = await actions.user.get({ id: 1 });
  // @ts-expect-error data may be undefined
  result.data.name;
  // @ts-expect-error only the error of an invalid input has fields
  result.error?.fields;
  if (isInputError(result.error)) {
    // @ts-expect-error the field belongs to another action
    result.error.fields.email;
    // @ts-expect-error a field may have no messages
    result.error.fields.id.length;
  }
  if (!result.error) {
    // @ts-expect-error the property does not exist
    result.data.email;
    // @ts-expect-error actions are read-only
    actions.user = result.data;
  }
  // @ts-expect-error the action has no output
  (await actions.fireAndForget.orThrow()).length;
  // @ts-expect-error an unknown value has to be checked first
  (await actions.echo.orThrow(1)).a;

  // @ts-expect-error a name is not an action
  getActionPath("user.get");
  // @ts-expect-error a JSON action cannot enhance a form
  enhance(document.createElement("form"), actions.user.get);
  // @ts-expect-error the element is not a form
  enhance(document.createElement("div"), actions.comment);
  // @ts-expect-error the data belongs to another action
  enhance(document.createElement("form"), actions.comment, { onData: (data: { id: number }) => void data.id });
  // @ts-expect-error the base has to be a string
  createActions({ base: new URL("https://example.com") });
}
