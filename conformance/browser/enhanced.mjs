// Uses the demo with scripts: its enhanced forms, the typed client that it serves, and a large upload.
// The arguments are the command that starts the demo.

import { equal, match, ok } from 'node:assert/strict';

import { isRight, isWrong, shot, startBrowser, startDemo, visitor } from './harness.mjs';

const command = process.argv.slice(2);
const demo = await startDemo(command.length ? command : 'cargo run --quiet --package enact-axum --example demo --'.split(' '));
const MB = 1_000_000;
const film = { name: 'seals.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(20 * MB, 'seal') };
let browser;
let failed = false;

async function step(name, run) {
  try {
    await run();
    console.log(`ok    ${name}`);
  } catch (error) {
    failed = true;
    console.error(`FAIL  ${name}\n      ${String(error.stack ?? error).replaceAll('\n', '\n      ')}`);
  }
}

try {
  browser = await startBrowser();
  const { context, posts } = await visitor(browser, true);
  const page = await context.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(demo.address);
  await typedClient(page);
  await byKeyboard(page, posts);
  await uploads(page, context, posts);
  await oddities(page);
  await ofOnesOwn(page);
  await step('no script failed', () => equal(problems.join('\n'), ''));
  await context.close();
} finally {
  await browser?.close();
  demo.end();
}
process.exit(failed ? 1 : 0);

async function typedClient(page) {
  await step('the client is a module of its own, kept by the browser while it is the same', async () => {
    const response = await page.request.get(`${demo.address}/actions.js`);
    match(response.headers()['content-type'], /^text\/javascript/);
    ok(!(await response.text()).includes('import '), 'it imports nothing');
    const again = await page.request.get(`${demo.address}/actions.js`, { headers: { 'if-none-match': response.headers().etag } });
    equal(again.status(), 304);
  });

  await step('calls from the page: data, an error, an input that is refused, orThrow', async () => {
    const told = await page.evaluate(async () => {
      const { actions, isActionError, isInputError } = await import('/actions.js');
      const waved = await actions.log.wave({ entry: 'fog' });
      const gone = await actions.log.wave({ entry: 'none' });
      const refused = await actions.newsletter({ email: 'kim@', often: 'weekly' });
      const thrown = await actions.log.wave.orThrow({ entry: 'none' }).catch((error) => error);
      return [
        waved.data.waves,
        [gone.error.code, gone.error.status, isInputError(gone.error)],
        [isInputError(refused.error), { ...refused.error.fields }],
        isActionError(thrown),
        String(actions.log.wave),
      ];
    });
    equal(JSON.stringify(told), JSON.stringify([
      7, ['NOT_FOUND', 404, false], [true, { email: ['That is not an email address yet'] }], true, '?_action=log.wave',
    ]));
  });
}

async function byKeyboard(page, posts) {
  const swim = page.locator('#swim');
  const key = (name) => page.keyboard.press(name);
  const focused = () => page.evaluate(() => document.activeElement.name || document.activeElement.textContent);
  const sent = () => swim.locator('form[aria-busy="false"]').waitFor();

  await step('errors by keyboard alone: the first wrong field has the focus, and says what is wrong', async () => {
    await swim.getByLabel('Name').focus();
    await key('Enter');
    await swim.getByText('Who is coming?').waitFor();
    await sent();
    equal(await focused(), 'name');
    await isWrong(swim.getByLabel('Name'), 'Who is coming?');
    await isWrong(swim.getByLabel('Email'), 'We need your address in case the weather turns');
    await isWrong(swim.getByLabel('Swim'), 'Choose a swim');
    await isRight(swim.getByLabel('People'));
    await shot(swim, 'keyboard-wrong');
  });

  await step('errors by keyboard alone: what is mended is told no more, and the rest has the focus', async () => {
    await page.keyboard.type('Kim');
    await key('Tab');
    await page.keyboard.type('kim@');
    await key('Tab');
    await page.keyboard.type('12');
    await key('Tab');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('0');
    await key('Enter');
    await swim.getByText('At least one person has to come').waitFor();
    await sent();
    equal(await focused(), 'email');
    await isRight(swim.getByLabel('Name'));
    await isRight(swim.getByLabel('Swim'));
    await isWrong(swim.getByLabel('Email'), 'That is not an email address yet');
    equal(await swim.getByLabel('Name').inputValue(), 'Kim', 'what was typed is still there');
  });

  await step('errors by keyboard alone: mended, and booked', async () => {
    await page.keyboard.press('Control+A');
    await page.keyboard.type('kim@example.com');
    await key('Tab');
    await key('Tab');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('1');
    await key('Enter');
    await swim.locator('[data-done]').filter({ hasText: 'LW-41: Kim, party of 1' }).waitFor();
    equal(await swim.locator('[data-done]').getAttribute('role'), 'status');
    equal(await swim.getByLabel('Name').inputValue(), '', 'the form is empty again');
    equal(await swim.locator('[aria-invalid]').count(), 0);
    ok(posts.every((url) => url.includes('/_actions/')), 'no form was posted to the page');
    await shot(swim, 'keyboard-booked');
  });

  await step('an error of no field is told in the live region', async () => {
    await page.route('**/_actions/swim.book', (route) => route.fulfill({
      status: 409,
      contentType: 'application/json',
      body: JSON.stringify({ type: 'AstroActionError', code: 'CONFLICT', status: 409, message: 'The red flag is up' }),
    }));
    await swim.getByLabel('Name').fill('Kim');
    await swim.getByLabel('Name').press('Enter');
    await swim.getByRole('alert').filter({ hasText: 'The red flag is up' }).waitFor();
    equal(await swim.getByLabel('Name').inputValue(), 'Kim');
    await shot(swim, 'live-region');
    await page.unroute('**/_actions/swim.book');
  });

  await step('so is a server that cannot be reached', async () => {
    await page.route('**/_actions/swim.book', (route) => route.abort('connectionrefused'));
    await swim.getByLabel('Name').press('Enter');
    await swim.getByRole('alert').filter({ hasText: 'The server cannot be reached' }).waitFor();
    await sent();
    await page.unroute('**/_actions/swim.book');
  });

  await step('Enter twice sends once', async () => {
    await page.route('**/_actions/swim.book', async (route) => {
      await new Promise((go) => setTimeout(go, 500));
      await route.continue();
    });
    const before = posts.filter((url) => url.endsWith('swim.book')).length;
    await swim.getByLabel('Name').focus();
    await key('Enter');
    await swim.locator('form[aria-busy="true"]').waitFor();
    equal(await swim.getByRole('button', { name: 'Book' }).getAttribute('aria-disabled'), 'true');
    await key('Enter');
    await sent();
    equal(posts.filter((url) => url.endsWith('swim.book')).length - before, 1);
    await page.unroute('**/_actions/swim.book');
  });
}

async function uploads(page, context, posts) {
  const section = page.locator('#film');
  const bar = section.locator('progress');
  const stop = section.getByRole('button', { name: 'Stop' });
  const send = section.getByRole('button', { name: 'Send the film' });
  const network = await context.newCDPSession(page);
  const upload = (bytesPerSecond) =>
    network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytesPerSecond });
  const choose = async (title) => {
    await section.getByLabel('Title').fill(title);
    await section.getByLabel('Film', { exact: true }).setInputFiles(film);
  };
  await network.send('Network.enable');

  await step('an upload of 20 MB shows how far it is', async () => {
    ok(!(await bar.isVisible()) && !(await stop.isVisible()), 'nothing is sent yet');
    await bar.evaluate((bar) => {
      window.steps = [];
      new MutationObserver(() => window.steps.push([bar.value, bar.max])).observe(bar, { attributeFilter: ['value'] });
    });
    await upload(8 * MB);
    await choose('Seals');
    await send.click();
    await bar.waitFor();
    ok(await stop.isVisible());
    await page.waitForFunction(() => { const bar = document.querySelector('#film progress'); return bar.position > 0.3 && bar.position < 0.9; }, null, { polling: 20 });
    await shot(section, 'upload-half');
    await section.locator('[data-done]').filter({ hasText: '“Seals” is in the can: 20.0 MB. Film number 1.' }).waitFor({ timeout: 20_000 });
    ok(!(await bar.isVisible()) && !(await stop.isVisible()), 'nothing is sent any more');
    const steps = (await page.evaluate(() => window.steps)).filter(([, max]) => max > 20 * MB);
    ok(steps.length >= 5, `the bar moved ${steps.length} times`);
    ok(steps.every(([value], i) => i === 0 || value >= steps[i - 1][0]), 'it never went back');
    equal(...steps.at(-1), 'it ended at its end');
    await shot(section, 'upload-done');
  });

  await step('an upload is stopped by keyboard', async () => {
    await upload(2 * MB);
    await choose('Waves');
    const ended = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/_actions/film.send'));
    await send.press('Enter');
    await page.waitForFunction(() => document.querySelector('#film progress').position > 0.05, null, { polling: 20 });
    await page.keyboard.press('Tab');
    ok(await stop.evaluate((stop) => stop === document.activeElement), 'the way to stop follows the button');
    await shot(section, 'upload-before-stop');
    await page.keyboard.press('Enter');
    await ended;
    await stop.waitFor({ state: 'hidden' });
    ok(await send.evaluate((send) => send === document.activeElement), 'the focus is not lost');
    equal(await section.locator('[role=alert]').textContent(), '', 'who stopped it needs no telling');
    equal(await section.getByLabel('Title').inputValue(), 'Waves', 'the form is as it was');
    await upload(-1);
    await send.press('Enter');
    await section.locator('[data-done]').filter({ hasText: 'Film number 2.' }).waitFor({ timeout: 20_000 });
  });

  await step('what is no film is told beside its input', async () => {
    await section.getByLabel('Film', { exact: true }).setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') });
    await send.press('Enter');
    await section.getByText('This file is not a video').waitFor();
    await isWrong(section.getByLabel('Title'), 'What is on it?');
    await isWrong(section.getByLabel('Film', { exact: true }), 'This file is not a video');
    ok(posts.every((url) => url.includes('/_actions/')), 'no form was posted to the page');
    await shot(section, 'upload-wrong');
  });

  await step('the client ends an upload by its signal, and tells how far it is', async () => {
    await upload(4 * MB);
    const told = await page.evaluate(async () => {
      const { actions } = await import('/actions.js');
      const controller = new AbortController();
      const film = new File([new Uint8Array(20_000_000)], 'a.mp4', { type: 'video/mp4' });
      const steps = [];
      const onUpload = (sent, total) => {
        steps.push(sent / total);
        if (sent > 2_000_000) controller.abort(new Error('enough'));
      };
      const problem = await actions.film.send({ title: 'A', film }, { signal: controller.signal, onUpload }).catch((error) => error.message);
      const before = await actions.film.send({ title: 'A', film }, { signal: controller.signal, onUpload }).catch((error) => error.message);
      return { problem, before, most: Math.max(...steps) };
    });
    equal(told.problem, 'enough');
    equal(told.before, 'enough', 'a signal that is aborted already sends nothing');
    ok(told.most < 1, `it was ended at ${told.most}`);
    await upload(-1);
  });
}

/** What else a page does with calls and with forms. */
async function oddities(page) {
  const put = (id, html) => page.evaluate(([id, html]) => {
    document.querySelector(`#${id}`)?.remove();
    document.querySelector('main').insertAdjacentHTML('afterbegin', html);
  }, [id, html]);

  await step('an upload that somebody else ends is rejected like one that fails', async () => {
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

  await step('a client with a fetch of its own sends all by it', async () => {
    const told = await page.evaluate(async () => {
      const { createActions } = await import('/actions.js');
      const asked = [];
      const own = createActions({ fetch: (url, init) => (asked.push(url), fetch(url, init)) });
      const { error } = await own.membership.save(new FormData(), { onUpload() {} });
      return [...asked, error.code];
    });
    equal(told.join(), '/_actions/membership.save,BAD_REQUEST');
  });

  await step('what is not posted to the page is left to the browser', async () => {
    await put('left', `<form id="left" method="post"><input name="name"><button id="save">Save</button>
      <dialog><button formmethod="dialog" formnovalidate>Cancel</button></dialog></form>`);
    const told = await page.evaluate(async () => {
      const { actions, enhance } = await import('/actions.js');
      const form = document.querySelector('#left');
      let sent = 0;
      enhance(form, actions.membership.save, { onPending: (pending) => pending && (sent += 1) });
      const left = [];
      // After the form's own listener: what it did not prevent would go on.
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
      submit({ formmethod: 'POST', formtarget: '_self' });
      await new Promise((done) => setTimeout(done, 300));
      form.removeAttribute('method');
      submit({});
      return [none, sent, left.join()];
    });
    equal(JSON.stringify(told), JSON.stringify([0, 2, [...Array(9).fill(true), false, false].join()]));
  });

  await step('Cancel in a dialog closes it and sends nothing', async () => {
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

  await step('fields may have the names of what a form has itself', async () => {
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
    ok(!(await form.locator('progress').isVisible()) && !(await form.getByRole('button', { name: 'Stop' }).isVisible()), 'hidden, though nobody said so');
    const send = form.getByRole('button', { name: 'Send' });
    for (const times of [1, 2]) {
      await send.click();
      await page.waitForFunction((times) => window.seen.length === times, times);
    }
    await isWrong(form.getByLabel('Whose'), 'The card needs a name');
    equal(await form.getByRole('button', { name: 'Save' }).getAttribute('aria-disabled'), 'true', 'as the page has it');
    equal(await send.getAttribute('aria-disabled'), null);
    await page.route('**/_actions/membership.save', (route) => route.fulfill({ status: 200, body: '[1]' }));
    await form.getByLabel('elements').fill('sea');
    await send.click();
    await page.waitForFunction(() => window.seen.length === 3);
    equal(await form.getByLabel('elements').inputValue(), '', 'the form is empty again');
    await page.unroute('**/_actions/membership.save');
    equal((await page.evaluate(() => window.seen)).join(), 'BAD_REQUEST,BAD_REQUEST,data');
  });

  await step('a page\'s own mistake while it is sent keeps the form usable', async () => {
    await put('left', '<form id="left" method="post"><input name="name" aria-label="Whose"><button>Save</button></form>');
    const told = await page.evaluate(async () => {
      const { actions, enhance } = await import('/actions.js');
      const form = document.querySelector('#left');
      let pending = 0;
      // Said to be no failure of the page's.
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

/** Forms that the server wrote nothing for but their fields. */
async function ofOnesOwn(page) {
  await step('a bare form gets all that it lacks, and a redirect is handed over', async () => {
    await page.evaluate(async () => {
      const { actions, enhance } = await import('/actions.js');
      document.querySelector('main').insertAdjacentHTML('afterbegin', `<form id="bare">
        <label>Name <input name="name"></label><input name="contact.phone" aria-label="Phone">
        <fieldset><legend>Kit</legend><label><input type="checkbox" name="kit" value="cap"> Cap</label>
        <label><input type="checkbox" name="kit" value="float"> Float</label></fieldset><button>Save</button></form>`);
      window.seen = [];
      window.bare = enhance(document.querySelector('#bare'), actions.membership.save, {
        onPending: (pending) => window.seen.push(pending),
        onError: (error) => window.seen.push(error.code),
        onRedirect: (to) => window.seen.push(to),
      });
    });
    const bare = page.locator('#bare');
    await bare.getByRole('button').click();
    await bare.getByText('The card needs a name').waitFor();
    await isWrong(bare.getByLabel('Name'), 'The card needs a name');
    await isWrong(bare.getByLabel('Phone'), 'Which number should we call?');
    await isWrong(bare.getByLabel('Float'), 'Bring at least one of these');
    equal(await bare.locator('fieldset p').count(), 1, 'a group is told once');
    match(await bare.getByRole('alert').innerText(), /Choose a shore/, 'what has no field is told above');
    equal(await bare.evaluate(() => document.activeElement.name), 'name');
    await page.route('**/_actions/membership.save', (route) => route.fulfill({ status: 204, headers: { 'enact-redirect': '/elsewhere' } }));
    await bare.getByRole('button').click();
    await page.waitForFunction(() => window.seen.includes('/elsewhere'));
    equal(await bare.locator('[aria-invalid]').count(), 0);
    equal(JSON.stringify(await page.evaluate(() => window.seen)), '[true,false,"BAD_REQUEST",true,false,"/elsewhere"]');
    await page.unroute('**/_actions/membership.save');
  });

  await step('destroyed, it is a plain form again', async () => {
    await page.evaluate(() => window.bare.destroy());
    await Promise.all([page.waitForURL(/[?]name=/), page.locator('#bare').getByRole('button').click()]);
  });
}
