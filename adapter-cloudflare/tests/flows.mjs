// Tests of the adapter in workerd, with miniflare's Workers KV.
// Arguments: the folder of the built Worker, and the folder of miniflare.

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
const storedResults = async () => (await kv.list({ prefix: 'enact-result:' })).keys

test('a form is redirected and its result is shown once', async () => {
  const posted = await post('/notes?_action=write', form('hello'))
  assert.equal(posted.status, 303)
  const target = posted.headers.get('location')
  assert.match(target, /^\/notes\?_result=/)
  const [stored] = await storedResults()
  const seconds = stored.expiration - Date.now() / 1000
  assert.ok(seconds > 240 && seconds <= 301, `${seconds}`)

  const shown = await fetch(origin + target, { headers: { cookie: cookie(posted) } })
  assert.equal(await shown.text(), 'written: hello')
  assert.match(shown.headers.getSetCookie()[0], /Max-Age=0/)
  assert.deepEqual(await storedResults(), [], 'the result is deleted')

  const again = await fetch(origin + target, { headers: { cookie: cookie(posted) } })
  assert.equal(await again.text(), 'nothing')
})

test('the errors of a form are shown after the redirect, with status 400', async () => {
  const posted = await post('/notes?_action=write', form('x'))
  assert.equal(posted.status, 303)
  const shown = await fetch(origin + posted.headers.get('location'), { headers: { cookie: cookie(posted) } })
  assert.equal(shown.status, 400)
  assert.match(await shown.text(), /^refused: /)
})

test('a result is shown only with its cookie, and other keys of the namespace cannot be read', async () => {
  await kv.put('secret', 'kept')
  const posted = await post('/notes?_action=write', form('mine'))
  const target = origin + posted.headers.get('location')
  const name = cookie(posted).split('=')[0]
  for (const forged of ['', `${name}=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`, `${name}=secret`]) {
    assert.equal(await (await fetch(target, { headers: { cookie: forged } })).text(), 'nothing', forged)
  }
  assert.equal(await kv.get('secret'), 'kept')
  assert.equal(await (await fetch(target, { headers: { cookie: cookie(posted) } })).text(), 'written: mine')
})

test('a handler uses bindings, awaits KV and continues work after the response', async () => {
  const first = await (await call('visit', { 'cf-connecting-ip': '203.0.113.7' })).json()
  assert.deepEqual([first[1], first[2]], ['hello', ''])
  assert.ok(first.some((text) => /^[0-9a-f.:]+$/.test(text)), 'the client address is missing')
  for (let attempt = 0; attempt < 50 && !(await kv.get('visited')); attempt++) {
    await new Promise((wake) => setTimeout(wake, 20))
  }
  const second = await (await call('visit')).json()
  assert.ok(second.includes('yes'))
  assert.equal(await (await fetch(`${origin}/env`)).text(), 'hello')
})

test('each cookie has its own header', async () => {
  const response = await call('cookies')
  assert.equal(response.status, 204)
  assert.deepEqual(response.headers.getSetCookie(), ['a=1', 'b=2%2C%203; Path=/'])
})

test('a body of known length has Content-Length, any other body is streamed', async () => {
  // A compressed response would lose its length.
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

test('a failing page returns 500 without its error', async () => {
  const response = await fetch(`${origin}/broken`)
  assert.equal(response.status, 500)
  assert.ok(!(await response.text()).includes('client'))
})

test('an oversized body returns 413, with and without Content-Length', async () => {
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  assert.equal((await post('/_actions/size', 'a'.repeat(1024 * 1024 + 1), type)).status, 413)
  // An endless chunked body.
  const { hostname, port, host } = new URL(origin)
  const socket = createConnection({ host: hostname, port: Number(port) })
  socket.on('error', () => {})
  socket.write(`POST /_actions/size HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nTransfer-Encoding: chunked\r\n` +
    `Content-Type: ${type['content-type']}\r\n\r\n`)
  const chunk = `10000\r\n${'a'.repeat(0x10000)}\r\n`
  const sending = setInterval(() => socket.write(chunk), 1)
  const response = await new Promise((resolve, reject) => {
    socket.once('data', resolve)
    setTimeout(() => reject(new Error('no response')), 20_000).unref()
  })
  clearInterval(sending)
  socket.destroy()
  assert.match(response.toString(), /^HTTP\/1\.1 413 /)
})

test('after a panicking handler returns 500, the next request is served', async () => {
  for (let round = 0; round < 3; round++) {
    const crashed = await call('crash')
    assert.equal(crashed.status, 500)
    assert.ok(!(await crashed.text()).includes('on purpose'))
    assert.equal((await call('cookies')).status, 204)
  }
})

test('a Worker calls actions of another server with JSON and with a file', async () => {
  assert.equal(await (await fetch(`${origin}/calls?${origin}`)).text(), 'hello, 2')
})
