// Calls the page's actions over their RPC endpoints. Without it the forms are posted to the page instead.

const post = (url, init) => fetch(url, { method: 'POST', headers: { Accept: 'application/json' }, ...init });

/** Calls an action: `{ data }`, or `{ error }` as the server says it. */
async function call(url, init) {
  try {
    const response = await post(url, init);
    if (response.status === 204) return { data: undefined };
    const body = await response.json();
    return response.ok ? { data: revive(body) } : { error: body };
  } catch (problem) {
    if (problem.name === 'AbortError') return {};
    return { error: { message: 'The server did not answer. Is it still running?' } };
  }
}

/**
 * Reads devalue as far as this page needs it: a list of slots that refer to each other by place. Objects, arrays, text,
 * numbers and booleans; dates, sets and the like it refuses.
 */
function revive(slots, place = 0) {
  if (!Number.isInteger(place) || !(place in slots)) throw new Error(`not read here: ${place}`);
  const slot = slots[place];
  if (slot === null || typeof slot !== 'object') return slot;
  if (!Array.isArray(slot)) {
    return Object.fromEntries(Object.entries(slot).map(([key, at]) => [key, revive(slots, at)]));
  }
  if (typeof slot[0] === 'string') throw new Error(`not read here: ${slot[0]}`);
  return slot.map((at) => revive(slots, at));
}

// On a narrow screen the forms come first.
if (matchMedia('(max-width: 60rem)').matches) {
  for (const details of document.querySelectorAll('details.wire')) details.open = false;
}

// Waving.

const waveError = document.querySelector('[data-wave-error]');

for (const button of document.querySelectorAll('[data-wave]')) {
  button.disabled = false;
  button.addEventListener('click', async () => {
    const { data, error } = await call(button.dataset.wave, {
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ entry: button.dataset.entry }),
    });
    waveError.textContent = error?.message ?? '';
    waveError.classList.toggle('bad', Boolean(error));
    if (!data) return;
    button.querySelector('.count').textContent = data.waves;
    button.classList.remove('waving');
    // Read, so that the animation starts anew.
    void button.offsetWidth;
    button.classList.add('waving');
  });
}

// A form that is checked while it is filled in.

for (const form of document.querySelectorAll('form[data-check]')) live(form);

function live(form) {
  const touched = new Set();
  const done = form.parentElement.querySelector('[data-done]');
  const button = form.querySelector('button');
  let timer;
  let running;

  async function check() {
    running?.abort();
    running = new AbortController();
    const { error } = await call(form.dataset.check, { body: new FormData(form), signal: running.signal });
    if (running.signal.aborted) return;
    show(error);
  }

  function soon(delay) {
    clearTimeout(timer);
    timer = setTimeout(check, delay);
  }

  /** Shows what is wrong, beside the fields that were touched. */
  function show(error) {
    const issues = error?.issues ?? [];
    for (const place of form.querySelectorAll('[data-error]')) {
      const path = place.dataset.error;
      const messages = touched.has(path) ? issues.filter((issue) => issue.path.join('.') === path) : [];
      place.textContent = messages.map((issue) => issue.message).join('. ');
      const field = form.elements.namedItem(path);
      if (messages.length > 0) field?.setAttribute('aria-invalid', 'true');
      else field?.removeAttribute('aria-invalid');
    }
  }

  function summarise(text) {
    const summary = form.querySelector('[data-summary]');
    summary.textContent = text;
    summary.classList.toggle('bad', text !== '');
  }

  form.addEventListener('focusout', ({ target }) => {
    // A field that is only passed by is not yet wrong.
    if (!target.name || (target.value === target.defaultValue && !touched.has(target.name))) return;
    touched.add(target.name);
    soon(0);
  });

  form.addEventListener('input', ({ target }) => {
    done.textContent = '';
    if (target.tagName === 'SELECT') touched.add(target.name);
    if (touched.size > 0) soon(300);
  });

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (button.getAttribute('aria-disabled')) return;
    clearTimeout(timer);
    running?.abort();
    const body = new FormData(form);
    for (const name of body.keys()) touched.add(name);
    button.setAttribute('aria-disabled', 'true');
    const { data, error } = await call(form.dataset.call, { body });
    button.removeAttribute('aria-disabled');
    show(error);
    if (error) {
      const count = error.issues?.length ?? 0;
      summarise(count === 0 ? error.message : count === 1 ? 'One thing needs another look.' : `${count} things need another look.`);
      done.textContent = '';
      form.querySelector('[aria-invalid]')?.focus();
      return;
    }
    summarise('');
    touched.clear();
    form.reset();
    done.textContent = `${data.reference}: ${data.summary}`;
    document.querySelector(`[data-places="${data.slot}"]`).textContent = data.places_left;
    done.scrollIntoView({ block: 'nearest' });
  });
}
