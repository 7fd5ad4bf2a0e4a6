export { types };
/** The reason why an action failed, by the names of HTTP's statuses. */
export type ActionErrorCode = "BAD_REQUEST" | "UNAUTHORIZED" | "PAYMENT_REQUIRED" | "FORBIDDEN" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "NOT_ACCEPTABLE" | "PROXY_AUTHENTICATION_REQUIRED" | "REQUEST_TIMEOUT" | "CONFLICT" | "GONE" | "LENGTH_REQUIRED" | "PRECONDITION_FAILED" | "CONTENT_TOO_LARGE" | "URI_TOO_LONG" | "UNSUPPORTED_MEDIA_TYPE" | "RANGE_NOT_SATISFIABLE" | "EXPECTATION_FAILED" | "MISDIRECTED_REQUEST" | "UNPROCESSABLE_CONTENT" | "LOCKED" | "FAILED_DEPENDENCY" | "TOO_EARLY" | "UPGRADE_REQUIRED" | "PRECONDITION_REQUIRED" | "TOO_MANY_REQUESTS" | "REQUEST_HEADER_FIELDS_TOO_LARGE" | "UNAVAILABLE_FOR_LEGAL_REASONS" | "INTERNAL_SERVER_ERROR" | "NOT_IMPLEMENTED" | "BAD_GATEWAY" | "SERVICE_UNAVAILABLE" | "GATEWAY_TIMEOUT" | "HTTP_VERSION_NOT_SUPPORTED" | "VARIANT_ALSO_NEGOTIATES" | "INSUFFICIENT_STORAGE" | "LOOP_DETECTED" | "NETWORK_AUTHENTICATION_REQUIRED";
/**
 * One thing that is wrong with an input.
 *
 * `code`, `path` and `message` are always set. The other properties are the parameters of the broken rule, as in Zod. Which of
 * them are set depends on `code`.
 */
export interface Issue {
    /** The kind of rule that the input breaks, for example `"too_small"`, or `"custom"` for a rule of the application. */
    readonly code: string;
    /** Property names and indices, from the root of the input. It is empty for an issue of the whole input. */
    readonly path: readonly (string | number)[];
    /** A message for people. */
    readonly message: string;
    /** `invalid_type`: the expected type. */
    readonly expected?: string;
    /** The type of the value that the rule applies to, for example `"string"`. */
    readonly origin?: string;
    /** `too_small`: the lower bound. */
    readonly minimum?: number;
    /** `too_big`: the upper bound. */
    readonly maximum?: number;
    /** `too_small` and `too_big`: whether the bound itself is allowed. */
    readonly inclusive?: boolean;
    /** `too_small` and `too_big`: whether the bound is the only length that is allowed. */
    readonly exact?: boolean;
    /** `invalid_format`: the expected format. */
    readonly format?: string;
    /** `invalid_format`: the regular expression of the format. */
    readonly pattern?: string;
    /** `not_multiple_of`: the number that has to divide the value. */
    readonly divisor?: number;
    /** `unrecognized_keys`: the properties that are not declared. */
    readonly keys?: readonly string[];
    /** `invalid_value`: the allowed values. */
    readonly values?: readonly unknown[];
    /** `invalid_union`: the reason why no alternative was tried. */
    readonly note?: string;
    /** `invalid_union`: the property that selects the alternative. */
    readonly discriminator?: string;
}
/** Carries the types of an action or error. The property never exists at run time. */
declare const types: unique symbol;
/** The error of a failed action. `Fields` are the names of the input's fields. */
export declare class ActionError<Fields extends string = string> extends Error {
    readonly [types]?: Fields;
    readonly type: "AstroActionError" | "AstroActionInputError";
    readonly code: ActionErrorCode;
    /** The HTTP status of the response. */
    readonly status: number;
    constructor(error: {
        code: ActionErrorCode;
        status: number;
        message?: string | undefined;
    });
}
/** The error of an invalid input, with all of its issues. */
export declare class ActionInputError<Fields extends string = string> extends ActionError<Fields> {
    readonly type = "AstroActionInputError";
    readonly issues: readonly Issue[];
    /** The messages by field: by the first segment of the issue's path. An issue without a path is only in `issues`. */
    readonly fields: {
        readonly [Field in Fields]?: string[];
    };
    constructor(issues: readonly Issue[]);
}
/** Returns whether an error, thrown or returned, comes from an action. */
export declare function isActionError(error: unknown): error is ActionError;
/** Returns whether an error is that of an invalid input, which has `issues` and `fields`. */
export declare function isInputError<Fields extends string>(error: ActionError<Fields> | undefined): error is ActionInputError<Fields>;
export declare function isInputError(error: unknown): error is ActionInputError;
