// Calls the actions of the page with their generated client. Without this script, browsers post the forms to the page.

import { actions, enhance, isInputError } from '/actions.js';

const find = (selector, place = document) => place.querySelector(selector);
/** Finds the element that shows the success of a form. */
const findNotice = (form) => find('[data-done]', form.parentElement);

// On narrow screens, the explanations are collapsed.
if (matchMedia('(max-width: 60rem)').matches) {
  for (const details of document.querySelectorAll('details.wire')) details.open = false;
}

// The log: waves.

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
    // Reading the layout restarts the animation.
    void button.offsetWidth;
    button.classList.add('waving');
  });
}

// Booking: validated while the visitor fills in the form, and sent without leaving the page.

const swim = find('#swim form');
enhance(swim, actions.swim.book, {
  onPending: (pending) => pending && (findNotice(swim).textContent = ''),
  onData({ reference, summary, slot, places_left }) {
    touched.clear();
    findNotice(swim).textContent = `${reference}: ${summary}`;
    findNotice(swim).scrollIntoView({ block: 'nearest' });
    find(`[data-places="${slot}"]`).textContent = places_left;
  },
});

const touched = new Set();
let timer;
let running;

async function validate() {
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

function scheduleValidation(delay) {
  clearTimeout(timer);
  timer = setTimeout(validate, delay);
}

swim.addEventListener('submit', () => {
  clearTimeout(timer);
  running?.abort();
});

swim.addEventListener('focusout', ({ target }) => {
  // A field that the visitor left without a change is not validated yet.
  if (!target.name || (target.value === target.defaultValue && !touched.has(target.name))) return;
  touched.add(target.name);
  scheduleValidation(0);
});

swim.addEventListener('input', ({ target }) => {
  findNotice(swim).textContent = '';
  if (target.tagName === 'SELECT') touched.add(target.name);
  if (touched.size > 0) scheduleValidation(300);
});

// Films: `enhance` shows the progress and the button that stops the upload.

const film = find('#film form');
enhance(film, actions.film.send, {
  onPending: (pending) => pending && (findNotice(film).textContent = ''),
  onData({ title, bytes, films }) {
    findNotice(film).textContent = `“${title}” is in the can: ${(bytes / 1e6).toFixed(1)} MB. Film number ${films}.`;
    find('[data-films]').textContent = films;
  },
});
