// Large uploads by the demo's form and by its client.

import { equal, ok } from 'node:assert/strict';

import { assertInvalid, createFilm, takeScreenshot } from './harness.mjs';

const MB = 1_000_000;

/** Uploads a film: with progress, with an abort, with errors. */
export async function testUploads(page, context, posts, step) {
  const film = await createFilm(20 * MB);
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

  await step('an upload of 20 MB shows its progress', async () => {
    ok(!(await bar.isVisible()) && !(await stop.isVisible()), 'the progress bar is hidden before the upload');
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
    await takeScreenshot(section, 'upload-half');
    await section.locator('[data-done]').filter({ hasText: '“Seals” is in the can: 20.0 MB. Film number 1.' }).waitFor({ timeout: 20_000 });
    ok(!(await bar.isVisible()) && !(await stop.isVisible()), 'the progress bar is hidden after the upload');
    const steps = (await page.evaluate(() => window.steps)).filter(([, max]) => max > 20 * MB);
    ok(steps.length >= 5, `the bar moved ${steps.length} times`);
    ok(steps.every(([value], i) => i === 0 || value >= steps[i - 1][0]), 'the bar never moved backwards');
    equal(...steps.at(-1), 'the bar ended at its maximum');
    await takeScreenshot(section, 'upload-done');
  });

  await step('an upload is aborted by keyboard', async () => {
    await upload(2 * MB);
    await choose('Waves');
    const ended = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/_actions/film.send'));
    await send.press('Enter');
    await page.waitForFunction(() => document.querySelector('#film progress').position > 0.05, null, { polling: 20 });
    await page.keyboard.press('Tab');
    ok(await stop.evaluate((stop) => stop === document.activeElement), 'the abort button follows the submit button');
    await takeScreenshot(section, 'upload-before-stop');
    await page.keyboard.press('Enter');
    await ended;
    await stop.waitFor({ state: 'hidden' });
    ok(await send.evaluate((send) => send === document.activeElement), 'the submit button has the focus');
    equal(await section.locator('[role=alert]').textContent(), '', 'an aborted upload shows no message');
    equal(await section.getByLabel('Title').inputValue(), 'Waves', 'the form keeps its values');
    await upload(-1);
    await send.press('Enter');
    await section.locator('[data-done]').filter({ hasText: 'Film number 2.' }).waitFor({ timeout: 20_000 });
  });

  await step('a file of the wrong type is reported at its input', async () => {
    await section.getByLabel('Film', { exact: true }).setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') });
    await send.press('Enter');
    await section.getByText('This file is not a video').waitFor();
    await assertInvalid(section.getByLabel('Title'), 'What is on it?');
    await assertInvalid(section.getByLabel('Film', { exact: true }), 'This file is not a video');
    ok(posts.every((url) => url.includes('/_actions/')), 'no form was posted to the page');
    await takeScreenshot(section, 'upload-wrong');
  });

  await step('a signal aborts an upload of the client, which reports its progress', async () => {
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
      return { problem, before, furthest: Math.max(...steps) };
    });
    equal(told.problem, 'enough');
    equal(told.before, 'enough', 'an aborted signal sends nothing');
    ok(told.furthest < 1, `the upload was aborted at ${told.furthest}`);
    await upload(-1);
  });
}
