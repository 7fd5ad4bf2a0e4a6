// Edge cases of the client and of enhanced forms.

import { equal, ok } from 'node:assert/strict';

import { assertInvalid } from './harness.mjs';

/** Unusual calls and unusual forms. */
export async function testEdgeCases(page, step) {
  const put = (id, html) => page.evaluate(([id, html]) => {
    document.querySelector(`#${id}`)?.remove();
    document.querySelector('main').insertAdjacentHTML('afterbegin', html);
  }, [id, html]);

  await step('an upload that the browser aborts is rejected with a TypeError', async () => {
    const told = await page.evaluate(async () => {
      const { actions } = await import('/actions.js');
      const { send } = XMLHttpRequest.prototype;
      XMLHttpRequest.prototype.send = function (body) {
        send.call(this, body);
        this.abort();
      };
      const call = (signal) => actions.membership.save(new FormData(), { signal, onUpload() {} }).catch((error) => error.name);
      const told = [await call(undefined), await call(new AbortController().signal)];
      XMLHttpRequest.prototype.send = send;
      return told;
    });
    equal(told.join(), 'TypeError,TypeError');
  });

  await step('a client with its own fetch also uploads with it', async () => {
    const told = await page.evaluate(async () => {
      const { createActions } = await import('/actions.js');
      const asked = [];
      const own = createActions({ fetch: (url, init) => (asked.push(url), fetch(url, init)) });
      const { error } = await own.membership.save(new FormData(), { onUpload() {} });
      return [...asked, error.code];
    });
    equal(told.join(), '/_actions/membership.save,BAD_REQUEST');
  });

  await step('a submission that does not post to the page is left to the browser', async () => {
    await put('left', `<form id="left" method="post"><input name="name"><button id="save">Save</button>
      <dialog><button formmethod="dialog" formnovalidate>Cancel</button></dialog></form>`);
    const told = await page.evaluate(async () => {
      const { actions, enhance } = await import('/actions.js');
      const form = document.querySelector('#left');
      let sent = 0;
      let finish;
      enhance(form, actions.membership.save, { onPending: (pending) => (pending ? (sent += 1) : finish()) });
      const left = [];
      // This listener runs after that of `enhance`. An event that is not prevented by then goes to the browser.
      form.addEventListener('submit', (event) => (left.push(!event.defaultPrevented), event.preventDefault()));
      const button = form.querySelector('#save');
      const submit = (attributes, of = button) => {
        for (const [name, value] of Object.entries(attributes)) of.setAttribute(name, value);
        form.requestSubmit(button);
        for (const name of Object.keys(attributes)) of.removeAttribute(name);
      };
      for (const formmethod of ['dialog', 'GET', 'put']) submit({ formmethod });
      for (const formtarget of ['_blank', 'frame']) submit({ formtarget });
      for (const method of ['dialog', 'get']) submit({ method }, form);
      submit({ target: '_top' }, form);
      submit({ formaction: '/elsewhere' });
      const none = sent;
      form.method = 'get';
      const finished = new Promise((resolve) => (finish = resolve));
      submit({ formmethod: 'POST', formtarget: '_self' });
      await finished;
      form.removeAttribute('method');
      submit({});
      return [none, sent, left.join()];
    });
    equal(JSON.stringify(told), JSON.stringify([0, 2, [...Array(9).fill(true), false, false].join()]));
  });

  await step('a cancel button closes its dialog and sends nothing', async () => {
    await put('left', `<dialog id="left"><form method="post"><input name="name" required aria-label="Whose">
      <button formmethod="dialog" formnovalidate>Cancel</button></form></dialog>`);
    await page.evaluate(async () => {
      const { actions, enhance } = await import('/actions.js');
      window.sent = 0;
      enhance(document.querySelector('#left form'), actions.membership.save, { onPending: () => (window.sent += 1) });
      document.querySelector('#left').showModal();
    });
    await page.locator('#left').getByRole('button').click();
    await page.locator('#left').waitFor({ state: 'hidden' });
    equal(await page.evaluate(() => window.sent), 0);
  });

  await step('fields may have the names of a form\'s own properties', async () => {
    const names = ['elements', 'reset', 'setAttribute', 'action', 'method', 'target', 'addEventListener', 'prepend'];
    await put('left', `<form id="left" method="post">${names.map((name) => `<input name="${name}" aria-label="${name}">`).join('')}
      <input name="name" aria-label="Whose"><progress></progress><button type="button" data-abort>Stop</button>
      <button aria-disabled="true">Save</button><button>Send</button></form>`);
    await page.evaluate(async () => {
      const { actions, enhance } = await import('/actions.js');
      window.seen = [];
      enhance(document.querySelector('#left'), actions.membership.save, { onData: () => window.seen.push('data'), onError: ({ code }) => window.seen.push(code) });
    });
    const form = page.locator('#left');
    ok(!(await form.locator('progress').isVisible()) && !(await form.getByRole('button', { name: 'Stop' }).isVisible()), 'the progress bar and the abort button are hidden');
    const send = form.getByRole('button', { name: 'Send' });
    for (const times of [1, 2]) {
      await send.click();
      await page.waitForFunction((times) => window.seen.length === times, times);
    }
    await assertInvalid(form.getByLabel('Whose'), 'The card needs a name');
    equal(await form.getByRole('button', { name: 'Save' }).getAttribute('aria-disabled'), 'true', 'the attribute is as before');
    equal(await send.getAttribute('aria-disabled'), null);
    await page.route('**/_actions/membership.save', (route) => route.fulfill({ status: 200, body: '[1]' }));
    await form.getByLabel('elements').fill('sea');
    await send.click();
    await page.waitForFunction(() => window.seen.length === 3);
    equal(await form.getByLabel('elements').inputValue(), '', 'the form is reset');
    await page.unroute('**/_actions/membership.save');
    equal((await page.evaluate(() => window.seen)).join(), 'BAD_REQUEST,BAD_REQUEST,data');
  });

  await step('an exception in a callback keeps the form usable', async () => {
    await put('left', '<form id="left" method="post"><input name="name" aria-label="Whose"><button>Save</button></form>');
    const told = await page.evaluate(async () => {
      const { actions, enhance } = await import('/actions.js');
      const form = document.querySelector('#left');
      let pending = 0;
      // The rejection is handled here, so that it does not count as a failed script.
      const caught = new Promise((caught) => addEventListener('unhandledrejection', (event) => (event.preventDefault(), caught(event.reason.message)), { once: true }));
      enhance(form, actions.membership.save, {
        onPending() {
          if ((pending += 1) === 1) throw new Error('mine');
        },
      });
      form.requestSubmit();
      const message = await caught;
      const busy = form.getAttribute('aria-busy');
      form.requestSubmit();
      return [message, busy, pending];
    });
    equal(JSON.stringify(told), '["mine","false",3]');
    await page.locator('#left').getByText('The card needs a name').waitFor();
    await page.evaluate(() => document.querySelector('#left').remove());
  });
}
