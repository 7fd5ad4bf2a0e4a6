import type { Actions } from "./actions.js";
import { parse } from "./devalue.js";
export { about, follow, parse };
/** Why an action failed, by the names of HTTP's statuses. */
export type ActionErrorCode = "BAD_REQUEST" | "UNAUTHORIZED" | "PAYMENT_REQUIRED" | "FORBIDDEN" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "NOT_ACCEPTABLE" | "PROXY_AUTHENTICATION_REQUIRED" | "REQUEST_TIMEOUT" | "CONFLICT" | "GONE" | "LENGTH_REQUIRED" | "PRECONDITION_FAILED" | "CONTENT_TOO_LARGE" | "URI_TOO_LONG" | "UNSUPPORTED_MEDIA_TYPE" | "RANGE_NOT_SATISFIABLE" | "EXPECTATION_FAILED" | "MISDIRECTED_REQUEST" | "UNPROCESSABLE_CONTENT" | "LOCKED" | "FAILED_DEPENDENCY" | "TOO_EARLY" | "UPGRADE_REQUIRED" | "PRECONDITION_REQUIRED" | "TOO_MANY_REQUESTS" | "REQUEST_HEADER_FIELDS_TOO_LARGE" | "UNAVAILABLE_FOR_LEGAL_REASONS" | "INTERNAL_SERVER_ERROR" | "NOT_IMPLEMENTED" | "BAD_GATEWAY" | "SERVICE_UNAVAILABLE" | "GATEWAY_TIMEOUT" | "HTTP_VERSION_NOT_SUPPORTED" | "VARIANT_ALSO_NEGOTIATES" | "INSUFFICIENT_STORAGE" | "LOOP_DETECTED" | "NETWORK_AUTHENTICATION_REQUIRED";
/** One thing wrong with an input. */
export interface Issue {
    readonly code: string;
    /** Names and indices from the input's root; empty for the input as a whole. */
    readonly path: readonly (string | number)[];
    readonly message: string;
}
declare const types: unique symbol;
/** Why an action failed. `Fields` are the names of its input's fields. */
export declare class ActionError<Fields extends string = string> extends Error {
    readonly [types]?: Fields;
    readonly type: "AstroActionError" | "AstroActionInputError";
    readonly code: ActionErrorCode;
    readonly status: number;
    constructor(error: {
        code: ActionErrorCode;
        status: number;
        message?: string | undefined;
    });
}
/** An input that was refused: what is wrong with it, in order, and by field. */
export declare class ActionInputError<Fields extends string = string> extends ActionError<Fields> {
    readonly type = "AstroActionInputError";
    readonly issues: readonly Issue[];
    /** The messages by the first name of their paths. */
    readonly fields: {
        readonly [Field in Fields]?: string[];
    };
    constructor(issues: readonly Issue[]);
}
/** Whether it is the error of an action, thrown or returned. */
export declare function isActionError(error: unknown): error is ActionError;
/** Whether it is the error of an input that was refused, which has `issues` and `fields`. */
export declare function isInputError<Fields extends string>(error: ActionError<Fields> | undefined): error is ActionInputError<Fields>;
export declare function isInputError(error: unknown): error is ActionInputError;
/** What came of a call: data, or an error. */
export type ActionResult<Output, Fields extends string = string> = {
    data: Output;
    error: undefined;
    redirect?: undefined;
} | {
    data: undefined;
    error: ActionError<Fields>;
    redirect?: undefined;
};
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
type Arguments<Input, Options> = undefined extends Input ? [input?: Input, options?: Options] : [input: Input, options?: Options];
/**
 * An action, to be called. As a text it is what a form has for its `action`.
 *
 * An action that takes a form takes an object of its type as well, which is sent as the fields of one. A form has no word for
 * `null` and for an empty list: they are left out. So a boolean arrives as false, a list as an empty one, and what has a
 * default as that; an optional list of objects arrives as an empty one.
 */
export interface ActionCall<Input, Output, Fields extends string = never> {
    <Options extends CallOptions = CallOptions>(...args: Arguments<Input, Options>): Promise<ActionResult<Output, Fields> | (Options extends {
        redirect: "manual";
    } ? Redirected : never)>;
    readonly [types]?: {
        input(input: Input): void;
        output: Output;
        fields: Fields;
    };
}
/** An action, to be called. */
export interface Action<Input, Output, Fields extends string = never> extends ActionCall<Input, Output, Fields> {
    /** The same, where an error is thrown. */
    readonly orThrow: (...args: Arguments<Input, Omit<CallOptions, "redirect">>) => Promise<Output>;
}
type AnyAction = {
    readonly [types]?: {
        input(input: never): void;
        output: unknown;
        fields: string;
    };
};
/** What an action takes: `ActionInput<typeof actions.blog.like>`. */
export type ActionInput<A extends AnyAction> = NonNullable<A[typeof types]> extends {
    input(input: infer I): void;
} ? I : never;
/** What an action gives. */
export type ActionOutput<A extends AnyAction> = NonNullable<A[typeof types]>["output"];
/** The names of an action's fields. */
export type ActionFields<A extends AnyAction> = NonNullable<A[typeof types]>["fields"];
declare const about: WeakMap<object, {
    name: string;
    path: string;
}>;
/** The path of an action, for requests of your own. */
export declare function getActionPath(action: AnyAction): string;
/** Asks for the page anew, also where only the fragment is another. */
declare function follow(target: string): void;
/** Makes a client of its own, where another base, headers or `fetch` are wanted. */
export declare function createActions(options?: ClientOptions): Actions;
/** The actions of the server. */
export declare const actions: Actions;
