import { type ActionCall } from "./client.js";
import { type ActionError } from "./errors.js";
/** The options of an enhanced form. */
export interface EnhanceOptions<Output, Fields extends string = string> {
    /** Called after the action succeeded. */
    onData?: ((data: Output, form: HTMLFormElement) => void) | undefined;
    /** Called after the action failed and the messages are shown. */
    onError?: ((error: ActionError<Fields>, form: HTMLFormElement) => void) | undefined;
    /** Called with the target if the action redirects. By default, the browser goes there. */
    onRedirect?: ((target: string) => void) | undefined;
    /** Called with `true` before the form is sent, and with `false` after it was sent or aborted. */
    onPending?: ((pending: boolean) => void) | undefined;
    /** Whether the form is reset after the action succeeded. It is `true` by default. */
    reset?: boolean | undefined;
    /** Headers of every request. */
    headers?: HeadersInit | undefined;
    /** The message that is shown if the server cannot be reached. */
    unreachable?: string | undefined;
}
/** A form that `enhance` controls. */
export interface EnhancedForm {
    /** Aborts the request that is being sent. */
    abort(): void;
    /** Aborts the request, and leaves further submissions to the browser. */
    destroy(): void;
}
/**
 * Makes a form call an action without leaving the page.
 *
 * The form is sent by the client if the browser would post it to the page. All other submissions are left to the browser: those
 * with a `formaction`, with a method other than `post`, or with a `target`.
 *
 * While the form is sent, it is `aria-busy` and ignores further submissions. Its first `<progress>` shows the progress of the
 * upload, and a `<button type="button" data-abort>` in it aborts the request. Both are hidden otherwise.
 *
 * The message for a field is shown in the element whose id the server's `FormState::error_id` returns. If there is none, an
 * element is added after the field. The first invalid field gets the focus. A message for the whole form is shown in its
 * `[role="alert"]`. If there is none, an element is added at the top of the form.
 *
 * A component calls `enhance` when it is mounted, and `destroy` when it is unmounted:
 *
 * ```ts
 * useEffect(() => enhance(ref.current!, actions.newsletter).destroy, []); // React
 * onMounted(() => onUnmounted(enhance(form.value!, actions.newsletter).destroy)); // Vue
 * <form method="post" use:enhance={actions.newsletter}> // Svelte
 * ```
 */
export declare function enhance<Output, Fields extends string>(form: HTMLFormElement, action: ActionCall<FormData, Output, Fields>, options?: EnhanceOptions<Output, Fields>): EnhancedForm;
