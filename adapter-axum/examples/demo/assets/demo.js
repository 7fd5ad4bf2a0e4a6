// Calls the page's actions by their typed client. Without it the forms are posted to the page instead.

import { actions, enhance, isInputError } from '/actions.js';

const find = (selector, place = document) => place.querySelector(selector);
/** Where a section says what came of its form. */
const done = (form) => find('[data-done]', form.parentElement);

// On a narrow screen the forms come first.
if (matchMedia('(max-width: 60rem)').matches) {
  for (const details of document.querySelectorAll('details.wire')) details.open = false;
}

// Waving.

for (const button of document.querySelectorAll('[data-wave]')) {
  button.disabled = false;
  button.addEventListener('click', async () => {
    const { data, error } = await actions.log.wave({ entry: button.dataset.wave }).catch(() => ({
      error: { message: 'The server did not answer. Is it still running?' },
    }));
    find('[data-wave-error]').textContent = error?.message ?? '';
    if (!data) return;
    find('.count', button).textContent = data.waves;
    button.classList.remove('waving');
    // Read, so that the animation starts anew.
    void button.offsetWidth;
    button.classList.add('waving');
  });
}

// Booking: sent without leaving the page, and checked while it is filled in.

const swim = find('#swim form');
enhance(swim, actions.swim.book, {
  onPending: (pending) => pending && (done(swim).textContent = ''),
  onData({ reference, summary, slot, places_left }) {
    touched.clear();
    done(swim).textContent = `${reference}: ${summary}`;
    done(swim).scrollIntoView({ block: 'nearest' });
    find(`[data-places="${slot}"]`).textContent = places_left;
  },
});

const touched = new Set();
let timer;
let running;

async function check() {
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  const result = await actions.swim.check(new FormData(swim), { signal }).catch(() => undefined);
  if (!result || signal.aborted) return;
  const fields = isInputError(result.error) ? result.error.fields : {};
  for (const name of touched) {
    const messages = fields[name] ?? [];
    find(`[data-error="${name}"]`, swim).textContent = messages.join('. ');
    const field = swim.elements.namedItem(name);
    if (messages.length > 0) field.setAttribute('aria-invalid', 'true');
    else field.removeAttribute('aria-invalid');
  }
}

function soon(delay) {
  clearTimeout(timer);
  timer = setTimeout(check, delay);
}

swim.addEventListener('submit', () => {
  clearTimeout(timer);
  running?.abort();
});

swim.addEventListener('focusout', ({ target }) => {
  // A field that is only passed by is not yet wrong.
  if (!target.name || (target.value === target.defaultValue && !touched.has(target.name))) return;
  touched.add(target.name);
  soon(0);
});

swim.addEventListener('input', ({ target }) => {
  done(swim).textContent = '';
  if (target.tagName === 'SELECT') touched.add(target.name);
  if (touched.size > 0) soon(300);
});

// A film: an upload that shows how far it is, and that can be ended.

const film = find('#film form');
enhance(film, actions.film.send, {
  onPending: (pending) => pending && (done(film).textContent = ''),
  onData({ title, bytes, films }) {
    done(film).textContent = `“${title}” is in the can: ${(bytes / 1e6).toFixed(1)} MB. Film number ${films}.`;
    find('[data-films]').textContent = films;
  },
});
