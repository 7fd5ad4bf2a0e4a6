// Starts the demo and a browser, and says what a step expects.

import { equal, match, ok } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const { chromium } = createRequire(new URL('target/browser-tools/', root))('playwright-core');
const shots = fileURLToPath(new URL('target/browser/', root));

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the demo on a free port: its address, and how to end it. */
export async function startDemo([program, ...args]) {
  const demo = spawn(program, [...args, '--port', '0'], { cwd: fileURLToPath(root), stdio: ['ignore', 'pipe', 'inherit'] });
  const address = new Promise((resolve, reject) => {
    createInterface({ input: demo.stdout }).on('line', (line) => {
      const found = line.match(/http:\/\/[\d.]+:\d+/);
      if (found) resolve(found[0]);
    });
    demo.once('error', reject);
    demo.once('exit', (code) => reject(new Error(`the demo ended before it listened (${code})`)));
  });
  return { address: await address, end: () => demo.kill() };
}

export async function startBrowser() {
  await mkdir(shots, { recursive: true });
  return chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: FLAGS });
}

/** Serves one page at another origin. */
export async function serve(html) {
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html));
  await new Promise((resolve) => server.listen(0, resolve));
  return { port: server.address().port, end: () => server.close() };
}

/** A visitor: a browser with cookies of its own, and a list of what it posted. */
export async function visitor(browser, javaScriptEnabled) {
  const context = await browser.newContext({ javaScriptEnabled, viewport: WIDE, reducedMotion: 'reduce' });
  context.setDefaultTimeout(10_000);
  const posts = [];
  context.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
  return { context, posts };
}

let number = 0;

/** Takes a picture of a part of the page, wide and narrow. */
export async function shot(place, name) {
  const page = place.page();
  number += 1;
  const file = `${shots}${String(number).padStart(2, '0')}-${name}`;
  await place.screenshot({ path: `${file}.png` });
  await page.setViewportSize(NARROW);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  ok(overflow <= 0, `${name}: narrow, the page is ${overflow} pixels too wide`);
  await place.screenshot({ path: `${file}-narrow.png` });
  await page.setViewportSize(WIDE);
}

/** Sends a form and follows the redirect, which a GET has to come of. */
export async function submit(page, posts, button, status) {
  const before = posts.length;
  const [response] = await Promise.all([page.waitForNavigation(), button.click()]);
  const post = response.request().redirectedFrom();
  equal(post?.method(), 'POST', 'the form is posted, and answered with a redirect');
  equal((await post.response()).status(), 303, 'the status of the redirect');
  equal(posts.length - before, 1, 'the form is posted once');
  equal(response.request().method(), 'GET', 'the page that follows is asked for by a GET');
  match(page.url(), /\/\?_result=[\w-]+#\w+$/, 'the address names the result, and keeps the place on the page');
  equal(response.status(), status, 'the status of the page');
}

/** Reloads a page, which posts nothing and shows the result no more. */
export async function reload(page, posts) {
  const before = posts.length;
  const response = await page.reload();
  equal(response.request().method(), 'GET', 'a reload asks by a GET');
  equal(response.status(), 200, 'the status after a reload');
  equal(posts.length, before, 'a reload posts nothing');
  equal(await page.locator('.notice:visible').count(), 0, 'after a reload the result is gone');
}

/** A field is marked as wrong, and what describes it says why. */
export async function isWrong(field, message) {
  equal(await field.getAttribute('aria-invalid'), 'true', `${message}: the field is marked`);
  const ids = (await field.getAttribute('aria-describedby')) ?? '';
  const places = ids.split(' ').map((id) => field.page().locator(`[id="${id}"]`));
  const texts = await Promise.all(places.map((place) => place.innerText()));
  ok(texts.includes(message), `the field is described by “${message}”, not by ${JSON.stringify(texts)}`);
}

export async function isRight(field) {
  equal(await field.getAttribute('aria-invalid'), null, 'a field that nothing is wrong with is not marked');
}
