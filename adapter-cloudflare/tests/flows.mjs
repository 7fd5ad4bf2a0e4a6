// What the adapter does under Cloudflare's own runtime, with Workers KV as miniflare has it.
// Arguments: the folder of a built Worker, and miniflare's.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'

const [build, miniflare] = process.argv.slice(2)
const { Miniflare, convertV4MiniflareOptions } = await import(pathToFileURL(join(miniflare, 'dist/src/index.js')))

const worker = new Miniflare(convertV4MiniflareOptions({
  modules: [
    { type: 'ESModule', path: 'index.js', contents: readFileSync(join(build, 'index.js'), 'utf8') },
    { type: 'CompiledWasm', path: 'index_bg.wasm', contents: readFileSync(join(build, 'index_bg.wasm')) },
  ],
  modulesRoot: '/',
  compatibilityDate: '2026-11-01',
  bindings: { GREETING: 'hello' },
  kvNamespaces: ['RESULTS'],
  logRequests: false,
}))
let origin, kv
before(async () => {
  origin = (await worker.ready).origin
  kv = await worker.getKVNamespace('RESULTS')
})
after(() => worker.dispose())

const post = (path, body, headers = {}) =>
  fetch(origin + path, { method: 'POST', redirect: 'manual', headers: { origin, ...headers }, body })
const call = (name, headers) => post(`/_actions/${name}`, 'null', { 'content-type': 'application/json', ...headers })
const form = (text) => new URLSearchParams({ text })
const cookie = (response) => response.headers.getSetCookie().map((set) => set.split(';')[0]).join('; ')
const waiting = async () => (await kv.list({ prefix: 'enact-result:' })).keys

test('a form is answered with a redirect, and the result is shown once', async () => {
  const posted = await post('/notes?_action=write', form('hello'))
  assert.equal(posted.status, 303)
  const target = posted.headers.get('location')
  assert.match(target, /^\/notes\?_result=/)
  const [kept] = await waiting()
  const seconds = kept.expiration - Date.now() / 1000
  assert.ok(seconds > 240 && seconds <= 301, `${seconds}`)

  const shown = await fetch(origin + target, { headers: { cookie: cookie(posted) } })
  assert.equal(await shown.text(), 'written: hello')
  assert.match(shown.headers.getSetCookie()[0], /Max-Age=0/)
  assert.deepEqual(await waiting(), [], 'what was shown is gone')

  const again = await fetch(origin + target, { headers: { cookie: cookie(posted) } })
  assert.equal(await again.text(), 'nothing')
})

test('what is wrong with a form is shown after the redirect, with its status', async () => {
  const posted = await post('/notes?_action=write', form('x'))
  assert.equal(posted.status, 303)
  const shown = await fetch(origin + posted.headers.get('location'), { headers: { cookie: cookie(posted) } })
  assert.equal(shown.status, 400)
  assert.match(await shown.text(), /^refused: /)
})

test('a result needs its own cookie, and another key of the namespace is not to be reached', async () => {
  await kv.put('secret', 'kept')
  const posted = await post('/notes?_action=write', form('mine'))
  const target = origin + posted.headers.get('location')
  const name = cookie(posted).split('=')[0]
  for (const stolen of ['', `${name}=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`, `${name}=secret`]) {
    assert.equal(await (await fetch(target, { headers: { cookie: stolen } })).text(), 'nothing', stolen)
  }
  assert.equal(await kv.get('secret'), 'kept')
  assert.equal(await (await fetch(target, { headers: { cookie: cookie(posted) } })).text(), 'written: mine')
})

test('handlers reach bindings, wait for KV, and leave work for later', async () => {
  const first = await (await call('visit', { 'cf-connecting-ip': '203.0.113.7' })).json()
  assert.deepEqual([first[1], first[2]], ['hello', ''])
  assert.ok(first.some((text) => /^[0-9a-f.:]+$/.test(text)), 'the address')
  for (let patience = 0; patience < 50 && !(await kv.get('visited')); patience++) {
    await new Promise((wake) => setTimeout(wake, 20))
  }
  const second = await (await call('visit')).json()
  assert.ok(second.includes('yes'))
  assert.equal(await (await fetch(`${origin}/env`)).text(), 'hello')
})

test('cookies arrive one by one', async () => {
  const response = await call('cookies')
  assert.equal(response.status, 204)
  assert.deepEqual(response.headers.getSetCookie(), ['a=1', 'b=2%2C%203; Path=/'])
})

test('a known length is told, another body comes as it is made', async () => {
  // As it is: what is compressed on the way loses its length.
  const headers = { 'accept-encoding': 'identity' }
  const page = await fetch(`${origin}/notes`, { headers })
  assert.equal(page.headers.get('content-length'), '7')
  const long = 'x'.repeat(300_000)
  const echo = await fetch(`${origin}/echo`, { method: 'POST', headers, body: long })
  assert.equal(echo.headers.get('content-length'), null)
  assert.equal(await echo.text(), long)
  const empty = await fetch(`${origin}/empty`)
  assert.deepEqual([empty.status, await empty.text()], [204, ''])
})

test('a page that fails says nothing of why', async () => {
  const response = await fetch(`${origin}/broken`)
  assert.equal(response.status, 500)
  assert.ok(!(await response.text()).includes('visitor'))
})

test('a body beyond the limit is refused, whatever it says of its length', async () => {
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  assert.equal((await post('/_actions/size', 'a'.repeat(1024 * 1024 + 1), type)).status, 413)
  // In chunks, without a length, and never to its end.
  const { hostname, port, host } = new URL(origin)
  const socket = createConnection({ host: hostname, port: Number(port) })
  socket.on('error', () => {})
  socket.write(`POST /_actions/size HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nTransfer-Encoding: chunked\r\n` +
    `Content-Type: ${type['content-type']}\r\n\r\n`)
  const chunk = `10000\r\n${'a'.repeat(0x10000)}\r\n`
  const sending = setInterval(() => socket.write(chunk), 1)
  const [answer] = await new Promise((done, failed) => {
    socket.once('data', (...data) => done(data))
    setTimeout(() => failed(new Error('no answer')), 20_000).unref()
  })
  clearInterval(sending)
  socket.destroy()
  assert.match(answer.toString(), /^HTTP\/1\.1 413 /)
})

test('a handler that panics fails its own request; the next is served', async () => {
  for (let round = 0; round < 3; round++) {
    const crashed = await call('crash')
    assert.equal(crashed.status, 500)
    assert.ok(!(await crashed.text()).includes('on purpose'))
    assert.equal((await call('cookies')).status, 204)
  }
})

test('a Worker calls the actions of another, with JSON and with a file', async () => {
  assert.equal(await (await fetch(`${origin}/calls?${origin}`)).text(), 'hello, 2')
})
