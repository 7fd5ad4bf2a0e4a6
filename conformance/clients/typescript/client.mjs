// Calls the fixture and the kit with the generated clients in Node: the plain module, and the bundled TypeScript module.
// Arguments: the folder of the tools, the folder of the generated clients, the addresses of the fixture and of the kit.

import { deepEqual, deepStrictEqual, equal, ok, rejects } from 'node:assert/strict';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [tools, work] = process.argv.slice(2, 4).map((path) => resolve(path));
const [fixtureAt, kitAt] = process.argv.slice(4);
const { build } = createRequire(join(tools, 'package.json'))('esbuild');

let failed = false;
async function test(name, run) {
  try {
    await run();
    console.log(`ok    ${name}`);
  } catch (error) {
    failed = true;
    console.log(`FAIL  ${name}\n      ${String(error.stack ?? error).replaceAll('\n', '\n      ')}`);
  }
}

/** Builds and imports a client. */
async function load(app, form) {
  const file = join(work, `${app}-${form}.mjs`);
  const input = { entryPoints: [join(work, `${app}.${form}`)], loader: { '.typescript': 'ts', '.javascript': 'js' } };
  await build({ ...input, bundle: form === 'typescript', format: 'esm', outfile: file, nodePaths: [join(tools, 'node_modules')] });
  return import(pathToFileURL(file));
}

const buildForm = (entries) => {
  const form = new FormData();
  for (const [name, value] of entries) form.append(name, value);
  return form;
};

for (const form of ['javascript', 'typescript']) {
  await testFixture(form, await load('fixture', form));
  await testKit(form, await load('kit', form));
}
process.exit(failed ? 1 : 0);

async function testFixture(form, { ActionError, actions: atPage, createActions, getActionPath, isActionError, isInputError, parse }) {
  const label = (name) => `${form}: ${name}`;
  const actions = createActions({ base: fixtureAt, headers: { origin: fixtureAt } });

  await test(label('an action returns data, with and without a group'), async () => {
    deepEqual(await actions.user.get({ id: 7 }), { data: { id: 7, name: 'User 7' }, error: undefined });
    equal((await actions.subscribe({ channel: 'x' })).data.subscribeButtonState, 'smashed');
  });
  await test(label('an action without output returns undefined, and falsy data stays as it is'), async () => {
    deepEqual(await actions.fireAndForget(), { data: undefined, error: undefined });
    deepEqual([(await actions.zero()).data, (await actions.no()).data, (await actions.nothing()).data], [0, false, null]);
    ok(Object.is((await actions.negZeroOnly()).data, -0) && Number.isNaN((await actions.nanOnly()).data));
  });
  await test(label('an error has its code, status and message'), async () => {
    const { data, error } = await actions.fail({ code: 'CONFLICT', message: 'Taken' });
    equal(data, undefined);
    ok(error instanceof ActionError && error instanceof Error && isActionError(error) && !isInputError(error));
    deepEqual([error.code, error.status, error.message, error.type], ['CONFLICT', 409, 'Taken', 'AstroActionError']);
  });
  await test(label('an internal error does not disclose its message'), async () => {
    const { error } = await actions.throwPlain();
    equal(error.status, 500);
    ok(!error.message.includes('boom'));
  });
  await test(label('the error of an invalid input has issues and fields'), async () => {
    const { error } = await actions.user.create({ name: 'K', email: 'no' });
    ok(isInputError(error) && isActionError(error));
    deepEqual(Object.keys(error.fields).sort(), ['email', 'name']);
    deepEqual(error.issues.map((issue) => [issue.path, issue.code]), [[['name'], 'too_small'], [['email'], 'invalid_format']]);
    equal(error.fields.email[0], error.issues[1].message);
    deepEqual([error.code, error.status], ['BAD_REQUEST', 400]);
    const { error: listed } = await actions.superRefine({ list: ['good', 'bad'] });
    deepEqual({ ...listed.fields }, { list: ['item 1 is bad'] });
  });
  await test(label('orThrow returns data or throws the error'), async () => {
    deepEqual(await actions.user.get.orThrow({ id: 1 }), { id: 1, name: 'User 1' });
    await rejects(actions.fail.orThrow({ code: 'GONE' }), (error) => isActionError(error) && error.status === 410);
    await rejects(actions.user.create.orThrow({ name: '', email: '' }), isInputError);
  });
  await test(label('names may contain spaces, slashes and non-ASCII letters'), async () => {
    equal((await actions['with space']({ name: 'Kim' })).data, 'Hello, Kim!');
    equal((await actions['ünïcode']({ name: 'Kim' })).data, 'Hello, Kim!');
    deepEqual((await actions['form/slash']({ v: 'a' })).data, { v: 'a' });
    deepEqual((await actions['form with space']({ v: 'a' })).data, { v: 'a' });
    deepEqual((await actions.group.form({ v: 'a' })).data, { v: 'a' });
  });
  await test(label('a form action accepts a FormData and an object'), async () => {
    const comment = { channel: 'a', comment: 'ü & <b>' };
    deepEqual((await actions.comment(buildForm(Object.entries(comment)))).data, comment);
    deepEqual((await actions.comment(comment)).data, comment);
    deepEqual((await actions.changeUser({ type: 'update', id: 5, name: 'Kim', email: 'k@e.de' })).data, {
      type: 'update', id: 5, name: 'Kim', email: 'k@e.de',
    });
    const deep = { one: { two: { three: { count: 3, on: false, tags: ['a', ''], note: 'n' } } } };
    deepEqual((await actions.deepNested(deep)).data, deep);
    const types = { str: 's', num: -1.5, bool: true, coerceBool: false, arr: [], nums: [1, 2], bools: [true, false] };
    const { data } = await actions.types({ ...types, date: new Date(5), text: null, optStr: undefined });
    deepEqual([data.bool, data.bools, data.nums, data.arr, data.date, data.text, data.def], [true, [true, false], [1, 2], [], new Date(5), null, 'fallback']);
  });
  await test(label('files are uploaded with their names and types'), async () => {
    const file = new File(['hello'], 'ä "q".txt', { type: 'text/plain' });
    const sha256 = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';
    deepEqual((await actions.upload({ file, caption: 'c' })).data, { name: 'ä "q".txt', type: 'text/plain', size: 5, sha256, caption: 'c' });
    deepEqual((await actions.uploads({ files: [file, new File(['hello'], 'b')] })).data.map((one) => one.sha256), [sha256, sha256]);
    equal((await actions.optionalUpload({})).data, null);
    const { error } = await actions.limitedUpload({ file: new File(['01234567890'], 'a.png', { type: 'image/png' }) });
    deepEqual([isInputError(error), Object.keys(error.fields), error.issues.length], [true, ['file'], 2]);
  });
  await test(label('dates, sets, maps, URLs and bigints keep their types'), async () => {
    deepStrictEqual((await actions.dateOnly()).data, new Date('2024-02-03T04:05:06.789Z'));
    equal((await actions.urlOnly()).data.href, 'https://example.com/a?b=c#d');
    equal((await actions.searchParams()).data.q.get('b'), '2');
    deepStrictEqual((await actions.mapOfMaps()).data, new Map([['a', new Map([[{ k: 1 }, new Set(['x'])]])], [1, null], [undefined, undefined]]));
    equal((await actions.sharedPrimitives()).data.g, 1n);
    deepStrictEqual((await actions.undefinedInArray()).data, [undefined, 1, undefined]);
    deepEqual((await actions.formComplex(new FormData())).data.tags, new Set(['a']));
    equal((await actions.strings()).data[1], '</script><!-- & >');
  });
  await test(label('headers of a call replace those of the client'), async () => {
    equal((await actions.contextInfo(1, { headers: { 'X-Probe': 'one' } })).data.probe, 'one');
    const all = createActions({ base: fixtureAt, headers: [['x-probe', 'all']] });
    equal((await all.contextInfo(1)).data.probe, 'all');
    equal((await all.contextInfo(1, { headers: { 'x-probe': 'one' } })).data.probe, 'one');
  });
  await test(label('a client has a base, a trailing slash and a fetch of its own'), async () => {
    const asked = [];
    const own = createActions({ base: `${fixtureAt}/`, trailingSlash: true, fetch: (url, init) => (asked.push(url), fetch(url, init)) });
    equal((await own.user.get({ id: 1 })).data.id, 1);
    deepEqual(asked, [`${fixtureAt}/_actions/user.get/`]);
    equal(getActionPath(own['form/slash']), `${fixtureAt}/_actions/form%2Fslash/`);
  });
  await test(label('an action converts to the target of a form'), async () => {
    equal(String(atPage.user.get), '?_action=user.get');
    equal(`${atPage['form with space']}`, '?_action=form%2520with%2520space');
    equal(atPage['form/slash'].toString(), '?_action=form%252Fslash');
    equal(getActionPath(atPage.user.get), '/_actions/user.get');
    equal(getActionPath(atPage['ünïcode']), '/_actions/%C3%BCn%C3%AFcode');
    const page = await fetch(`${fixtureAt}/page${atPage.comment}`, { method: 'POST', headers: { origin: fixtureAt }, body: buildForm([['channel', 'a'], ['comment', 'b']]) });
    const { results } = JSON.parse((await page.text()).match(/id="result">(.*?)<\/script>/s)[1]);
    deepEqual(parse(results.comment.body), { channel: 'a', comment: 'b' });
  });
  await test(label('an unknown action is NOT_FOUND'), async () => {
    const { error } = await createActions({ base: `${fixtureAt}/elsewhere` }).zero();
    deepEqual([error.status, error.code, isActionError(error)], [404, 'NOT_FOUND', true]);
  });
  await test(label('a response of a proxy is an error with the code of its status'), async () => {
    const answer = (body, init) => createActions({ base: fixtureAt, fetch: async () => new Response(body, init) });
    const { error } = await answer('<h1>Bad gateway</h1>', { status: 502 }).zero();
    deepEqual([error.status, error.code], [502, 'BAD_GATEWAY']);
    const codes = { 401: 'UNAUTHORIZED', 404: 'NOT_FOUND', 429: 'TOO_MANY_REQUESTS', 500: 'INTERNAL_SERVER_ERROR', 503: 'SERVICE_UNAVAILABLE', 520: 'BAD_GATEWAY' };
    for (const [status, code] of Object.entries(codes)) {
      for (const body of ['<h1>Sorry</h1>', '', '{"type":"AstroActionError"}']) {
        const { error } = await answer(body, { status: Number(status) }).zero();
        deepEqual([error.status, error.code], [Number(status), code], body);
      }
    }
    ok(!error.message.includes('<'));
    for (const body of ['null', '[]', '{"type":"AstroActionInputError","issues":5}']) {
      equal((await answer(body, { status: 400 }).zero()).error.status, 400);
    }
    const proto = JSON.stringify({ type: 'AstroActionInputError', issues: [{ code: 'custom', path: ['__proto__'], message: 'm' }] });
    const { error: odd } = await answer(proto, { status: 400 }).zero();
    deepEqual([odd.fields['__proto__'], {}.m], [['m'], undefined]);
    await rejects(createActions({ base: 'http://127.0.0.1:9' }).zero(), TypeError);
  });
  await test(label('a success that is not devalue is BAD_GATEWAY'), async () => {
    const proxy = createServer((request, response) => {
      const [, status, body] = request.url.match(/^\/(\d+)\/([^/]*)/) ?? [];
      if (status === '302') response.writeHead(302, { location: '/200/%3Ch1%3ELog%20in%3C%2Fh1%3E' }).end();
      else response.writeHead(Number(status), { 'content-type': 'text/html' }).end(decodeURIComponent(body));
    });
    await new Promise((listening) => proxy.listen(0, '127.0.0.1', listening));
    try {
      for (const answered of ['200/%3Ch1%3EHello%3C%2Fh1%3E', '200/', '201/%7B%7D', '200/%5B5', '302/x']) {
        const at = createActions({ base: `http://127.0.0.1:${proxy.address().port}/${answered}` });
        const { data, error } = await at.zero();
        deepEqual([data, isActionError(error), error.code, error.status], [undefined, true, 'BAD_GATEWAY', 502], answered);
        ok(!error.message.includes('<'));
        await rejects(at.zero.orThrow(), isActionError);
      }
    } finally {
      proxy.close();
      proxy.closeAllConnections();
    }
  });
}

async function testKit(form, { actions: atPage, createActions, getActionPath, isInputError }) {
  const label = (name) => `${form}: ${name}`;
  const actions = createActions({ base: `${kitAt}/app`, headers: { origin: kitAt } });

  await test(label('every type of devalue is sent and received'), async () => {
    const bytes = new Uint8Array([9, 0, 255, 128, 9]).subarray(1, 4);
    const given = {
      date: new Date('2024-02-03T04:05:06.789Z'),
      maybe: null,
      map: new Map([['a', new Date(0)], ['b', new Date(8.64e15)]]),
      places: new Map([[{ x: 1, y: -0.5 }, [new URL('https://example.com/a?b#c')]]]),
      set: new Set([1n, -(2n ** 80n)]),
      big: 2n ** 64n,
      bytes,
      buffer: new Uint8Array([1, 2]).buffer,
      samples: new Float64Array([0.5, -1]),
      url: new URL('https://ü.example/ä'),
      query: new URLSearchParams('a=1&a=2&b=%26'),
      pattern: /^a"\/<b>$/giu,
    };
    const { data, error } = await actions.types.everything(given);
    equal(error, undefined);
    const { query, url, places, bytes: returned, ...rest } = data;
    const { query: sent, url: at, places: before, bytes: from, ...others } = given;
    deepStrictEqual(rest, others);
    deepStrictEqual([query.toString(), url.href, [...returned]], [sent.toString(), at.href, [...from]]);
    deepStrictEqual([...places].map(([key, urls]) => [key, urls.map(String)]), [[{ x: 1, y: -0.5 }, ['https://example.com/a?b#c']]]);
    const node = await actions.types.everything({ ...given, bytes: Buffer.from('hello') });
    deepStrictEqual([...node.data.bytes], [...Buffer.from('hello')]);
  });
  await test(label('every shape of a type is sent and received'), async () => {
    const leaf = { label: 'leaf', children: [], parent: null };
    const given = {
      tree: { label: 'root', children: [leaf], parent: leaf },
      json: { a: [1, 'b', null, { c: true }] },
      error: { promise: { kept: false } },
      page: { items: [{ x: 1 }], next: null },
      letters: { items: ['ä'], next: 'b' },
      either: { Two: [1, 'b'] },
      event: { kind: 'Moved', x: 5 },
      numbers: { 1: 2, 10: Number.MAX_SAFE_INTEGER },
      names: ['a', 'b'],
      triple: [1, 'a', true],
      four: [1, 2, 3, 4],
      maybe: { x: -1 },
      list: ['far-north', null],
      'a-b c': null,
      five: 6,
      onTop: true,
      other: 7,
    };
    const { data, error } = await actions.types.shapes(given);
    deepStrictEqual([error, data], [undefined, given]);
  });
  await test(label('a form sends every kind of field'), async () => {
    const given = {
      when: new Date(1),
      big: -(10n ** 30n),
      site: new URL('https://example.com/'),
      bytes: new Uint8Array([0, 255]),
      tags: new Set(['a', 'b']),
      kit: ['', 'cap'],
      people: [{ name: 'Kim', born: new Date(2) }, { name: 'Ines', born: new Date(3), kit: ['flask'] }],
      contact: { by: 'post', street: 'Main' },
      yes: true,
      no: false,
      none: null,
      photo: new File(['abc'], 'a.png'),
      papers: [new File(['d'], 'd.txt'), new File(['ef'], 'e.txt')],
    };
    const { data, error } = await actions.types.sheet(given);
    equal(error, undefined);
    const { photo, papers, ...rest } = given;
    const people = [{ ...given.people[0], kit: [] }, given.people[1]];
    const files = [['a.png', 3], ['d.txt', 1], ['e.txt', 2]];
    deepStrictEqual({ ...data, site: data.site.href, bytes: [...data.bytes] }, { ...rest, people, files, site: given.site.href, bytes: [0, 255] });
    const wrong = await actions.types.sheet({ ...given, people: [{ name: 'Kim', born: 'never' }] });
    ok(isInputError(wrong.error));
    deepEqual(wrong.error.issues[0].path, ['people', 0, 'born']);
  });
  await test(label('an object with only nulls is sent, and values that a form cannot express become their documented defaults'), async () => {
    const empty = { note: null, count: null, urgent: null, tags: null };
    const read = { note: null, count: null, urgent: false, tags: [] };
    const given = { note: null, urgent: null, tags: null, inner: empty, other: null, rows: [empty, { ...empty, count: 0 }, empty], words: {} };
    const { data, error } = await actions.types.sparse(given);
    deepEqual([error, data], [undefined, { ...given, urgent: false, tags: [], inner: read, rows: [read, { ...read, count: 0 }, read] }]);
    const partly = { note: '', count: undefined, urgent: true, tags: ['', 'a'] };
    const { data: second } = await actions.types.sparse({ ...given, inner: { tags: [] }, other: partly, words: { a: 'b' } });
    deepEqual([second.inner, second.other, second.words], [read, { ...partly, note: null, count: null }, { a: 'b' }]);
  });
  await test(label('a redirect without a page is returned or rejects the call'), async () => {
    deepEqual(await actions.go.near(undefined, { redirect: 'manual' }), { data: undefined, error: undefined, redirect: '/near?by=%C3%BC#here' });
    equal((await actions.go.form(undefined, { redirect: 'manual' })).redirect, '/near?by=%C3%BC#here');
    equal((await actions.go.form(new FormData(), { redirect: 'manual' })).redirect, '/near?by=%C3%BC#here');
    await rejects(actions.go.near(), /redirects to \/near.*redirect: "manual"/);
    await rejects(actions.go.near.orThrow(), /redirects/);
  });
  await test(label('a redirect on a page loads the target and never settles'), async () => {
    let reloads = 0;
    let assign;
    const assigned = () => new Promise((resolve) => (assign = resolve));
    const href = 'https://example.com/page';
    Object.assign(globalThis, { document: {}, location: { href, assign: (to) => assign(String(to)), reload: () => (reloads += 1) } });
    try {
      let settled = false;
      actions.go.near().finally(() => (settled = true));
      equal(await assigned(), 'https://example.com/near?by=%C3%BC#here');
      // A macrotask later, a promise that was about to settle has done so.
      await new Promise(setImmediate);
      deepEqual([settled, reloads], [false, 0]);
      location.href = 'https://example.com/near?by=%C3%BC#there';
      actions.go.near();
      await assigned();
      equal(reloads, 1);
    } finally {
      delete globalThis.document;
      delete globalThis.location;
    }
  });
  await test(label('a signal aborts a call'), async () => {
    await rejects(actions.slow(undefined, { signal: AbortSignal.timeout(1) }), { name: 'TimeoutError' });
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    await rejects(actions.slow.orThrow(undefined, { signal: controller.signal }), { name: 'AbortError' });
    await rejects(actions.slow(undefined, { signal: AbortSignal.abort(new Error('before')) }), /before/);
  });
  await test(label('Accept and Content-Type are those of Astro\'s client'), async () => {
    deepEqual([(await actions.headers('accept')).data, (await actions.headers('content-type')).data], ['application/json', 'application/json']);
    equal((await actions.headers('x-none')).data, null);
  });
  await test(label('the base is in the paths, but not in the target of a form'), async () => {
    equal(getActionPath(atPage.types.sheet), '/app/_actions/types.sheet');
    equal(String(atPage.types.sheet), '?_action=types.sheet');
    equal(getActionPath(createActions({ base: '/' }).slow), '/_actions/slow');
  });
  await test(label('actions may have names with a meaning in JavaScript'), async () => {
    const { blog } = actions;
    for (const action of ['apply', 'bind', 'call', 'constructor', 'like', 'name', 'orThrow', 'prototype', 'then', 'toJSON', 'toString', 'valueOf']) {
      equal((await blog[action]()).data, `blog.${action}`);
    }
    for (const action of ['class', 'constructor', 'hasOwnProperty', 'then', 'toString', '__defineGetter__', 'quote"\'`${x}']) {
      equal((await actions[action]()).data, action);
      equal(await actions[action].orThrow(), action);
    }
    equal((await actions.blog()).data, 'blog');
    equal((await actions.a[''].b()).data, 'a..b');
    equal((await actions[1][2]()).data, '1.2');
    equal((await blog.like.toString()).data, 'blog.like.toString');
    equal(await blog.like.orThrow(), 'blog.like');
    equal(String(blog.like), '?_action=blog.like');
    equal(String(blog), '?_action=blog');
    equal(getActionPath(blog.then), `${kitAt}/app/_actions/blog.then`);
  });
  await test(label('awaiting, serializing or printing a group sends nothing'), async () => {
    const asked = [];
    const watched = createActions({ base: kitAt, fetch: async (url) => (asked.push(url), new Response(null, { status: 204 })) });
    const plain = watched.types;
    equal(await plain, plain);
    equal(await watched.slow, watched.slow);
    deepEqual([plain.then, plain.toJSON, plain.apply, watched.slow.then, watched.slow.toJSON], Array(5).fill(undefined));
    equal(JSON.stringify({ plain, slow: watched.slow }), '{"plain":{}}');
    equal(`${plain}${watched.slow}`, 'types?_action=slow');
    ok(`${watched}`);
    await rejects(async () => watched.blog, /does not accept functions/);
    await rejects(async () => watched, /does not accept functions/);
    deepEqual(asked, []);
  });
}
