import { describe, expect, test } from 'bun:test'
import { gunzipSync } from 'node:zlib'
import { startService, TRANSPORTS } from '../support/service.ts'

const PAGES = ['/', '/docs']

/** Everything that a page names as loaded from somewhere. */
const loadsOf = (html: string) =>
  [...html.matchAll(/<(?:script|link) [^>]*(?:src|href)="([^"]+)"/g)].map(
    ([, target = '']) => target,
  )

describe.each([...TRANSPORTS])('the pages, %s', (transport) => {
  test.each(PAGES)('%s may load from here alone, and run no script within it', async (path) => {
    await using service = await startService({}, transport)
    const response = await service.request(path)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|http|\*/)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    const html = await response.text()
    expect(html).not.toMatch(/<script>|<style|style=|\son[a-z]+="/)
  })

  test.each(PAGES)('%s has all that it loads, with its type', async (path) => {
    await using service = await startService({}, transport)
    const loads = loadsOf(await (await service.request(path)).text())
    expect(loads.length).toBeGreaterThan(2)
    const types = { js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' }
    for (const target of loads) {
      expect(target).toStartWith('/assets/')
      const response = await service.request(target)
      const [, ending = ''] = /\.([a-z]+)$/.exec(target) ?? []
      expect([target, response.status]).toEqual([target, 200])
      expect(response.headers.get('content-type')).toStartWith(types[ending as keyof typeof types])
      expect((await response.bytes()).length).toBeGreaterThan(100)
    }
  })
})

test('an asset is compressed for who takes that, and the same', async () => {
  await using service = await startService()
  const path = '/assets/swagger-ui.css'
  const packed = await service.request(path, { headers: { 'Accept-Encoding': 'br, gzip' } })
  const plain = await service.request(path, { headers: { 'Accept-Encoding': 'br' } })
  expect(packed.headers.get('content-encoding')).toBe('gzip')
  const unwanted = { headers: { 'Accept-Encoding': 'br, gzip;q=0' } }
  expect((await service.request(path, unwanted)).headers.get('content-encoding')).toBeNull()
  expect(plain.headers.get('content-encoding')).toBeNull()
  const unpacked = gunzipSync(await packed.bytes())
  expect(unpacked.equals(await plain.bytes())).toBe(true)
})

test('an asset that a browser has already is not sent again', async () => {
  await using service = await startService()
  const first = await service.request('/assets/docs.js')
  const etag = first.headers.get('etag') ?? ''
  const again = await service.request('/assets/docs.js', { headers: { 'If-None-Match': etag } })
  expect([again.status, await again.text()]).toEqual([304, ''])
  expect(again.headers.get('x-content-type-options')).toBe('nosniff')
  expect(again.headers.get('cache-control')).toBe('no-cache')
  const other = await service.request('/assets/docs.js', { headers: { 'If-None-Match': '"x"' } })
  expect(other.status).toBe(200)
})

test.each(['..%2fpage.ts', 'toString', '__proto__', 'docs.ts', 'docs.js%00'])(
  'there is no asset %s',
  async (name) => {
    await using service = await startService()
    expect((await service.request(`/assets/${name}`)).status).toBe(404)
  },
)

test('the inbox is under 60 kB in all, as it is sent', async () => {
  await using service = await startService()
  const page = await (await service.request('/')).text()
  const init = { headers: { 'Accept-Encoding': 'gzip' } }
  const sizes = await Promise.all(
    loadsOf(page).map(async (target) => {
      return (await (await service.request(target, init)).bytes()).length
    }),
  )
  expect(sizes.length).toBe(4)
  expect(sizes.reduce((sum, size) => sum + size, page.length)).toBeLessThan(60_000)
})
