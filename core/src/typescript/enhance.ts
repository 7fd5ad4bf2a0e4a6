import { type ActionCall, type ActionError, type ActionResult, type Issue, type Redirected, about, follow, isInputError } from "./client.js";

/** How many ids were taken by another form of the page. */
let count = 0;

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
 * While it is sent, the form is `aria-busy` and a second submission is ignored. Its first `<progress>` shows how far the
 * upload is, and a `<button type="button" data-abort>` in it ends it; both are hidden otherwise. What is wrong with a field
 * is told in the element that the server's `FormState::error_id` names, or in one that is put behind the field, and the first
 * such field gets the focus. What is wrong with the form as a whole is told in its `[role="alert"]`, or in one that is put
 * first.
 */
export function enhance<Output, Fields extends string>(
  form: HTMLFormElement,
  action: ActionCall<FormData, Output, Fields>,
  options: EnhanceOptions<Output, Fields> = {},
): Enhanced {
  const name = about.get(action)!.name;
  const idOf = (field: string): string => [name, field, "error"].map((part) => part.replace(/[^\w-]/gu, "--")).join("-");
  const find = <E extends HTMLElement>(selector: string): E | null => form.querySelector<E>(selector);
  // Another form of the page may be of the same action, and have the id.
  const placeOf = (id: string): HTMLElement | null => find(`[id="${id}"],[data-as="${id}"]`);
  const progress = find<HTMLProgressElement>("progress");
  const cancel = find("[data-abort]");
  let running: AbortController | undefined;

  let alert = find('[role="alert"]')!;
  if (!alert) {
    alert = document.createElement("p");
    alert.setAttribute("role", "alert");
    form.prepend(alert);
  }

  const pending = (is: boolean, submitter?: HTMLElement | null): void => {
    form.setAttribute("aria-busy", String(is));
    for (const button of form.querySelectorAll('button:not([type="button"]), [type="submit"]')) {
      if (is) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
    // What is hidden loses the focus to nobody.
    if (cancel && cancel === document.activeElement) submitter?.focus();
    if (cancel) cancel.hidden = !is;
    if (progress) progress.hidden = !is;
    if (is) progress?.removeAttribute("value");
    options.onPending?.(is);
  };

  const fields = (): HTMLInputElement[] => [...form.elements].filter((field): field is HTMLInputElement => !!(field as any).name);

  const clear = (): void => {
    alert.textContent = "";
    for (const place of form.querySelectorAll("[data-as]")) place.textContent = "";
    for (const field of fields()) {
      const described = field.getAttribute("aria-describedby")?.split(" ").filter((id) => id.endsWith("-error"));
      for (const id of [idOf(field.name), ...(described ?? [])]) {
        const place = placeOf(id);
        if (place) place.textContent = "";
      }
      field.removeAttribute("aria-invalid");
    }
  };

  const tell = (field: HTMLElement[], id: string, message: string): void => {
    let place = placeOf(id);
    if (!place) {
      place = document.createElement("p");
      place.dataset["as"] = id;
      place.id = document.getElementById(id) ? `${id}-${(count += 1)}` : id;
      const last = field[field.length - 1]!;
      const group = field.length > 1 && last.closest<HTMLElement>("fieldset");
      if (group && form.contains(group)) group.append(place);
      else (last.closest("label") ?? last).after(place);
    }
    place.textContent += (place.textContent && ". ") + message;
    for (const one of field) {
      const ids = new Set(one.getAttribute("aria-describedby")?.split(" "));
      one.setAttribute("aria-describedby", [...ids.add(place.id)].join(" "));
      one.setAttribute("aria-invalid", "true");
    }
  };

  /** The fields of an issue: of its whole path, of one value of a list, or of what it is a part of. */
  const show = (issue: Issue): boolean => {
    const path = [...issue.path];
    for (; path.length; path.pop()) {
      const full = path.reduce((name: string, part) => (typeof part === "number" ? `${name}[${part}]` : name ? `${name}.${part}` : part), "");
      const found = fields().filter((field) => field.name === full);
      if (found.length) return tell(found, idOf(full), issue.message), true;
      const index = path.at(-1);
      const one = typeof index === "number" && placeOf(idOf(full)) && fields().filter((field) => `${field.name}[${index}]` === full)[index];
      if (one) return tell([one], idOf(full), issue.message), true;
    }
    return false;
  };

  const fail = (error: ActionError<Fields>): void => {
    const whole = isInputError(error) ? error.issues.filter((issue) => !show(issue)).map((issue) => issue.message) : [error.message || error.code];
    alert.textContent = whole.join(". ");
    fields().find((field) => field.matches('[aria-invalid="true"]:not([type="hidden"])'))?.focus();
    options.onError?.(error, form);
  };

  const submit = async (event: SubmitEvent): Promise<void> => {
    const { submitter } = event;
    // Another's, or for another action.
    if (event.defaultPrevented || submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    if (running) return;
    const { signal } = (running = new AbortController());
    const data = new FormData(form, submitter);
    clear();
    pending(true);
    let result: ActionResult<Output, Fields> | Redirected | undefined;
    try {
      result = await action(data, {
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
    } catch (problem) {
      if (!signal.aborted) alert.textContent = options.unreachable ?? "The server cannot be reached. Please try again.";
      if (!signal.aborted && !(problem instanceof TypeError)) throw problem;
    } finally {
      running = undefined;
      pending(false, submitter);
    }
    if (!result) return;
    if (result.error) return fail(result.error);
    if (result.redirect !== undefined) return (options.onRedirect ?? follow)(result.redirect);
    if (options.reset !== false) form.reset();
    options.onData?.(result.data, form);
  };

  const abort = (): void => running?.abort();
  form.addEventListener("submit", submit);
  cancel?.addEventListener("click", abort);
  return {
    abort,
    destroy() {
      abort();
      form.removeEventListener("submit", submit);
      cancel?.removeEventListener("click", abort);
    },
  };
}
