import type { Actions } from "./actions.js";
import { parse } from "./devalue.js";
import { type ActionErrorCode, ActionError, ActionInputError, types } from "./errors.js";
declare const ACTIONS: readonly (readonly [name: string, isForm: boolean])[];
declare const BASE: string;

export { followRedirect, metadata, parse };

/** The result of a call: data or an error. */
export type ActionResult<Output, Fields extends string = string> =
  | { data: Output; error: undefined; redirect?: undefined }
  | { data: undefined; error: ActionError<Fields>; redirect?: undefined };

/** The result of a call with `redirect: "manual"` whose action redirects. */
export interface RedirectResult {
  data: undefined;
  error: undefined;
  /** The target of the redirect: a path or a URL. */
  redirect: string;
}

/** The options of one call. */
export interface CallOptions {
  /** Aborts the call. Its promise is then rejected with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Headers of the request. They replace those of the client. */
  headers?: HeadersInit | undefined;
  /**
   * The handling of a redirect. By default, the browser goes to the target and the promise never settles. With `"manual"`, the
   * result has the target as `redirect`.
   */
  redirect?: "follow" | "manual" | undefined;
  /**
   * Called while the request is sent, with the number of bytes sent so far and the total. It is called in browsers only, and not
   * by a client with a `fetch` of its own.
   */
  onUpload?: ((sent: number, total: number) => void) | undefined;
}

/** The options of a client. */
export interface ClientOptions {
  /**
   * The part of the URL in front of `/_actions`: the base path of the application. Where there is no page, as in Node, it
   * begins with an origin: `https://example.com`.
   */
  base?: string | undefined;
  /** Whether the paths of actions end in a slash. It is `false` by default. */
  trailingSlash?: boolean | undefined;
  /** Headers of every request. */
  headers?: HeadersInit | undefined;
  /** A function that sends the requests in place of `fetch`. With it, `onUpload` is never called. */
  fetch?: typeof fetch | undefined;
}

type Arguments<Input, Options> = undefined extends Input
  ? [input?: Input, options?: Options]
  : [input: Input, options?: Options];

/**
 * A function that calls an action. As a string, it is the `action` attribute of a form that is posted to the page:
 * `<form method="post" action={String(actions.newsletter)}>`.
 *
 * A form action accepts an object of its input type in place of a `FormData`, and sends its properties as fields. A form cannot
 * express `null` and empty lists, so they are omitted. The server then reads a boolean as `false`, a list as empty, and a
 * property with a default as that default. It reads an optional list of objects as empty, too.
 */
export interface ActionCall<Input, Output, Fields extends string = never> {
  <Options extends CallOptions = CallOptions>(
    ...args: Arguments<Input, Options>
  ): Promise<ActionResult<Output, Fields> | (Options extends { redirect: "manual" } ? RedirectResult : never)>;
  readonly [types]?: { input(input: Input): void; output: Output; fields: Fields };
}

/** A function that calls an action, with `orThrow`. */
export interface Action<Input, Output, Fields extends string = never> extends ActionCall<Input, Output, Fields> {
  /** Calls the action and resolves to its data. If the action fails, the promise is rejected with its error. */
  readonly orThrow: (...args: Arguments<Input, Omit<CallOptions, "redirect">>) => Promise<Output>;
}

type AnyAction = { readonly [types]?: { input(input: never): void; output: unknown; fields: string } };

/** The type of an action's input: `ActionInput<typeof actions.blog.like>`. */
export type ActionInput<A extends AnyAction> = NonNullable<A[typeof types]> extends { input(input: infer I): void } ? I : never;
/** The type of an action's output. */
export type ActionOutput<A extends AnyAction> = NonNullable<A[typeof types]>["output"];
/** The names of the fields of an action's input. */
export type ActionFields<A extends AnyAction> = NonNullable<A[typeof types]>["fields"];

/** The name and path of each action. */
const metadata = new WeakMap<object, { name: string; path: string }>();

/** Returns the path of an action, for requests that the client does not send. */
export function getActionPath(action: AnyAction): string {
  return metadata.get(action)!.path;
}

const toBase64 = (bytes: Uint8Array): string => {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};

/** Turns a value that JSON cannot express into one that the server reads as the same. */
const toPlain = (value: any): unknown => {
  if (value instanceof Map || value instanceof Set) return [...value];
  if (typeof value === "bigint" || value instanceof URLSearchParams) return String(value);
  if (value instanceof RegExp) return { source: value.source, flags: value.flags };
  if (value instanceof ArrayBuffer) return toBase64(new Uint8Array(value));
  if (value instanceof Uint8Array) return toBase64(value);
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    return { kind: (value as any)[Symbol.toStringTag], buffer: toBase64(new Uint8Array(buffer, byteOffset, byteLength)) };
  }
  return value?.toJSON ? value.toJSON() : value;
};

function toJson(input: unknown): string {
  return JSON.stringify(input ?? null, function (this: any, key) {
    return toPlain(this[key]);
  });
}

/**
 * Builds a form with the names that the server expects: `address.street`, `items[0].name`, and the same name for all values of
 * a list.
 *
 * `null` is omitted, because a form cannot express it. A nested object without any other value is marked as present by an empty
 * field whose name ends in a dot: `address.`.
 */
function toFormData(input: unknown): FormData {
  const form = new FormData();
  const put = (name: string, value: any): true => (form.append(name, value), true);
  /** Adds a value, and returns whether there was anything to add. */
  const add = (name: string, given: unknown): boolean => {
    const value: any = toPlain(given);
    if (value instanceof Blob) return put(name, value);
    if (Array.isArray(value)) {
      const sent = value.map((item, i) => {
        const nested = Object(toPlain(item)) === toPlain(item) && !(item instanceof Blob);
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

type RawResponse = [status: number, body: string, redirect: string | null];

async function sendByFetch(url: string, init: RequestInit, send: typeof fetch): Promise<RawResponse> {
  const response = await send(url, init);
  return [response.status, await response.text(), response.headers.get("enact-redirect")];
}

/** Sends a request with a progress of its upload, which `fetch` does not offer. */
function sendByXhr(url: string, body: XMLHttpRequestBodyInit, headers: Headers, options: CallOptions): Promise<RawResponse> {
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
    // The browser also aborts the request if the user leaves the page.
    request.onabort = () => reject(signal?.aborted ? signal.reason : new TypeError("Failed to fetch"));
    request.onloadend = () => signal?.removeEventListener("abort", abort);
    signal?.addEventListener("abort", abort);
    request.send(body);
  });
}

/** The codes for responses of proxies and gateways. Any other status becomes `BAD_GATEWAY`. */
const CODES: { readonly [status: number]: ActionErrorCode } = {
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

/** Reads the error of a response. If the response does not come from an action, its status gives the code. */
function toError(received: number, text: string): ActionError {
  let body: any;
  try {
    body = JSON.parse(text);
    if (body.type === "AstroActionInputError") return new ActionInputError(body.issues);
  } catch {
    // For example an HTML page of a proxy.
  }
  const status = received < 400 ? 502 : received;
  const isOurs = body?.type === "AstroActionError";
  const message = isOurs ? body.message : `Unexpected response with status ${received}`;
  return new ActionError({ code: (isOurs && body.code) || CODES[status] || "BAD_GATEWAY", status, message });
}

/** Loads the target of a redirect, even if it differs from the current page only in its fragment. */
function followRedirect(target: string): void {
  const to = new URL(target, location.href);
  const here = location.href.split("#")[0];
  location.assign(to);
  if (to.hash && to.href.split("#")[0] === here) location.reload();
}

async function callAction(path: string, client: ClientOptions, isForm: boolean, input: unknown, options: CallOptions) {
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
      ? await sendByXhr(path, body, headers, options)
      : await sendByFetch(path, init, client.fetch ?? fetch);
  if (status < 200 || status > 299) return { data: undefined, error: toError(status, text) };
  if (redirect !== null) {
    if (options.redirect === "manual") return { data: undefined, error: undefined, redirect };
    if (typeof document === "undefined") {
      throw new Error(`The action redirects to ${redirect}, but there is no page. Call it with { redirect: "manual" }.`);
    }
    followRedirect(redirect);
    return new Promise(() => {});
  }
  try {
    return { data: status === 204 ? undefined : parse(text), error: undefined };
  } catch {
    return { data: undefined, error: toError(status, text) };
  }
}

const setProperty = (object: object, key: PropertyKey, value: unknown, enumerable = false): void => {
  Object.defineProperty(object, key, { value, enumerable, configurable: true });
};

/** Builds the tree of actions. `names` are sorted, so that `blog` comes before `blog.like`. */
function buildActions(names: readonly (readonly [string, boolean])[], client: ClientOptions): object {
  const root = {};
  const nodes = new Map<string | undefined, object>([[undefined, root]]);
  // Groups convert to strings even if an action in them is named `toString` or `valueOf`.
  setProperty(root, Symbol.toPrimitive, () => "actions");
  const getNode = (path: string | undefined): object => nodes.get(path) ?? attach(path!, {});
  const attach = (path: string, value: object): object => {
    const dot = path.lastIndexOf(".");
    if (!metadata.has(value)) setProperty(value, Symbol.toPrimitive, () => path);
    setProperty(getNode(dot < 0 ? undefined : path.slice(0, dot)), path.slice(dot + 1), value, true);
    nodes.set(path, value);
    return value;
  };
  for (const [name, isForm] of names) {
    const encoded = encodeURIComponent(name);
    const path = `${client.base!.replace(/\/$/, "")}/_actions/${encoded}${client.trailingSlash ? "/" : ""}`;
    const action = async (input?: any, options: any = {}): Promise<any> => {
      // If a group with an action named `then` is awaited, JavaScript calls that action with two functions.
      if (typeof input === "function") return options(new TypeError(`The action \`${name}\` does not accept functions`));
      return callAction(path, client, isForm, input, options);
    };
    const query = "?" + new URLSearchParams({ _action: encoded });
    metadata.set(action, { name, path });
    setProperty(action, Symbol.toPrimitive, () => query);
    setProperty(action, "toString", () => query);
    setProperty(action, "orThrow", async (input: unknown, options?: CallOptions) => {
      const { data, error } = await action(input, options);
      if (error) throw error;
      return data;
    });
    attach(name, action);
  }
  return root;
}

/** Creates a client with another base, other headers or another `fetch`. */
export function createActions(options: ClientOptions = {}): Actions {
  return buildActions(ACTIONS, { base: BASE, ...options }) as Actions;
}

/** The server's actions. */
export const actions: Actions = createActions();
