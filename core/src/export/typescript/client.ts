import type { Actions } from "./actions.js";
import { parse } from "./devalue.js";
declare const ACTIONS: readonly (readonly [name: string, isForm: boolean])[];
declare const BASE: string;

export { about, follow, parse };

/** Why an action failed, by the names of HTTP's statuses. */
export type ActionErrorCode =
  | "BAD_REQUEST"
  | "UNAUTHORIZED"
  | "PAYMENT_REQUIRED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "METHOD_NOT_ALLOWED"
  | "NOT_ACCEPTABLE"
  | "PROXY_AUTHENTICATION_REQUIRED"
  | "REQUEST_TIMEOUT"
  | "CONFLICT"
  | "GONE"
  | "LENGTH_REQUIRED"
  | "PRECONDITION_FAILED"
  | "CONTENT_TOO_LARGE"
  | "URI_TOO_LONG"
  | "UNSUPPORTED_MEDIA_TYPE"
  | "RANGE_NOT_SATISFIABLE"
  | "EXPECTATION_FAILED"
  | "MISDIRECTED_REQUEST"
  | "UNPROCESSABLE_CONTENT"
  | "LOCKED"
  | "FAILED_DEPENDENCY"
  | "TOO_EARLY"
  | "UPGRADE_REQUIRED"
  | "PRECONDITION_REQUIRED"
  | "TOO_MANY_REQUESTS"
  | "REQUEST_HEADER_FIELDS_TOO_LARGE"
  | "UNAVAILABLE_FOR_LEGAL_REASONS"
  | "INTERNAL_SERVER_ERROR"
  | "NOT_IMPLEMENTED"
  | "BAD_GATEWAY"
  | "SERVICE_UNAVAILABLE"
  | "GATEWAY_TIMEOUT"
  | "HTTP_VERSION_NOT_SUPPORTED"
  | "VARIANT_ALSO_NEGOTIATES"
  | "INSUFFICIENT_STORAGE"
  | "LOOP_DETECTED"
  | "NETWORK_AUTHENTICATION_REQUIRED";

/** One thing wrong with an input. */
export interface Issue {
  readonly code: string;
  /** Names and indices from the input's root; empty for the input as a whole. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

declare const types: unique symbol;

/** Why an action failed. `Fields` are the names of its input's fields. */
export class ActionError<Fields extends string = string> extends Error {
  declare readonly [types]?: Fields;
  readonly type: "AstroActionError" | "AstroActionInputError" = "AstroActionError";
  readonly code: ActionErrorCode;
  readonly status: number;

  constructor(error: { code: ActionErrorCode; status: number; message?: string | undefined }) {
    super(error.message);
    this.name = "ActionError";
    this.code = error.code;
    this.status = error.status;
  }
}

/** An input that was refused: what is wrong with it, in order, and by field. */
export class ActionInputError<Fields extends string = string> extends ActionError<Fields> {
  override readonly type = "AstroActionInputError";
  readonly issues: readonly Issue[];
  /** The messages by the first name of their paths. */
  readonly fields: { readonly [Field in Fields]?: string[] };

  constructor(issues: readonly Issue[]) {
    super({ code: "BAD_REQUEST", status: 400, message: issues.map((issue) => issue.message).join(". ") });
    this.issues = issues;
    const fields = Object.create(null);
    for (const { path, message } of issues) if (path.length) (fields[path[0]!] ??= []).push(message);
    this.fields = fields;
  }
}

/** Whether it is the error of an action, thrown or returned. */
export function isActionError(error: unknown): error is ActionError {
  return error instanceof ActionError;
}

/** Whether it is the error of an input that was refused, which has `issues` and `fields`. */
export function isInputError<Fields extends string>(error: ActionError<Fields> | undefined): error is ActionInputError<Fields>;
export function isInputError(error: unknown): error is ActionInputError;
export function isInputError(error: unknown): error is ActionInputError {
  return error instanceof ActionInputError;
}

/** What came of a call: data, or an error. */
export type ActionResult<Output, Fields extends string = string> =
  | { data: Output; error: undefined; redirect?: undefined }
  | { data: undefined; error: ActionError<Fields>; redirect?: undefined };

/** What came of a call that was to be told of redirects: where the action sends its caller. */
export interface Redirected {
  data: undefined;
  error: undefined;
  redirect: string;
}

/** How one call is made. */
export interface CallOptions {
  /** Ends the call: its promise is rejected with the signal's reason. */
  signal?: AbortSignal | undefined;
  headers?: HeadersInit | undefined;
  /**
   * What becomes of an action's redirect. By default the browser goes there, and the promise stays open. With `"manual"`
   * the result has its address as `redirect`.
   */
  redirect?: "follow" | "manual" | undefined;
  /** Is told how many bytes of how many were sent. In browsers only, and not by a client with a `fetch` of its own. */
  onUpload?: ((sent: number, total: number) => void) | undefined;
}

/** How all calls of a client are made. */
export interface ClientOptions {
  /** What the actions' paths follow: another base, or an origin where there is no page (`https://example.com`). */
  base?: string | undefined;
  /** Whether paths end in a slash. */
  trailingSlash?: boolean | undefined;
  headers?: HeadersInit | undefined;
  /** Sends every call in place of the page's own; what it sends, `onUpload` is not told of. */
  fetch?: typeof fetch | undefined;
}

type Arguments<Input, Options> = undefined extends Input
  ? [input?: Input, options?: Options]
  : [input: Input, options?: Options];

/**
 * An action, to be called. As a text it is what a form has for its `action`.
 *
 * An action that takes a form takes an object of its type as well, which is sent as the fields of one. A form has no word for
 * `null` and for an empty list: they are left out. So a boolean arrives as false, a list as an empty one, and what has a
 * default as that; an optional list of objects arrives as an empty one.
 */
export interface ActionCall<Input, Output, Fields extends string = never> {
  <Options extends CallOptions = CallOptions>(
    ...args: Arguments<Input, Options>
  ): Promise<ActionResult<Output, Fields> | (Options extends { redirect: "manual" } ? Redirected : never)>;
  readonly [types]?: { input(input: Input): void; output: Output; fields: Fields };
}

/** An action, to be called. */
export interface Action<Input, Output, Fields extends string = never> extends ActionCall<Input, Output, Fields> {
  /** The same, where an error is thrown. */
  readonly orThrow: (...args: Arguments<Input, Omit<CallOptions, "redirect">>) => Promise<Output>;
}

type AnyAction = { readonly [types]?: { input(input: never): void; output: unknown; fields: string } };

/** What an action takes: `ActionInput<typeof actions.blog.like>`. */
export type ActionInput<A extends AnyAction> = NonNullable<A[typeof types]> extends { input(input: infer I): void } ? I : never;
/** What an action gives. */
export type ActionOutput<A extends AnyAction> = NonNullable<A[typeof types]>["output"];
/** The names of an action's fields. */
export type ActionFields<A extends AnyAction> = NonNullable<A[typeof types]>["fields"];

const about = new WeakMap<object, { name: string; path: string }>();

/** The path of an action, for requests of your own. */
export function getActionPath(action: AnyAction): string {
  return about.get(action)!.path;
}

const base64 = (bytes: Uint8Array): string => {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};

/** What JSON lacks, as the server reads it. */
const plain = (value: any): unknown => {
  if (value instanceof Map || value instanceof Set) return [...value];
  if (typeof value === "bigint" || value instanceof URLSearchParams) return String(value);
  if (value instanceof RegExp) return { source: value.source, flags: value.flags };
  if (value instanceof ArrayBuffer) return base64(new Uint8Array(value));
  if (value instanceof Uint8Array) return base64(value);
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    return { kind: (value as any)[Symbol.toStringTag], buffer: base64(new Uint8Array(buffer, byteOffset, byteLength)) };
  }
  return value?.toJSON ? value.toJSON() : value;
};

function toJson(input: unknown): string {
  return JSON.stringify(input ?? null, function (this: any, key) {
    return plain(this[key]);
  });
}

/**
 * Names the fields as the server reads them: `address.street`, `items[0].name`, and a list's values by repetition.
 *
 * What is null is left out, as a form has no word for it. An object of nothing else is told to be there by a field without a name.
 */
function toFormData(input: unknown): FormData {
  const form = new FormData();
  const put = (name: string, value: any): true => (form.append(name, value), true);
  /** Whether there was anything to send. */
  const add = (name: string, given: unknown): boolean => {
    const value: any = plain(given);
    if (value instanceof Blob) return put(name, value);
    if (Array.isArray(value)) {
      const sent = value.map((item, i) => {
        const nested = Object(plain(item)) === plain(item) && !(item instanceof Blob);
        return add(nested ? `${name}[${i}]` : name, item ?? "");
      });
      return sent.includes(true);
    }
    if (Object(value) === value) {
      const sent = Object.keys(value).map((key) => add(name ? `${name}.${key}` : key, value[key]));
      return sent.includes(true) || (name !== "" && sent.length > 0 && put(`${name}.`, ""));
    }
    return value != null && put(name, String(value));
  };
  add("", input);
  return form;
}

type Answer = [status: number, body: string, redirect: string | null];

async function viaFetch(url: string, init: RequestInit, send: typeof fetch): Promise<Answer> {
  const response = await send(url, init);
  return [response.status, await response.text(), response.headers.get("enact-redirect")];
}

/** `fetch` tells nothing of how far an upload is. */
function viaXhr(url: string, body: XMLHttpRequestBodyInit, headers: Headers, options: CallOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { signal, onUpload } = options;
    signal?.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open("POST", url);
    headers.forEach((value, name) => request.setRequestHeader(name, value));
    request.upload.onprogress = (event) => onUpload!(event.loaded, event.total);
    request.onload = () => resolve([request.status, request.responseText, request.getResponseHeader("enact-redirect")]);
    request.onerror = () => reject(new TypeError("Failed to fetch"));
    // A page that is left ends it as well.
    request.onabort = () => reject(signal?.aborted ? signal.reason : new TypeError("Failed to fetch"));
    request.onloadend = () => signal?.removeEventListener("abort", abort);
    signal?.addEventListener("abort", abort);
    request.send(body);
  });
}

/** What a gateway says by its status. All else is its own fault. */
const CODES: Readonly<Record<number, ActionErrorCode>> = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  405: "METHOD_NOT_ALLOWED",
  413: "CONTENT_TOO_LARGE",
  429: "TOO_MANY_REQUESTS",
  500: "INTERNAL_SERVER_ERROR",
  503: "SERVICE_UNAVAILABLE",
  504: "GATEWAY_TIMEOUT",
};

/** The error that an answer is, or the one that stands for an answer of nobody's action. */
function toError(answered: number, text: string): ActionError {
  let body: any;
  try {
    body = JSON.parse(text);
    if (body.type === "AstroActionInputError") return new ActionInputError(body.issues);
  } catch {
    // A proxy's page, for one.
  }
  const status = answered < 400 ? 502 : answered;
  const ours = body?.type === "AstroActionError";
  const message = ours ? body.message : `Unexpected response of status ${answered}`;
  return new ActionError({ code: (ours && body.code) || CODES[status] || "BAD_GATEWAY", status, message });
}

/** Asks for the page anew, also where only the fragment is another. */
function follow(target: string): void {
  const to = new URL(target, location.href);
  const here = location.href.split("#")[0];
  location.assign(to);
  if (to.hash && to.href.split("#")[0] === here) location.reload();
}

async function call(path: string, client: ClientOptions, isForm: boolean, input: unknown, options: CallOptions) {
  const headers = new Headers(client.headers);
  new Headers(options.headers).forEach((value, name) => headers.set(name, value));
  headers.set("accept", "application/json");
  let body: string | FormData;
  if (isForm) {
    body = input instanceof FormData ? input : toFormData(input);
  } else {
    body = toJson(input);
    headers.set("content-type", "application/json");
  }
  const init = { method: "POST", body, headers, signal: options.signal ?? null };
  const [status, text, redirect] =
    options.onUpload && !client.fetch && typeof XMLHttpRequest === "function"
      ? await viaXhr(path, body, headers, options)
      : await viaFetch(path, init, client.fetch ?? fetch);
  if (status < 200 || status > 299) return { data: undefined, error: toError(status, text) };
  if (redirect !== null) {
    if (options.redirect === "manual") return { data: undefined, error: undefined, redirect };
    if (typeof document === "undefined") {
      throw new Error(`The action redirects to ${redirect}: call it with { redirect: "manual" }`);
    }
    follow(redirect);
    return new Promise(() => {});
  }
  try {
    return { data: status === 204 ? undefined : parse(text), error: undefined };
  } catch {
    return { data: undefined, error: toError(status, text) };
  }
}

const set = (object: object, key: PropertyKey, value: unknown, enumerable = false): void => {
  Object.defineProperty(object, key, { value, enumerable, configurable: true });
};

/** Makes the tree of actions. A name stands before those that it begins. */
function define(names: readonly (readonly [string, boolean])[], client: ClientOptions): object {
  const root = {};
  const nodes = new Map<string | undefined, object>([[undefined, root]]);
  // Texts of their own, whatever actions are named `toString` or `valueOf`.
  set(root, Symbol.toPrimitive, () => "actions");
  const node = (path: string | undefined): object => nodes.get(path) ?? attach(path!, {});
  const attach = (path: string, value: object): object => {
    const dot = path.lastIndexOf(".");
    if (!about.has(value)) set(value, Symbol.toPrimitive, () => path);
    set(node(dot < 0 ? undefined : path.slice(0, dot)), path.slice(dot + 1), value, true);
    nodes.set(path, value);
    return value;
  };
  for (const [name, isForm] of names) {
    const encoded = encodeURIComponent(name);
    const path = `${client.base!.replace(/\/$/, "")}/_actions/${encoded}${client.trailingSlash ? "/" : ""}`;
    const action = async (input?: any, options: any = {}): Promise<any> => {
      // Somebody awaits the group that an action `then` is in.
      if (typeof input === "function") return options(new TypeError(`The action ${name} takes no functions`));
      return call(path, client, isForm, input, options);
    };
    const query = "?" + new URLSearchParams({ _action: encoded });
    about.set(action, { name, path });
    set(action, Symbol.toPrimitive, () => query);
    set(action, "toString", () => query);
    set(action, "orThrow", async (input: unknown, options?: CallOptions) => {
      const { data, error } = await action(input, options);
      if (error) throw error;
      return data;
    });
    attach(name, action);
  }
  return root;
}

/** Makes a client of its own, where another base, headers or `fetch` are wanted. */
export function createActions(options: ClientOptions = {}): Actions {
  return define(ACTIONS, { base: BASE, ...options }) as Actions;
}

/** The actions of the server. */
export const actions: Actions = createActions();
