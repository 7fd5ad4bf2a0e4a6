// Uses the demo in a browser without JavaScript, then checks the same page with JavaScript.
// The arguments are the command that starts the demo.

import { equal, match, ok } from 'node:assert/strict';

import { assertInvalid, assertValid, createFilm, createVisitor, reload, runSteps, servePage, submit, takeScreenshot } from './harness.mjs';

await runSteps(async (browser, address, step) => {
  await testWithoutScripts(browser, address, step);
  await testWithScripts(browser, address, step);
});

async function testWithoutScripts(browser, address, step) {
  const { context, posts } = await createVisitor(browser, false);
  const page = await context.newPage();
  const part = (id, of = page) => of.locator(`#${id}`);
  const button = (name, of = page) => of.getByRole('button', { name });
  const notice = (id, kind) => part(id).locator(`.notice.${kind}`).innerText();
  const visit = () => page.goto(address);

  const letter = part('letter');
  const email = letter.getByLabel('Email');
  const name = letter.getByLabel('First name');
  const send = button('Send me the letter');

  await step('the page loads and runs no script', async () => {
    equal((await visit()).status(), 200);
    ok(await page.locator('noscript').isVisible(), 'content for visitors without scripts is visible');
    ok(await button('Wave').first().isDisabled(), 'buttons that need a script are disabled');
    await takeScreenshot(page.locator('body'), 'page');
  });

  await step('an invalid email keeps the submitted values', async () => {
    await visit();
    await email.fill('kim@');
    await name.fill('"Kim" <b>&amp;');
    await letter.getByLabel('Only for spring tides').check();
    await submit(page, posts, send, 400);
    equal(await notice('letter', 'bad'), 'One thing needs another look.');
    await assertInvalid(email, 'That is not an email address yet');
    await assertValid(name);
    equal(await email.inputValue(), 'kim@');
    equal(await name.inputValue(), '"Kim" <b>&amp;');
    ok(await letter.getByLabel('Only for spring tides').isChecked());
    await takeScreenshot(letter, 'letter-wrong');
    await reload(page, posts);
    equal(await email.inputValue(), '');
    await assertValid(email);
  });

  await step('a corrected form succeeds', async () => {
    await email.fill('kim@');
    await submit(page, posts, send, 400);
    await email.fill('kim@example.com');
    await name.fill('Kim');
    await submit(page, posts, send, 200);
    match(await notice('letter', 'good'), /^Welcome aboard, Kim\. You are reader number 2, .* kim@example\.com\.$/s);
    equal(await email.inputValue(), '');
    await takeScreenshot(letter, 'letter-good');
    await reload(page, posts);
  });

  await step('an issue of the handler is shown at its field', async () => {
    await email.fill('kim@example.com');
    await submit(page, posts, send, 400);
    await assertInvalid(email, 'This address already gets the letter');
    equal(await email.inputValue(), 'kim@example.com');
  });

  await step('a result that is too large for a redirect is in the response to the POST', async () => {
    await visit();
    await name.fill('x'.repeat(5000));
    const [response] = await Promise.all([page.waitForNavigation(), send.click()]);
    equal(response.request().method(), 'POST');
    equal(response.status(), 400);
    equal(await notice('letter', 'bad'), '2 things need another look.');
    await assertInvalid(name, 'At most 60 letters fit on the envelope');
    equal((await name.inputValue()).length, 5000);
  });

  const card = part('card');
  const photo = card.getByLabel('Photo');
  const hang = button('Hang up the card');
  const cove = (number) => card.getByLabel(`Favourite coves, number ${number}`);
  const contact = card.getByRole('group', { name: 'If something happens, we call' });

  await step('an invalid upload shows every issue', async () => {
    await visit();
    await card.getByLabel('Name on the card').fill('Kim');
    await card.getByLabel('Years in cold water').fill('120');
    await photo.setInputFiles({ name: 'me.txt', mimeType: 'text/plain', buffer: Buffer.from('me') });
    await card.getByLabel('Home shore').selectOption('north-beach');
    await cove(1).fill('Otter Cove');
    await cove(2).fill('The cove behind the lighthouse, where the seals are');
    await contact.getByLabel('Name').fill('Kim');
    await contact.getByLabel('Phone').fill('call me');
    await card.getByLabel('I have a car').check();
    await submit(page, posts, hang, 400);
    equal(await notice('card', 'bad'), '6 things need another look.');
    await assertInvalid(card.getByLabel('Years in cold water'), 'A number of years from 0 to 90');
    await assertInvalid(photo, 'The photo must be a PNG, a JPEG or a WebP');
    await assertInvalid(cove(2), 'At most 30 letters fit on the card');
    await assertValid(cove(1));
    await assertInvalid(contact.getByLabel('Name'), 'Name someone other than yourself');
    await assertInvalid(contact.getByLabel('Phone'), 'Digits and spaces, optionally with a leading +');
    ok(await card.getByText('Bring at least one of these').isVisible());
    equal(await card.getByLabel('Home shore').inputValue(), 'north-beach');
    equal(await cove(1).inputValue(), 'Otter Cove');
    equal(await photo.inputValue(), '', 'a file input stays empty');
    ok(await card.getByLabel('I have a car').isChecked());
    await takeScreenshot(card, 'card-wrong');
    await photo.setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: Buffer.alloc(300_000) });
    await submit(page, posts, hang, 400);
    await assertInvalid(photo, 'The photo is larger than 256 KB');
  });

  await step('a corrected upload succeeds', async () => {
    const picture = await page.screenshot({ fullPage: true, clip: { x: 118, y: 160, width: 96, height: 96 } });
    await card.getByLabel('Years in cold water').fill('12');
    await photo.setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: picture });
    await card.getByLabel('Tow float').check();
    await cove(2).fill('');
    await contact.getByLabel('Name').fill('Ines');
    await contact.getByLabel('Phone').fill('+44 20 7946 0000');
    await submit(page, posts, hang, 200);
    match(await notice('card', 'good'), /^The card of Kim hangs by the door, with a photo of \d+ KB\.$/);
    const loaded = await card.getByAltText('Photo of Kim').evaluate((image) => image.naturalWidth);
    equal(loaded, 96, 'the photo is loaded');
    await takeScreenshot(card, 'card-good');
    await reload(page, posts);
    equal(await card.getByLabel('Years in cold water').inputValue(), '12', 'saved values are shown');
  });

  const hut = part('hut');
  const user = hut.getByLabel('Name');
  const password = hut.getByLabel('Password');
  const note = hut.getByLabel('Your note');
  const takeDown = (text) => hut.getByRole('listitem').filter({ hasText: text }).getByRole('button');
  const session = async () => (await context.cookies()).find((cookie) => cookie.name === 'session');
  const signIn = async (who, secret, status) => {
    await user.fill(who);
    await password.fill(secret);
    await submit(page, posts, button('Sign in'), status);
  };

  await step('the gate refuses a visitor who is not signed in', async () => {
    await visit();
    await note.fill('Hello');
    await submit(page, posts, button('Pin it'), 401);
    equal(await notice('hut', 'bad'), 'Sign in first');
    await takeScreenshot(hut, 'stranger-refused');
    await submit(page, posts, button('Hoist the red flag'), 401);
    equal(await notice('hut', 'bad'), 'Sign in first');
    equal(await hut.getByRole('listitem').count(), 2, 'nothing was pinned');
  });

  await step('a wrong password is refused', async () => {
    await visit();
    await signIn('ines', 'wrong', 401);
    equal(await notice('hut', 'bad'), 'No member has this name and password');
    equal(await user.inputValue(), 'ines');
    equal(await password.inputValue(), '', 'a password field stays empty');
    equal(await session(), undefined);
    await takeScreenshot(hut, 'sign-in-wrong');
    await user.fill('');
    await submit(page, posts, button('Sign in'), 400);
    await assertInvalid(user, 'Who are you?');
    await assertInvalid(password, 'The password is missing');
  });

  let old;
  await step('the right password signs the member in', async () => {
    await signIn('ines', 'ginger-cake', 200);
    equal(await notice('hut', 'good'), 'Come in, ines. The kettle is on.');
    ok(await hut.getByText('You are ines, a member.').isVisible());
    old = await session();
    ok(old.httpOnly && old.sameSite === 'Lax' && /^[0-9a-f]{32}$/.test(old.value), JSON.stringify(old));
    await takeScreenshot(hut, 'signed-in');
    await reload(page, posts);
  });

  await step('a member can do some things, and the handler or the gate refuses others', async () => {
    await note.fill('');
    await submit(page, posts, button('Pin it'), 400);
    await assertInvalid(note, 'A note needs some text');
    await note.fill('The kettle leaks.');
    await submit(page, posts, button('Pin it'), 200);
    ok(await hut.getByRole('listitem').filter({ hasText: 'The kettle leaks.' }).isVisible());
    await takeScreenshot(hut, 'pinned');
    await submit(page, posts, takeDown('orange glove'), 403);
    equal(await notice('hut', 'bad'), 'Only its author or the keeper may take down a note', 'the handler refuses');
    await takeScreenshot(hut, 'member-refused-by-handler');
    await submit(page, posts, button('Hoist the red flag'), 403);
    equal(await notice('hut', 'bad'), 'Only the keeper may do that', 'the gate refuses');
    await takeScreenshot(hut, 'member-refused-by-gate');
    await submit(page, posts, takeDown('kettle leaks'), 200);
    equal(await notice('hut', 'good'), 'Taken down.');
    equal(await hut.getByRole('listitem').count(), 2);
  });

  await step('a post from another origin with the member\'s cookie is refused', async () => {
    // Another port is another origin of the same site, so the browser sends the cookie.
    const evil = await servePage(`<form method="post" action="${address}/?_action=board.pin">
      <input name="text" value="Free cake!"><button>Win</button></form>`);
    for (const host of ['127.0.0.1', 'localhost']) {
      await page.goto(`http://${host}:${evil.port}/`);
      const [response] = await Promise.all([page.waitForNavigation(), button('Win').click()]);
      equal(response.request().method(), 'POST');
      equal(response.status(), 403, `from ${host}`);
    }
    evil.end();
    await visit();
    ok(await hut.getByText('You are ines').isVisible());
    equal(await hut.getByText('Free cake!').count(), 0);
  });

  await step('signing out ends the session', async () => {
    await submit(page, posts, button('Sign out'), 200);
    equal(await notice('hut', 'good'), 'You are signed out. Mind the step.');
    equal(await session(), undefined);
    await takeScreenshot(hut, 'signed-out');
    await context.addCookies([old]);
    await visit();
    ok(await button('Sign in').isVisible(), 'the old cookie does not sign the member in');
    await context.clearCookies();
  });

  await step('an error without issues keeps the submitted values', async () => {
    await signIn('keeper', 'orange-buoy', 200);
    await submit(page, posts, button('Hoist the red flag'), 200);
    await takeScreenshot(hut, 'keeper');
    const swim = part('swim');
    await swim.getByLabel('Name').fill('Kim');
    await swim.getByLabel('Email').fill('kim@example.com');
    await swim.getByLabel('Swim').selectOption('noon');
    await swim.getByLabel('Anything').fill('\nFirst line empty');
    await submit(page, posts, button('Book the swim'), 409);
    ok(await swim.getByText('The red flag is up, so no swim can be booked').isVisible());
    equal(await swim.getByLabel('Name').inputValue(), 'Kim');
    equal(await swim.getByLabel('Swim').inputValue(), 'noon');
    equal(await swim.getByLabel('Anything').inputValue(), '\nFirst line empty');
    await takeScreenshot(swim, 'booking-refused');
    await submit(page, posts, button('Hoist the green flag'), 200);
  });

  await step('a film is uploaded without a progress bar, and an invalid form is shown again', async () => {
    await visit();
    const film = part('film');
    equal(await film.locator('progress:visible, [data-abort]:visible').count(), 0, 'elements that need a script are hidden');
    await film.getByLabel('Title').fill('Seals');
    await submit(page, posts, button('Send the film'), 400);
    await assertInvalid(film.getByLabel('Film', { exact: true }), 'Choose a film');
    equal(await film.getByLabel('Title').inputValue(), 'Seals');
    await film.getByLabel('Film', { exact: true }).setInputFiles(await createFilm(20_000_000));
    await submit(page, posts, button('Send the film'), 200);
    equal(await notice('film', 'good'), '“Seals” is in the can. Film number 1.');
    await takeScreenshot(film, 'film-good');
  });

  await step('an unknown action returns 404 and the page', async () => {
    await visit();
    await letter.locator('form').evaluate((form) => form.setAttribute('action', '?_action=nothing'));
    const [response] = await Promise.all([page.waitForNavigation(), send.click()]);
    equal(response.status(), 404);
    ok(await letter.isVisible(), 'the page is shown');
    equal(await page.locator('.notice:visible').count(), 0, 'no result is shown');
  });

  await step('two tabs do not show each other\'s results', async () => {
    const tabs = await Promise.all(['left@', 'right@'].map(async (typed) => {
      const tab = await context.newPage();
      await tab.goto(address);
      const field = part('letter', tab).getByLabel('Email');
      await field.fill(typed);
      return { tab, field, typed };
    }));
    await Promise.all(tabs.map(({ tab }) => Promise.all([tab.waitForNavigation(), button('Send me the letter', tab).click()])));
    for (const { tab, field, typed } of tabs) {
      equal(await field.inputValue(), typed);
      await assertInvalid(field, 'That is not an email address yet');
      await reload(tab, posts);
      await tab.close();
    }
  });

  await step('no cookie of a result is left in the browser', async () => {
    const left = (await context.cookies()).filter((cookie) => cookie.name !== 'session').map((cookie) => cookie.name);
    equal(left.join(), '');
  });
  await context.close();
}

async function testWithScripts(browser, address, step) {
  const { context, posts } = await createVisitor(browser, true);
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(address);

  await step('with scripts: a wave is counted', async () => {
    const wave = page.getByRole('button', { name: 'Wave at the swim of Tuesday' });
    const count = wave.locator('.count');
    equal(await count.innerText(), '14');
    await wave.click();
    await count.filter({ hasText: '15' }).waitFor();
    await takeScreenshot(page.locator('#log'), 'with-scripts-waved');
  });

  await step('with scripts: a form is validated while it is filled in', async () => {
    const swim = page.locator('#swim');
    const email = swim.getByLabel('Email');
    await swim.getByLabel('Name').fill('Kim');
    await email.fill('kim@');
    await swim.getByLabel('People').click();
    await swim.getByText('That is not an email address yet').waitFor();
    await assertInvalid(email, 'That is not an email address yet');
    await assertValid(swim.getByLabel('People'));
    await takeScreenshot(swim, 'with-scripts-live');
    await email.fill('kim@example.com');
    await swim.getByText('That is not an email address yet').waitFor({ state: 'hidden' });
    await assertValid(email);
    await swim.getByLabel('Swim').selectOption('noon');
    await page.getByRole('button', { name: 'Book the swim' }).click();
    await swim.locator('[data-done]').filter({ hasText: 'LW-41: Kim, party of 1' }).waitFor();
    equal(await page.locator('[data-places=noon]').innerText(), '5');
    ok(posts.every((url) => url.includes('/_actions/')), 'no form was posted to the page');
    equal(new URL(page.url()).search, '', 'the browser stays on the page');
    await takeScreenshot(swim, 'with-scripts-booked');
  });

  await step('with scripts: the console has no errors', async () => {
    // The browser logs every response with status 400. The validation of an invalid form gets such responses.
    equal(errors.filter((text) => !text.includes('status of 400')).join('\n'), '');
  });
  await context.close();
}
