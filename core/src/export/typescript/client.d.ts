import type { Actions } from "./actions.js";
import { parse } from "./devalue.js";
import { ActionError, types } from "./errors.js";
export { followRedirect, metadata, parse };
/** The result of a call: data or an error. */
export type ActionResult<Output, Fields extends string = string> = {
    data: Output;
    error: undefined;
    redirect?: undefined;
} | {
    data: undefined;
    error: ActionError<Fields>;
    redirect?: undefined;
};
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
type Arguments<Input, Options> = undefined extends Input ? [input?: Input, options?: Options] : [input: Input, options?: Options];
/**
 * A function that calls an action. As a string, it is the `action` attribute of a form that is posted to the page:
 * `<form method="post" action={String(actions.newsletter)}>`.
 *
 * A form action accepts an object of its input type in place of a `FormData`, and sends its properties as fields. A form cannot
 * express `null` and empty lists, so they are omitted. The server then reads a boolean as `false`, a list as empty, and a
 * property with a default as that default. It reads an optional list of objects as empty, too.
 */
export interface ActionCall<Input, Output, Fields extends string = never> {
    <Options extends CallOptions = CallOptions>(...args: Arguments<Input, Options>): Promise<ActionResult<Output, Fields> | (Options extends {
        redirect: "manual";
    } ? RedirectResult : never)>;
    readonly [types]?: {
        input(input: Input): void;
        output: Output;
        fields: Fields;
    };
}
/** A function that calls an action, with `orThrow`. */
export interface Action<Input, Output, Fields extends string = never> extends ActionCall<Input, Output, Fields> {
    /** Calls the action and resolves to its data. If the action fails, the promise is rejected with its error. */
    readonly orThrow: (...args: Arguments<Input, Omit<CallOptions, "redirect">>) => Promise<Output>;
}
type AnyAction = {
    readonly [types]?: {
        input(input: never): void;
        output: unknown;
        fields: string;
    };
};
/** The type of an action's input: `ActionInput<typeof actions.blog.like>`. */
export type ActionInput<A extends AnyAction> = NonNullable<A[typeof types]> extends {
    input(input: infer I): void;
} ? I : never;
/** The type of an action's output. */
export type ActionOutput<A extends AnyAction> = NonNullable<A[typeof types]>["output"];
/** The names of the fields of an action's input. */
export type ActionFields<A extends AnyAction> = NonNullable<A[typeof types]>["fields"];
/** The name and path of each action. */
declare const metadata: WeakMap<object, {
    name: string;
    path: string;
}>;
/** Returns the path of an action, for requests that the client does not send. */
export declare function getActionPath(action: AnyAction): string;
/** Loads the target of a redirect, even if it differs from the current page only in its fragment. */
declare function followRedirect(target: string): void;
/** Creates a client with another base, other headers or another `fetch`. */
export declare function createActions(options?: ClientOptions): Actions;
/** The server's actions. */
export declare const actions: Actions;
