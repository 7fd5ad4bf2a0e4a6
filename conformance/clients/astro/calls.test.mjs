// Calls the fixture application with Astro's own client, as the pages of a site do.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';

import { load } from './client.mjs';

const SERVER = process.env.SERVER;

/** Returns the output of a call, which has to succeed. */
async function getData(call) {
  const { data, error } = await call;
  assert.equal(error, undefined, error?.message);
  return data;
}

/** Returns the error of a call, which has to fail. */
async function getError(call) {
  const { data, error } = await call;
  assert.equal(data, undefined);
  assert.ok(error instanceof Error, 'expected an error');
  return error;
}

const buildForm = (entries) => {
  const form = new FormData();
  for (const [name, value] of entries) {
    form.append(name, value);
  }
  return form;
};

for (const [trailingSlash, base] of [[true, SERVER], [false, SERVER], [true, `${SERVER}/`.replace(/\/+$/, '/')]]) {
  describe(`base ${base}, trailing slash ${trailingSlash ? 'on' : 'off'}`, async () => {
    const { actions, ActionError, getActionPath, isActionError, isInputError } = await load(base, trailingSlash);

    test('getActionPath returns the path of an action', () => {
      const root = base.replace(/\/$/, '');
      assert.equal(getActionPath(actions.user.get), `${root}/_actions/user.get${trailingSlash ? '/' : ''}`);
      assert.equal(String(actions['with space']), '?_action=with%2520space');
    });

    test('an action returns data', async () => {
      assert.deepEqual(await getData(actions.subscribe({ channel: 'bholmesdev' })), {
        channel: 'bholmesdev',
        subscribeButtonState: 'smashed',
      });
      assert.equal(await getData(actions.zero()), 0);
      assert.equal(await getData(actions.no()), false);
      assert.equal(await getData(actions.nothing()), null);
    });

    test('an action without output returns undefined', async () => {
      assert.deepEqual(await actions.fireAndForget(), { data: undefined, error: undefined });
      assert.equal(await actions.fireAndForget.orThrow(), undefined);
    });

    test('names may have groups, spaces, slashes and non-ASCII letters', async () => {
      assert.deepEqual(await getData(actions.user.get({ id: 7 })), { id: 7, name: 'User 7' });
      assert.equal(await getData(actions['with space']({ name: 'Ada' })), 'Hello, Ada!');
      assert.equal(await getData(actions['ünïcode']({ name: 'Ada' })), 'Hello, Ada!');
      for (const action of [actions.group.form, actions['form with space'], actions['form/slash']]) {
        assert.deepEqual(await getData(action(buildForm([['v', 'x']]))), { v: 'x' });
      }
    });

    test('an action in a group is found by its full name too', async () => {
      assert.deepEqual(await getData(actions['user.get']({ id: 7 })), { id: 7, name: 'User 7' });
    });

    test('an unknown action is NOT_FOUND', async () => {
      for (const action of [actions.nope, actions.user.nope, actions.user, actions['%']]) {
        const error = await getError(action());
        assert.deepEqual([error.code, error.status], ['NOT_FOUND', 404]);
      }
    });

    test('an error has the code, status and message of the action', async () => {
      for (const code of ['BAD_REQUEST', 'UNAUTHORIZED', 'CONFLICT', 'TOO_MANY_REQUESTS', 'BAD_GATEWAY']) {
        const error = await getError(actions.fail({ code, message: `Not "this" <way>: ${code}` }));
        assert.ok(error instanceof ActionError && isActionError(error) && !isInputError(error));
        assert.equal(error.code, code);
        assert.equal(error.status, ActionError.codeToStatus(code));
        assert.equal(error.message, `Not "this" <way>: ${code}`);
      }
      const error = await getError(actions.formFail(buildForm([['code', 'GONE'], ['message', 'Sold out']])));
      assert.deepEqual([error.code, error.status, error.message], ['GONE', 410, 'Sold out']);
    });

    test('an internal error does not disclose its cause', async () => {
      for (const error of [await getError(actions.throwPlain()), await getError(actions.formThrow(new FormData()))]) {
        assert.deepEqual([error.code, error.status], ['INTERNAL_SERVER_ERROR', 500]);
        assert.ok(!error.message.includes('boom'), error.message);
      }
    });

    test('an invalid JSON input has issues and fields', async () => {
      const error = await getError(actions.user.create({ name: 'A', email: 'nowhere' }));
      assert.ok(isInputError(error));
      assert.deepEqual([error.code, error.status], ['BAD_REQUEST', 400]);
      assert.deepEqual(Object.keys(error.fields), ['name', 'email']);
      assert.match(error.fields.name[0], />=2 characters/);
      assert.deepEqual(error.issues.map(({ code, path }) => [code, path]), [
        ['too_small', ['name']],
        ['invalid_format', ['email']],
      ]);
    });

    test('an invalid form has issues and fields', async () => {
      const error = await getError(actions.newsletter(buildForm([['email', 'nowhere']])));
      assert.ok(isInputError(error));
      assert.deepEqual(Object.keys(error.fields), ['email']);
    });

    test('an issue of the whole input has no field', async () => {
      const error = await getError(actions.password(buildForm([['password', 'long enough'], ['confirm', 'other']])));
      assert.ok(isInputError(error));
      assert.deepEqual(error.fields, {});
      assert.deepEqual(error.issues.map(({ message }) => message), ['Passwords do not match']);
    });

    test('orThrow returns data or throws the error', async () => {
      assert.equal((await actions.user.get.orThrow({ id: 1 })).name, 'User 1');
      await assert.rejects(actions.fail.orThrow({ code: 'LOCKED', message: 'm' }), { code: 'LOCKED', status: 423 });
      await assert.rejects(actions.user.create.orThrow({}), (error) => isInputError(error));
    });

    test('an input in the wrong encoding is UNSUPPORTED_MEDIA_TYPE', async () => {
      assert.equal((await getError(actions.comment({ channel: 'a', comment: 'b' }))).code, 'UNSUPPORTED_MEDIA_TYPE');
      assert.equal((await getError(actions.subscribe(buildForm([['channel', 'a']])))).code, 'UNSUPPORTED_MEDIA_TYPE');
    });

    test('a form keeps the order and repetition of its fields', async () => {
      const entries = [['b', '2'], ['a', ''], ['b', 'ü "q"\r\n&='], ['ä "b"', '😀']];
      assert.deepEqual(await getData(actions.orderedForm(buildForm(entries))), entries);
      assert.deepEqual(await getData(actions.comment(buildForm([['channel', 'a'], ['comment', 'b']]))), {
        channel: 'a',
        comment: 'b',
      });
      assert.deepEqual(
        await getData(actions.deepNested(buildForm([
          ['one.two.three.count', '3'],
          ['one.two.three.on', 'true'],
          ['one.two.three.tags', 'x'],
          ['one.two.three.tags', 'y'],
        ]))),
        { one: { two: { three: { count: 3, on: true, tags: ['x', 'y'] } } } },
      );
    });

    test('files are uploaded with their names and types', async () => {
      const bytes = new Uint8Array(100_000).map((_, i) => (i * 7919) >> 3);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const file = new File([bytes], 'näme "q" %22.png', { type: 'image/png' });
      const { name, ...rest } = await getData(actions.upload(buildForm([['file', file], ['caption', 'c']])));
      // Browsers send a quotation mark as %22 and leave `%22` unchanged, so a server cannot distinguish the two.
      assert.equal(name, 'näme "q" ".png');
      assert.deepEqual(rest, { type: 'image/png', size: 100_000, sha256, caption: 'c' });

      const texts = ['', 'a', '\r\n--boundary--\r\n'].map((text, i) => new File([text], `${i}.txt`, { type: 'text/plain' }));
      const described = await getData(actions.uploads(buildForm(texts.map((file) => ['files', file]))));
      assert.deepEqual(described.map(({ name, size }) => [name, size]), [['0.txt', 0], ['1.txt', 1], ['2.txt', 16]]);

      assert.equal(await getData(actions.optionalUpload(buildForm([['file', new File([], '')]]))), null);
      const error = await getError(actions.limitedUpload(buildForm([['file', file]])));
      assert.deepEqual(error.issues.map(({ code, path }) => [code, path]), [['too_big', ['file']], ['invalid_value', ['file']]]);
    });

    test('an oversized body is CONTENT_TOO_LARGE', async () => {
      const error = await getError(actions.echo('x'.repeat(1024 * 1024)));
      assert.deepEqual([error.code, error.status], ['CONTENT_TOO_LARGE', 413]);
    });

    test('values that JSON lacks keep their types', async () => {
      assert.deepEqual(await getData(actions.dateOnly()), new Date('2024-02-03T04:05:06.789Z'));
      const url = await getData(actions.urlOnly());
      assert.ok(url instanceof URL);
      assert.equal(url.href, 'https://example.com/a?b=c#d');
      const { q } = await getData(actions.searchParams());
      assert.ok(q instanceof URLSearchParams);
      assert.equal(String(q), 'a=1&b=2');
      assert.deepEqual(await getData(actions.formComplex(new FormData())), {
        when: new Date('2024-02-03T04:05:06.789Z'),
        tags: new Set(['a']),
      });
      assert.deepEqual(
        await getData(actions.mapOfMaps()),
        new Map([['a', new Map([[{ k: 1 }, new Set(['x'])]])], [1, null], [undefined, undefined]]),
      );
      assert.equal(await getData(actions.nanOnly()), NaN);
      assert.equal(await getData(actions.infinityOnly()), Infinity);
      assert.ok(Object.is(await getData(actions.negZeroOnly()), -0));
      assert.equal((await getData(actions.sharedPrimitives())).g, 1n);
      assert.deepEqual(await getData(actions.undefinedInArray()), [undefined, 1, undefined]);
    });

    test('JSON values are sent and received', async () => {
      for (const value of [0, '', null, false, [], {}, [[1.5, -1e300, 'ü😀\u2028</script>']], { a: { b: [null] }, 1: '' }]) {
        assert.deepEqual(await getData(actions.echo(value)), value);
      }
      const date = new Date(86_400_000);
      assert.deepEqual(await getData(actions.echo({ date })), { date: date.toISOString() });
    });

    test('the client refuses to send a value that JSON cannot express', async () => {
      const error = await actions.echo(1n).then(() => null, (error) => error);
      assert.equal(error.code, 'BAD_REQUEST');
    });

    test('a handler sees the method and path of the request', async () => {
      const { method, path } = await getData(actions.contextInfo({}));
      assert.equal(method, 'POST');
      assert.equal(path, new URL(getActionPath(actions.contextInfo)).pathname);
    });
  });
}

test('a call from another site is refused', async () => {
  const { actions } = await load(SERVER, true);
  const elsewhere = await load(SERVER, true, 'https://evil.example');
  for (const call of [elsewhere.actions.zero(), elsewhere.actions.comment(new FormData())]) {
    assert.deepEqual([(await getError(call)).status], [403]);
  }
  assert.equal(await getData(actions.zero()), 0);
});
