import { type ActionCall, type ActionError } from "./client.js";
/** What an enhanced form does besides showing what is wrong with it. */
export interface EnhanceOptions<Output, Fields extends string = string> {
    /** It succeeded. */
    onData?: ((data: Output, form: HTMLFormElement) => void) | undefined;
    /** It failed; what is wrong is shown already. */
    onError?: ((error: ActionError<Fields>, form: HTMLFormElement) => void) | undefined;
    /** Goes where the action sends its caller, in place of the browser. */
    onRedirect?: ((target: string) => void) | undefined;
    /** It is sent, or came to an end. */
    onPending?: ((pending: boolean) => void) | undefined;
    /** Whether the form is emptied once it succeeded: `true` by default. */
    reset?: boolean | undefined;
    headers?: HeadersInit | undefined;
    /** What is said where no answer came. */
    unreachable?: string | undefined;
}
/** An enhanced form. */
export interface Enhanced {
    /** Ends what is being sent. */
    abort(): void;
    /** Makes it a plain form again. */
    destroy(): void;
}
/**
 * Sends a form without leaving the page.
 *
 * A form that is posted here is taken over; what goes elsewhere is left to the browser: another `formaction`, a method that
 * is not `post`, a `target`. While it is sent, the form is `aria-busy` and a second submission is ignored. Its first
 * `<progress>` shows how far the upload is, and a `<button type="button" data-abort>` in it ends it; both are hidden otherwise. What is wrong with a field
 * is told in the element that the server's `FormState::error_id` names, or in one that is put behind the field, and the first
 * such field gets the focus. What is wrong with the form as a whole is told in its `[role="alert"]`, or in one that is put
 * first.
 *
 * In a component it lasts from the mount to the end:
 *
 * ```ts
 * useEffect(() => enhance(ref.current!, actions.newsletter).destroy, []); // React
 * onMounted(() => onUnmounted(enhance(form.value!, actions.newsletter).destroy)); // Vue
 * <form method="post" use:enhance={actions.newsletter}> // Svelte
 * ```
 */
export declare function enhance<Output, Fields extends string>(form: HTMLFormElement, action: ActionCall<FormData, Output, Fields>, options?: EnhanceOptions<Output, Fields>): Enhanced;
