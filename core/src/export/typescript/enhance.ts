import { type ActionCall, type ActionError, type ActionResult, type Issue, type Redirected, about, follow, isInputError } from "./client.js";

/** How many ids were taken by another form of the page. */
let count = 0;
const DISABLED = "aria-disabled";

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
export function enhance<Output, Fields extends string>(
  form: HTMLFormElement,
  action: ActionCall<FormData, Output, Fields>,
  options: EnhanceOptions<Output, Fields> = {},
): Enhanced {
  // A field named `elements` or `reset` stands before what the form itself has of that name.
  const own: HTMLFormElement = new Proxy(form, {
    get(_, key) {
      const value = Reflect.get(HTMLFormElement.prototype, key, form);
      return typeof value === "function" ? value.bind(form) : value;
    },
  });
  const name = about.get(action)!.name;
  const idOf = (field: string): string => [name, field, "error"].map((part) => part.replace(/[^\w-]/gu, "--")).join("-");
  const find = <E extends HTMLElement>(selector: string): E | null => own.querySelector<E>(selector);
  // Another form of the page may be of the same action, and have the id.
  const placeOf = (id: string): HTMLElement | null => find(`[id="${id}"],[data-as="${id}"]`);
  const progress = find<HTMLProgressElement>("progress");
  const cancel = find("[data-abort]");
  let running: AbortController | undefined;
  /** The buttons, and the `aria-disabled` that they had. */
  let held: (readonly [Element, string | null])[] = [];

  let alert = find('[role="alert"]')!;
  if (!alert) {
    alert = document.createElement("p");
    alert.setAttribute("role", "alert");
    own.prepend(alert);
  }

  const unhide = (is: boolean): void => {
    for (const one of [cancel, progress]) if (one) one.hidden = !is;
  };
  unhide(false);

  const pending = (is: boolean, submitter?: HTMLElement | null): void => {
    own.setAttribute("aria-busy", String(is));
    for (const [button, was] of held) was === null ? button.removeAttribute(DISABLED) : button.setAttribute(DISABLED, was);
    const buttons = is ? [...own.querySelectorAll('button:not([type="button"]), [type="submit"]')] : [];
    held = buttons.map((button) => [button, button.getAttribute(DISABLED)]);
    for (const button of buttons) button.setAttribute(DISABLED, "true");
    // What is hidden loses the focus to nobody.
    if (cancel && cancel === document.activeElement) submitter?.focus();
    unhide(is);
    if (is) progress?.removeAttribute("value");
    options.onPending?.(is);
  };

  const fields = (): HTMLInputElement[] => [...own.elements].filter((field): field is HTMLInputElement => !!(field as any).name);

  const clear = (): void => {
    alert.textContent = "";
    for (const place of own.querySelectorAll("[data-as]")) place.textContent = "";
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
      if (group && own.contains(group)) group.append(place);
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
    const asked = (what: string): string | null => submitter?.getAttribute(`form${what}`) ?? own.getAttribute(what);
    // Another's, for another action, or none that is posted to this page.
    if (event.defaultPrevented || submitter?.hasAttribute("formaction")) return;
    if (!/^post$/i.test(asked("method") ?? "post") || !/^(_self)?$/i.test(asked("target") ?? "")) return;
    event.preventDefault();
    if (running) return;
    const { signal } = (running = new AbortController());
    let result: ActionResult<Output, Fields> | Redirected | void;
    try {
      const data = new FormData(form, submitter);
      clear();
      pending(true);
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
      pending(false, submitter);
    }
    if (!result) return;
    if (result.error) return fail(result.error);
    if (result.redirect !== undefined) return (options.onRedirect ?? follow)(result.redirect);
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
