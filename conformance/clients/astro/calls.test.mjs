// What a site's pages rely on that call the fixture application with Astro's own client.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';

import { load } from './client.mjs';

const SERVER = process.env.SERVER;

/** The output of a call that has to succeed. */
async function data(call) {
  const { data, error } = await call;
  assert.equal(error, undefined, error?.message);
  return data;
}

/** The error of a call that has to fail. */
async function failure(call) {
  const { data, error } = await call;
  assert.equal(data, undefined);
  assert.ok(error instanceof Error, 'there has to be an error');
  return error;
}

const form = (entries) => {
  const form = new FormData();
  for (const [name, value] of entries) {
    form.append(name, value);
  }
  return form;
};

for (const [trailingSlash, base] of [[true, SERVER], [false, SERVER], [true, `${SERVER}/`.replace(/\/+$/, '/')]]) {
  describe(`base ${base}, trailing slash ${trailingSlash ? 'on' : 'off'}`, async () => {
    const { actions, ActionError, getActionPath, isActionError, isInputError } = await load(base, trailingSlash);

    test('the path is the one that the site asks for', () => {
      const root = base.replace(/\/$/, '');
      assert.equal(getActionPath(actions.user.get), `${root}/_actions/user.get${trailingSlash ? '/' : ''}`);
      assert.equal(String(actions['with space']), '?_action=with%2520space');
    });

    test('data', async () => {
      assert.deepEqual(await data(actions.subscribe({ channel: 'bholmesdev' })), {
        channel: 'bholmesdev',
        subscribeButtonState: 'smashed',
      });
      assert.equal(await data(actions.zero()), 0);
      assert.equal(await data(actions.no()), false);
      assert.equal(await data(actions.nothing()), null);
    });

    test('nothing', async () => {
      assert.deepEqual(await actions.fireAndForget(), { data: undefined, error: undefined });
      assert.equal(await actions.fireAndForget.orThrow(), undefined);
    });

    test('names in groups, with spaces, slashes and other scripts', async () => {
      assert.deepEqual(await data(actions.user.get({ id: 7 })), { id: 7, name: 'User 7' });
      assert.equal(await data(actions['with space']({ name: 'Ada' })), 'Hello, Ada!');
      assert.equal(await data(actions['ünïcode']({ name: 'Ada' })), 'Hello, Ada!');
      for (const action of [actions.group.form, actions['form with space'], actions['form/slash']]) {
        assert.deepEqual(await data(action(form([['v', 'x']]))), { v: 'x' });
      }
    });

    test('a dot within a name is one of the name, not of a group', async () => {
      assert.deepEqual(await data(actions['user.get']({ id: 7 })), { id: 7, name: 'User 7' });
    });

    test('an action that does not exist', async () => {
      for (const action of [actions.nope, actions.user.nope, actions.user, actions['%']]) {
        const error = await failure(action());
        assert.deepEqual([error.code, error.status], ['NOT_FOUND', 404]);
      }
    });

    test('an error of each code', async () => {
      for (const code of ['BAD_REQUEST', 'UNAUTHORIZED', 'CONFLICT', 'TOO_MANY_REQUESTS', 'BAD_GATEWAY']) {
        const error = await failure(actions.fail({ code, message: `Not "this" <way>: ${code}` }));
        assert.ok(error instanceof ActionError && isActionError(error) && !isInputError(error));
        assert.equal(error.code, code);
        assert.equal(error.status, ActionError.codeToStatus(code));
        assert.equal(error.message, `Not "this" <way>: ${code}`);
      }
      const error = await failure(actions.formFail(form([['code', 'GONE'], ['message', 'Sold out']])));
      assert.deepEqual([error.code, error.status, error.message], ['GONE', 410, 'Sold out']);
    });

    test('an error that is none of ours says nothing of its cause', async () => {
      for (const error of [await failure(actions.throwPlain()), await failure(actions.formThrow(new FormData()))]) {
        assert.deepEqual([error.code, error.status], ['INTERNAL_SERVER_ERROR', 500]);
        assert.ok(!error.message.includes('boom'), error.message);
      }
    });

    test('an input that is not valid', async () => {
      const error = await failure(actions.user.create({ name: 'A', email: 'nowhere' }));
      assert.ok(isInputError(error));
      assert.deepEqual([error.code, error.status], ['BAD_REQUEST', 400]);
      assert.deepEqual(Object.keys(error.fields), ['name', 'email']);
      assert.match(error.fields.name[0], />=2 characters/);
      assert.deepEqual(error.issues.map(({ code, path }) => [code, path]), [
        ['too_small', ['name']],
        ['invalid_format', ['email']],
      ]);
    });

    test('a form that is not valid', async () => {
      const error = await failure(actions.newsletter(form([['email', 'nowhere']])));
      assert.ok(isInputError(error));
      assert.deepEqual(Object.keys(error.fields), ['email']);
    });

    test('a rule of the whole input', async () => {
      const error = await failure(actions.password(form([['password', 'long enough'], ['confirm', 'other']])));
      assert.ok(isInputError(error));
      assert.deepEqual(error.fields, {});
      assert.deepEqual(error.issues.map(({ message }) => message), ['Passwords do not match']);
    });

    test('orThrow', async () => {
      assert.equal((await actions.user.get.orThrow({ id: 1 })).name, 'User 1');
      await assert.rejects(actions.fail.orThrow({ code: 'LOCKED', message: 'm' }), { code: 'LOCKED', status: 423 });
      await assert.rejects(actions.user.create.orThrow({}), (error) => isInputError(error));
    });

    test('JSON for a form, and a form for JSON', async () => {
      assert.equal((await failure(actions.comment({ channel: 'a', comment: 'b' }))).code, 'UNSUPPORTED_MEDIA_TYPE');
      assert.equal((await failure(actions.subscribe(form([['channel', 'a']])))).code, 'UNSUPPORTED_MEDIA_TYPE');
    });

    test('FormData', async () => {
      const entries = [['b', '2'], ['a', ''], ['b', 'ü "q"\r\n&='], ['ä "b"', '😀']];
      assert.deepEqual(await data(actions.orderedForm(form(entries))), entries);
      assert.deepEqual(await data(actions.comment(form([['channel', 'a'], ['comment', 'b']]))), {
        channel: 'a',
        comment: 'b',
      });
      assert.deepEqual(
        await data(actions.deepNested(form([
          ['one.two.three.count', '3'],
          ['one.two.three.on', 'true'],
          ['one.two.three.tags', 'x'],
          ['one.two.three.tags', 'y'],
        ]))),
        { one: { two: { three: { count: 3, on: true, tags: ['x', 'y'] } } } },
      );
    });

    test('files', async () => {
      const bytes = new Uint8Array(100_000).map((_, i) => (i * 7919) >> 3);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const file = new File([bytes], 'näme "q" %22.png', { type: 'image/png' });
      const { name, ...rest } = await data(actions.upload(form([['file', file], ['caption', 'c']])));
      // A name that holds an escape itself is read as browsers' servers read it.
      assert.equal(name, 'näme "q" ".png');
      assert.deepEqual(rest, { type: 'image/png', size: 100_000, sha256, caption: 'c' });

      const texts = ['', 'a', '\r\n--boundary--\r\n'].map((text, i) => new File([text], `${i}.txt`, { type: 'text/plain' }));
      const described = await data(actions.uploads(form(texts.map((file) => ['files', file]))));
      assert.deepEqual(described.map(({ name, size }) => [name, size]), [['0.txt', 0], ['1.txt', 1], ['2.txt', 16]]);

      assert.equal(await data(actions.optionalUpload(form([['file', new File([], '')]]))), null);
      const error = await failure(actions.limitedUpload(form([['file', file]])));
      assert.deepEqual(error.issues.map(({ code, path }) => [code, path]), [['too_big', ['file']], ['invalid_value', ['file']]]);
    });

    test('what is too large', async () => {
      const error = await failure(actions.echo('x'.repeat(1024 * 1024)));
      assert.deepEqual([error.code, error.status], ['CONTENT_TOO_LARGE', 413]);
    });

    test('dates, URLs, maps, sets and numbers that JSON lacks', async () => {
      assert.deepEqual(await data(actions.dateOnly()), new Date('2024-02-03T04:05:06.789Z'));
      const url = await data(actions.urlOnly());
      assert.ok(url instanceof URL);
      assert.equal(url.href, 'https://example.com/a?b=c#d');
      const { q } = await data(actions.searchParams());
      assert.ok(q instanceof URLSearchParams);
      assert.equal(String(q), 'a=1&b=2');
      assert.deepEqual(await data(actions.formComplex(new FormData())), {
        when: new Date('2024-02-03T04:05:06.789Z'),
        tags: new Set(['a']),
      });
      assert.deepEqual(
        await data(actions.mapOfMaps()),
        new Map([['a', new Map([[{ k: 1 }, new Set(['x'])]])], [1, null], [undefined, undefined]]),
      );
      assert.equal(await data(actions.nanOnly()), NaN);
      assert.equal(await data(actions.infinityOnly()), Infinity);
      assert.ok(Object.is(await data(actions.negZeroOnly()), -0));
      assert.equal((await data(actions.sharedPrimitives())).g, 1n);
      assert.deepEqual(await data(actions.undefinedInArray()), [undefined, 1, undefined]);
    });

    test('any JSON, there and back', async () => {
      for (const value of [0, '', null, false, [], {}, [[1.5, -1e300, 'ü😀\u2028</script>']], { a: { b: [null] }, 1: '' }]) {
        assert.deepEqual(await data(actions.echo(value)), value);
      }
      const date = new Date(86_400_000);
      assert.deepEqual(await data(actions.echo({ date })), { date: date.toISOString() });
    });

    test('what JSON cannot say does not leave the client', async () => {
      const error = await actions.echo(1n).then(() => null, (error) => error);
      assert.equal(error.code, 'BAD_REQUEST');
    });

    test('the handler sees the request', async () => {
      const { method, path } = await data(actions.contextInfo({}));
      assert.equal(method, 'POST');
      assert.equal(path, new URL(getActionPath(actions.contextInfo)).pathname);
    });
  });
}

test('another site cannot call', async () => {
  const { actions } = await load(SERVER, true);
  const elsewhere = await load(SERVER, true, 'https://evil.example');
  for (const call of [elsewhere.actions.zero(), elsewhere.actions.comment(new FormData())]) {
    assert.deepEqual([(await failure(call)).status], [403]);
  }
  assert.equal(await data(actions.zero()), 0);
});
