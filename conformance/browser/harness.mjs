// Starts the demo and a browser, runs steps, and has the assertions that they share.

import { equal, match, ok } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
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

/**
 * Runs the steps of a file, and exits with 1 if one of them failed. `run` receives the browser, the address of the demo, and a
 * function that runs one step.
 *
 * The program's arguments are the command that starts the demo.
 */
export async function runSteps(run) {
  const command = process.argv.slice(2);
  const demo = await startDemo(command.length ? command : 'cargo run --quiet --package enact-axum --example demo --'.split(' '));
  let browser;
  let failed = false;
  const step = async (name, body) => {
    try {
      await body();
      console.log(`ok    ${name}`);
    } catch (error) {
      failed = true;
      console.error(`FAIL  ${name}\n      ${String(error.stack ?? error).replaceAll('\n', '\n      ')}`);
    }
  };
  try {
    browser = await startBrowser();
    await run(browser, demo.address, step);
  } finally {
    await browser?.close();
    demo.end();
  }
  process.exit(failed ? 1 : 0);
}

/** Starts the demo on a free port. Returns its address and a function that ends it. */
async function startDemo([program, ...args]) {
  const demo = spawn(program, [...args, '--port', '0'], { cwd: fileURLToPath(root), stdio: ['ignore', 'pipe', 'inherit'] });
  const address = new Promise((resolve, reject) => {
    createInterface({ input: demo.stdout }).on('line', (line) => {
      const found = line.match(/http:\/\/[\d.]+:\d+/);
      if (found) resolve(found[0]);
    });
    demo.once('error', reject);
    demo.once('exit', (code) => reject(new Error(`the demo exited with ${code} before it printed its address`)));
  });
  return { address: await address, end: () => demo.kill() };
}

async function startBrowser() {
  await mkdir(shots, { recursive: true });
  return chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: FLAGS });
}

/** Writes a film of this size and returns its path. The browser reads a path faster than bytes from this process. */
export async function createFilm(bytes) {
  const path = `${shots}seals.mp4`;
  await writeFile(path, Buffer.alloc(bytes, 'seal'));
  return path;
}

/** Serves one page at another origin. */
export async function servePage(html) {
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html));
  await new Promise((resolve) => server.listen(0, resolve));
  return { port: server.address().port, end: () => server.close() };
}

/** Creates a visitor: a browser context with its own cookies, and a list of the URLs that it posted to. */
export async function createVisitor(browser, javaScriptEnabled) {
  const context = await browser.newContext({ javaScriptEnabled, viewport: WIDE, reducedMotion: 'reduce' });
  context.setDefaultTimeout(10_000);
  const posts = [];
  context.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
  return { context, posts };
}

let number = 0;

/** Takes screenshots of a part of the page in a wide and a narrow window. */
export async function takeScreenshot(place, name) {
  const page = place.page();
  number += 1;
  const file = `${shots}${String(number).padStart(2, '0')}-${name}`;
  await place.screenshot({ path: `${file}.png` });
  await page.setViewportSize(NARROW);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  ok(overflow <= 0, `${name}: in a narrow window, the page is ${overflow} pixels too wide`);
  await place.screenshot({ path: `${file}-narrow.png` });
  await page.setViewportSize(WIDE);
}

/** Submits a form, and expects a redirect to a GET of the page. */
export async function submit(page, posts, button, status) {
  const before = posts.length;
  const [response] = await Promise.all([page.waitForNavigation(), button.click()]);
  const post = response.request().redirectedFrom();
  equal(post?.method(), 'POST', 'the response to the POST is a redirect');
  equal((await post.response()).status(), 303, 'the status of the redirect');
  equal(posts.length - before, 1, 'the form is posted once');
  equal(response.request().method(), 'GET', 'the browser follows the redirect with a GET');
  match(page.url(), /\/\?_result=[\w-]+#\w+$/, 'the URL has the id of the result and the fragment');
  equal(response.status(), status, 'the status of the page');
}

/** Reloads the page, and expects that nothing is posted and the result is gone. */
export async function reload(page, posts) {
  const before = posts.length;
  const response = await page.reload();
  equal(response.request().method(), 'GET', 'a reload is a GET');
  equal(response.status(), 200, 'the status after a reload');
  equal(posts.length, before, 'a reload posts nothing');
  equal(await page.locator('.notice:visible').count(), 0, 'after a reload the result is gone');
}

/** Asserts that a field is marked as invalid, and that its description is this message. */
export async function assertInvalid(field, message) {
  equal(await field.getAttribute('aria-invalid'), 'true', `${message}: the field is marked`);
  const ids = (await field.getAttribute('aria-describedby')) ?? '';
  const places = ids.split(' ').map((id) => field.page().locator(`[id="${id}"]`));
  const texts = await Promise.all(places.map((place) => place.innerText()));
  ok(texts.includes(message), `the field is described by ${JSON.stringify(texts)}, expected “${message}”`);
}

/** Asserts that a field is not marked as invalid. */
export async function assertValid(field) {
  equal(await field.getAttribute('aria-invalid'), null, 'a valid field is not marked');
}
