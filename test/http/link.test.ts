import { describe, expect, test } from 'bun:test'
import { startService, type TestService, TRANSPORTS, type Transport } from '../support/service.ts'
import { delivery } from '../support/signer.ts'

interface Page {
  data: { message_id: string }[]
  total: number
}

/** A link as RFC 8288, section 3, has it: one target in angle brackets, one relation. */
const FORM = /^<([^<>"\s]*)>; rel="next"$/

/** The target of an answer's link to the next page; undefined where there is none. */
function nextOf(response: Response): string | undefined {
  const link = response.headers.get('link')
  if (link === null) return undefined
  const target = FORM.exec(link)?.[1]
  if (target === undefined) throw new Error(`not of the form of RFC 8288: ${link}`)
  return target
}

/** The target of the link that the answer to this path must have. */
async function linkOf(service: TestService, path: string): Promise<string> {
  const target = nextOf(await service.request(path))
  if (target === undefined) throw new Error(`${path} has no link`)
  return target
}

/** The parameters of a relative reference, as a client resolves it against where it asked. */
const parametersOf = (reference: string) =>
  new URL(reference, 'http://localhost/messages?limit=1').searchParams

/** Where a reference leads from a path, as RFC 3986 resolves it, without scheme and authority. */
function resolve(reference: string, path: string): string {
  const { pathname, search } = new URL(reference, `http://localhost${path}`)
  return pathname + search
}

/** Starts a service with so many messages, two to a second, with ids in any script. */
async function serviceWith(count: number, transport: Transport): Promise<TestService> {
  const service = await startService({}, transport)
  for (let n = 0; n < count; n += 1) {
    const ts = `2025-01-15T10:00:${String(Math.floor(n / 2)).padStart(2, '0')}Z`
    const from = `+${n % 3}`
    await service.request('/webhook', delivery({ message_id: `\u{1F600}&=${n}`, ts, from }))
  }
  return service
}

/** Follows the links from a path to the end; the ids of each page. */
async function follow(service: TestService, path: string): Promise<string[][]> {
  const pages: string[][] = []
  let next: string | undefined = path
  while (next !== undefined && pages.length < 100) {
    const response: Response = await service.request(next)
    expect([next, response.status]).toEqual([next, 200])
    const { data } = (await response.json()) as Page
    pages.push(data.map(({ message_id }) => message_id))
    const target = nextOf(response)
    next = target && resolve(target, next)
  }
  return pages
}

const idsOf = async (service: TestService, query: string) => {
  const page = (await service.json(`/messages?${query}`)) as Page
  return page.data.map(({ message_id }) => message_id)
}

/** The types and the places of the faults that an answer lists. */
async function faultsOf(response: Response): Promise<unknown[]> {
  const { detail } = (await response.json()) as { detail: { type: string; loc: string[] }[] }
  return detail.map(({ type, loc }) => [type, ...loc])
}

describe.each([...TRANSPORTS])('the link of GET /messages, %s', (transport) => {
  test.each([
    'limit=4',
    'limit=4&order=desc',
    'limit=1&from=+1&q=hELLO',
    'limit=7&to=%2B14155550100',
  ])('leads from %s through every row once', async (query) => {
    await using service = await serviceWith(11, transport)
    const pages = await follow(service, `/messages?${query}`)
    const all = await idsOf(service, `${query}&limit=100`)
    expect(pages.flat()).toEqual(all)
    const [, limit] = /limit=(\d+)/.exec(query) ?? []
    expect(pages.length).toBe(Math.max(1, Math.ceil(all.length / Number(limit))))
  })

  test('goes on from an offset', async () => {
    await using service = await serviceWith(9, transport)
    const pages = await follow(service, '/messages?limit=3&offset=2')
    expect(pages.map((page) => page.length)).toEqual([3, 3, 1])
    expect(pages.flat()).toEqual((await idsOf(service, '')).slice(2))
  })

  test('is a relative reference with the same parameters, a cursor and no offset', async () => {
    await using service = await serviceWith(5, transport)
    const since = '2025-01-15T15:30:00+05:30'
    const query = `limit=2&offset=1&since=${since}&q=h%C3%A9&q=hello&order=desc&colour=red%3E%22`
    const target = await linkOf(service, `/messages?${query}`)
    expect(target).toMatch(/^[/?]/)
    const parameters = parametersOf(target)
    expect(parameters.get('cursor')).toMatch(/^[\w-]{20,}$/)
    parameters.delete('cursor')
    expect([...parameters]).toEqual([
      ['limit', '2'],
      ['since', since.replace('+', ' ')],
      ['q', 'h\u00e9'],
      ['q', 'hello'],
      ['order', 'desc'],
      ['colour', 'red>"'],
    ])
  })

  test('keeps its cursor where the page it leads to has a next one', async () => {
    await using service = await serviceWith(6, transport)
    const first = await linkOf(service, '/messages?limit=2')
    const second = await linkOf(service, first)
    expect(parametersOf(second).getAll('cursor').length).toBe(1)
    expect(parametersOf(second).get('cursor')).not.toBe(parametersOf(first).get('cursor'))
    expect(await (await service.request(first)).json()).toMatchObject({ limit: 2, offset: 0 })
  })

  test('is absent from the last page, a full one too, and from an empty one', async () => {
    await using service = await serviceWith(4, transport)
    for (const query of ['', 'limit=4', 'limit=2&offset=2', 'offset=99', 'q=nothing']) {
      const response = await service.request(`/messages?${query}`)
      expect([query, response.status, nextOf(response)]).toEqual([query, 200, undefined])
    }
    const next = await linkOf(service, '/messages?limit=2')
    const last = await service.request(next)
    expect(((await last.json()) as Page).data.length).toBe(2)
    expect(nextOf(last)).toBeUndefined()
  })

  test('comes to HEAD as it comes to GET', async () => {
    await using service = await serviceWith(3, transport)
    const [get, head] = await Promise.all(
      ['GET', 'HEAD'].map((method) => service.request('/messages?limit=2', { method })),
    )
    expect(head?.headers.get('link')).toBe(get?.headers.get('link') ?? 'absent from GET')
  })

  test('leaves the answer with its four keys, and the total of all that match', async () => {
    await using service = await serviceWith(3, transport)
    const next = await linkOf(service, '/messages?limit=2')
    const text = await (await service.request(next)).text()
    expect(Object.keys(JSON.parse(text))).toEqual(['data', 'total', 'limit', 'offset'])
    expect(text).toEndWith('],"total":3,"limit":2,"offset":0}')
  })

  test('shows no row twice and misses none while others come', async () => {
    await using service = await serviceWith(6, transport)
    const send = (message_id: string, second: string) =>
      service.request('/webhook', delivery({ message_id, ts: `2025-01-15T10:00:${second}Z` }))
    const before = await idsOf(service, '')
    const response = await service.request('/messages?limit=3')
    await send('early', '00')
    await send('late', '01.5')
    await send('last', '59')
    const { data } = (await response.json()) as Page
    const rest = await follow(service, nextOf(response) ?? '')
    const ids = [...data.map(({ message_id }) => message_id), ...rest.flat()]
    expect(ids).toEqual([...before.slice(0, 4), 'late', ...before.slice(4), 'last'])
  })
})

describe.each([...TRANSPORTS])('a cursor of GET /messages, %s', (transport) => {
  test('that is damaged or of another query is refused', async () => {
    await using service = await serviceWith(8, transport)
    const target = await linkOf(service, '/messages?limit=2&from=%2B1')
    const cursor = parametersOf(target).get('cursor') ?? ''
    expect((await service.request(target)).status).toBe(200)
    for (const query of [
      `from=%2B1&cursor=${cursor}x`,
      `from=%2B1&cursor=${cursor.slice(1)}`,
      `from=%2B1&cursor=${cursor.slice(0, -1)}`,
      `from=%2B2&cursor=${cursor}`,
      `cursor=${cursor}`,
      `from=%2B1&order=desc&cursor=${cursor}`,
      `from=%2B1&cursor=${cursor}&cursor=x`,
      'cursor=%00',
      'cursor=%FF',
      `cursor=${'A'.repeat(5000)}`,
    ]) {
      const response = await service.request(`/messages?${query}`)
      expect([query, response.status]).toEqual([query, 422])
      expect(await faultsOf(response)).toEqual([['cursor_invalid', 'query', 'cursor']])
    }
  })

  test('is refused beside an offset, and taken beside an offset of 0', async () => {
    await using service = await serviceWith(3, transport)
    const target = await linkOf(service, '/messages?limit=2')
    const refused = await service.request(`${target}&offset=1`)
    expect(refused.status).toBe(422)
    expect(await faultsOf(refused)).toEqual([['cursor_invalid', 'query', 'offset']])
    expect((await service.request(`${target}&offset=0`)).status).toBe(200)
  })
})
