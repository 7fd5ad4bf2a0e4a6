import { type ActionCall, type ActionResult, type RedirectResult, followRedirect, metadata } from "./client.js";
import { type ActionError, type Issue, isInputError } from "./errors.js";

/** The number of generated ids that another element of the page already had. */
let count = 0;
const DISABLED = "aria-disabled";

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
export function enhance<Output, Fields extends string>(
  form: HTMLFormElement,
  action: ActionCall<FormData, Output, Fields>,
  options: EnhanceOptions<Output, Fields> = {},
): EnhancedForm {
  // A field named `elements` or `reset` hides the form's own property of that name.
  const own: HTMLFormElement = new Proxy(form, {
    get(_, key) {
      const value = Reflect.get(HTMLFormElement.prototype, key, form);
      return typeof value === "function" ? value.bind(form) : value;
    },
  });
  const name = metadata.get(action)!.name;
  const getErrorId = (field: string): string => [name, field, "error"].map((part) => part.replace(/[^\w-]/gu, "--")).join("-");
  const find = <E extends HTMLElement>(selector: string): E | null => own.querySelector<E>(selector);
  // Another form of the same action may be on the page and use the id. Then `data-error-for` holds it.
  const findMessage = (id: string): HTMLElement | null => find(`[id="${id}"],[data-error-for="${id}"]`);
  const progress = find<HTMLProgressElement>("progress");
  const cancel = find("[data-abort]");
  let running: AbortController | undefined;
  /** The disabled buttons, each with the `aria-disabled` that it had before. */
  let disabled: (readonly [HTMLElement, string | null])[] = [];

  let alert = find('[role="alert"]')!;
  if (!alert) {
    alert = document.createElement("p");
    alert.setAttribute("role", "alert");
    own.prepend(alert);
  }

  const setVisible = (visible: boolean): void => {
    for (const element of [cancel, progress]) if (element) element.hidden = !visible;
  };
  setVisible(false);

  const setPending = (pending: boolean, submitter?: HTMLElement | null): void => {
    own.setAttribute("aria-busy", String(pending));
    for (const [button, before] of disabled) before === null ? button.removeAttribute(DISABLED) : button.setAttribute(DISABLED, before);
    const buttons = pending ? [...own.querySelectorAll<HTMLElement>('button:not([type="button"]), [type="submit"]')] : [];
    disabled = buttons.map((button) => [button, button.getAttribute(DISABLED)]);
    for (const button of buttons) button.setAttribute(DISABLED, "true");
    // If a focused element is hidden, no element has the focus.
    if (cancel && cancel === document.activeElement) submitter?.focus();
    setVisible(pending);
    if (pending) progress?.removeAttribute("value");
    options.onPending?.(pending);
  };

  const getFields = (): HTMLInputElement[] => [...own.elements].filter((field): field is HTMLInputElement => !!(field as any).name);

  const clearMessages = (): void => {
    alert.textContent = "";
    for (const element of own.querySelectorAll("[data-error-for]")) element.textContent = "";
    for (const field of getFields()) {
      const described = field.getAttribute("aria-describedby")?.split(" ").filter((id) => id.endsWith("-error"));
      for (const id of [getErrorId(field.name), ...(described ?? [])]) {
        const element = findMessage(id);
        if (element) element.textContent = "";
      }
      field.removeAttribute("aria-invalid");
    }
  };

  const showMessage = (fields: HTMLElement[], id: string, message: string): void => {
    let element = findMessage(id);
    if (!element) {
      element = document.createElement("p");
      element.dataset["errorFor"] = id;
      element.id = document.getElementById(id) ? `${id}-${(count += 1)}` : id;
      const last = fields[fields.length - 1]!;
      const group = fields.length > 1 && last.closest<HTMLElement>("fieldset");
      if (group && own.contains(group)) group.append(element);
      else (last.closest("label") ?? last).after(element);
    }
    element.textContent += (element.textContent && ". ") + message;
    for (const field of fields) {
      const ids = new Set(field.getAttribute("aria-describedby")?.split(" "));
      field.setAttribute("aria-describedby", [...ids.add(element.id)].join(" "));
      field.setAttribute("aria-invalid", "true");
    }
  };

  /**
   * Shows an issue at its field, and returns whether the form has such a field. It is the field that is named by the issue's
   * path, or the field with that index in a list. If there is none, the path is shortened.
   */
  const showIssue = (issue: Issue): boolean => {
    const path = [...issue.path];
    for (; path.length; path.pop()) {
      const full = path.reduce((name: string, part) => (typeof part === "number" ? `${name}[${part}]` : name ? `${name}.${part}` : part), "");
      const found = getFields().filter((field) => field.name === full);
      if (found.length) return showMessage(found, getErrorId(full), issue.message), true;
      const index = path.at(-1);
      const field = typeof index === "number" && findMessage(getErrorId(full)) && getFields().filter((field) => `${field.name}[${index}]` === full)[index];
      if (field) return showMessage([field], getErrorId(full), issue.message), true;
    }
    return false;
  };

  const showError = (error: ActionError<Fields>): void => {
    const whole = isInputError(error) ? error.issues.filter((issue) => !showIssue(issue)).map((issue) => issue.message) : [error.message || error.code];
    alert.textContent = whole.join(". ");
    getFields().find((field) => field.matches('[aria-invalid="true"]:not([type="hidden"])'))?.focus();
    options.onError?.(error, form);
  };

  const submit = async (event: SubmitEvent): Promise<void> => {
    const { submitter } = event;
    const getAttribute = (name: string): string | null => submitter?.getAttribute(`form${name}`) ?? own.getAttribute(name);
    // Leave the event to another listener, or to the browser unless the form is posted to this page.
    if (event.defaultPrevented || submitter?.hasAttribute("formaction")) return;
    if (!/^post$/i.test(getAttribute("method") ?? "post") || !/^(_self)?$/i.test(getAttribute("target") ?? "")) return;
    event.preventDefault();
    if (running) return;
    const { signal } = (running = new AbortController());
    let result: ActionResult<Output, Fields> | RedirectResult | void;
    try {
      const data = new FormData(form, submitter);
      clearMessages();
      setPending(true);
      const sent = action(data, {
        signal,
        headers: options.headers,
        redirect: "manual" as const,
        onUpload: progress
          ? (sent, total) => {
              progress.max = total;
              progress.value = sent;
            }
          : undefined,
      });
      result = await sent.catch((problem) => {
        if (signal.aborted) return;
        alert.textContent = options.unreachable ?? "The server cannot be reached. Please try again.";
        if (!(problem instanceof TypeError)) throw problem;
      });
    } finally {
      running = undefined;
      setPending(false, submitter);
    }
    if (!result) return;
    if (result.error) return showError(result.error);
    if (result.redirect !== undefined) return (options.onRedirect ?? followRedirect)(result.redirect);
    if (options.reset !== false) own.reset();
    options.onData?.(result.data, form);
  };

  const abort = (): void => running?.abort();
  own.addEventListener("submit", submit);
  cancel?.addEventListener("click", abort);
  return {
    abort,
    destroy() {
      abort();
      own.removeEventListener("submit", submit);
      cancel?.removeEventListener("click", abort);
    },
  };
}
