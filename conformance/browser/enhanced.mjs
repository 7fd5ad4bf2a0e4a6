// Uses the demo with JavaScript: its enhanced forms, and the client that it serves.
// The arguments are the command that starts the demo.

import { equal, match, ok } from 'node:assert/strict';

import { testEdgeCases } from './edge-cases.mjs';
import { assertInvalid, assertValid, createVisitor, runSteps, takeScreenshot } from './harness.mjs';
import { testUploads } from './uploads.mjs';

await runSteps(async (browser, address, step) => {
  const { context, posts } = await createVisitor(browser, true);
  const page = await context.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(address);
  await testClient(page, address, step);
  await testKeyboard(page, posts, step);
  await testUploads(page, context, posts, step);
  await testEdgeCases(page, step);
  await testBareForm(page, step);
  await step('no script threw an exception', () => equal(problems.join('\n'), ''));
  await context.close();
});

async function testClient(page, address, step) {
  await step('the client is a module without imports, with an ETag', async () => {
    const response = await page.request.get(`${address}/actions.js`);
    match(response.headers()['content-type'], /^text\/javascript/);
    ok(!(await response.text()).includes('import '), 'the module has no imports');
    const again = await page.request.get(`${address}/actions.js`, { headers: { 'if-none-match': response.headers().etag } });
    equal(again.status(), 304);
  });

  await step('a page calls actions and gets data, errors and issues', async () => {
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

async function testKeyboard(page, posts, step) {
  const swim = page.locator('#swim');
  const key = (name) => page.keyboard.press(name);
  const focused = () => page.evaluate(() => document.activeElement.name || document.activeElement.textContent);
  const sent = () => swim.locator('form[aria-busy="false"]').waitFor();

  await step('by keyboard: the first invalid field gets the focus and a message', async () => {
    await swim.getByLabel('Name').focus();
    await key('Enter');
    await swim.getByText('Who is coming?').waitFor();
    await sent();
    equal(await focused(), 'name');
    await assertInvalid(swim.getByLabel('Name'), 'Who is coming?');
    await assertInvalid(swim.getByLabel('Email'), 'We need your address in case the weather turns');
    await assertInvalid(swim.getByLabel('Swim'), 'Choose a swim');
    await assertValid(swim.getByLabel('People'));
    await takeScreenshot(swim, 'keyboard-wrong');
  });

  await step('by keyboard: a corrected field loses its message, and the next invalid field gets the focus', async () => {
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
    await assertValid(swim.getByLabel('Name'));
    await assertValid(swim.getByLabel('Swim'));
    await assertInvalid(swim.getByLabel('Email'), 'That is not an email address yet');
    equal(await swim.getByLabel('Name').inputValue(), 'Kim', 'the value stays in its field');
  });

  await step('by keyboard: a corrected form succeeds and is reset', async () => {
    await page.keyboard.press('Control+A');
    await page.keyboard.type('kim@example.com');
    await key('Tab');
    await key('Tab');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('1');
    await key('Enter');
    await swim.locator('[data-done]').filter({ hasText: 'LW-41: Kim, party of 1' }).waitFor();
    equal(await swim.locator('[data-done]').getAttribute('role'), 'status');
    equal(await swim.getByLabel('Name').inputValue(), '', 'the form is reset');
    equal(await swim.locator('[aria-invalid]').count(), 0);
    ok(posts.every((url) => url.includes('/_actions/')), 'no form was posted to the page');
    await takeScreenshot(swim, 'keyboard-booked');
  });

  await step('an error without a field is shown in the live region', async () => {
    await page.route('**/_actions/swim.book', (route) => route.fulfill({
      status: 409,
      contentType: 'application/json',
      body: JSON.stringify({ type: 'AstroActionError', code: 'CONFLICT', status: 409, message: 'The red flag is up' }),
    }));
    await swim.getByLabel('Name').fill('Kim');
    await swim.getByLabel('Name').press('Enter');
    await swim.getByRole('alert').filter({ hasText: 'The red flag is up' }).waitFor();
    equal(await swim.getByLabel('Name').inputValue(), 'Kim');
    await takeScreenshot(swim, 'live-region');
    await page.unroute('**/_actions/swim.book');
  });

  await step('an unreachable server is reported in the live region', async () => {
    await page.route('**/_actions/swim.book', (route) => route.abort('connectionrefused'));
    await swim.getByLabel('Name').press('Enter');
    await swim.getByRole('alert').filter({ hasText: 'The server cannot be reached' }).waitFor();
    await sent();
    await page.unroute('**/_actions/swim.book');
  });

  await step('pressing Enter twice sends the form once', async () => {
    let release;
    const released = new Promise((resolve) => (release = resolve));
    await page.route('**/_actions/swim.book', async (route) => {
      await released;
      await route.continue();
    });
    const before = posts.filter((url) => url.endsWith('swim.book')).length;
    await swim.getByLabel('Name').focus();
    await key('Enter');
    await swim.locator('form[aria-busy="true"]').waitFor();
    equal(await swim.getByRole('button', { name: 'Book' }).getAttribute('aria-disabled'), 'true');
    await key('Enter');
    release();
    await sent();
    equal(posts.filter((url) => url.endsWith('swim.book')).length - before, 1);
    await page.unroute('**/_actions/swim.book');
  });
}

/** A form with fields only, without elements for messages. */
async function testBareForm(page, step) {
  await step('a form without elements for messages gets them, and a redirect is passed to its callback', async () => {
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
    await assertInvalid(bare.getByLabel('Name'), 'The card needs a name');
    await assertInvalid(bare.getByLabel('Phone'), 'Which number should we call?');
    await assertInvalid(bare.getByLabel('Float'), 'Bring at least one of these');
    equal(await bare.locator('fieldset p').count(), 1, 'a group has one message');
    match(await bare.getByRole('alert').innerText(), /Choose a shore/, 'an issue without a field is shown at the top');
    equal(await bare.evaluate(() => document.activeElement.name), 'name');
    await page.route('**/_actions/membership.save', (route) => route.fulfill({ status: 204, headers: { 'enact-redirect': '/elsewhere' } }));
    await bare.getByRole('button').click();
    await page.waitForFunction(() => window.seen.includes('/elsewhere'));
    equal(await bare.locator('[aria-invalid]').count(), 0);
    equal(JSON.stringify(await page.evaluate(() => window.seen)), '[true,false,"BAD_REQUEST",true,false,"/elsewhere"]');
    await page.unroute('**/_actions/membership.save');
  });

  await step('after destroy, the browser submits the form', async () => {
    await page.evaluate(() => window.bare.destroy());
    await Promise.all([page.waitForURL(/[?]name=/), page.locator('#bare').getByRole('button').click()]);
  });
}
