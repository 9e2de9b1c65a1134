import { describe, expect, test } from 'bun:test'
import { startService, TRANSPORTS } from '../support/service.ts'
import { dataOf, ON, PATH, post } from '../whatsapp/meta.ts'
import { status, statuses } from '../whatsapp/payloads.ts'

describe.each([...TRANSPORTS])('GET /statuses, %s', (transport) => {
  test('shows the furthest step, in whatever order the steps arrived', async () => {
    await using service = await startService(ON, transport)
    const pricing = { billable: true, pricing_model: 'PMP', category: 'utility' }
    for (const item of [
      status('s', 'read'),
      status('s', 'sent', { pricing }),
      status('s', 'read'),
      status('s', 'delivered'),
    ]) {
      expect((await service.request(PATH, post(statuses(item)))).status).toBe(200)
    }
    expect(await service.json('/statuses/s')).toMatchObject({
      message_id: 's',
      from: '+15550783881',
      recipient: '+16505551234',
      status: 'read',
      ts: '2025-06-08T21:02:43Z',
      pricing,
      errors: [],
      history: [{ status: 'sent' }, { status: 'delivered' }, { status: 'read' }],
    })
    expect((await service.request('/statuses/other')).status).toBe(404)
  })

  test('shows why a message failed', async () => {
    await using service = await startService(ON, transport)
    const errors = [{ code: 131026, title: 'Message undeliverable', error_data: { details: 'x' } }]
    await service.request(
      PATH,
      post(statuses(status('s', 'sent'), status('s', 'failed', { errors }))),
    )
    expect(await service.json('/statuses/s')).toMatchObject({ status: 'failed', errors })
  })

  test('filters, counts, and leads on by a Link', async () => {
    await using service = await startService(ON, transport)
    const items = Array.from({ length: 7 }, (_, n) =>
      status(`s${n}`, n < 5 ? 'sent' : 'read', { recipient_id: n === 0 ? '7' : '8' }),
    )
    await service.request(PATH, post(statuses(...items)))
    const idsOf = async (query: string) =>
      (await dataOf(service, `/statuses?${query}`)).map((row) => row.message_id)
    expect(await idsOf('recipient=+7')).toEqual(['s0'])
    expect(await idsOf('recipient=%2B8&status=read')).toEqual(['s5', 's6'])
    expect(await idsOf('since=2025-06-08T21:00:00Z')).toEqual(['s5', 's6'])
    const walked: unknown[] = []
    let next: string | undefined = '/statuses?limit=2&status=sent'
    while (next !== undefined) {
      const response: Response = await service.request(next)
      const page = (await response.json()) as { data: { message_id: string }[]; total: number }
      expect(page.total).toBe(5)
      walked.push(...page.data.map((row) => row.message_id))
      next = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1]
    }
    expect(walked).toEqual(['s0', 's1', 's2', 's3', 's4'])
  })

  test.each(['limit=0', 'limit=101', 'offset=-1', 'since=now', 'cursor=abc'])(
    'refuses %s, and so do the lists of what is kept',
    async (query) => {
      await using service = await startService(ON, transport)
      const [name] = query.split('=')
      const paths =
        name === 'since' ? ['/statuses'] : ['/statuses', '/notifications', '/quarantine']
      for (const path of paths) {
        const response = await service.request(`${path}?${query}`)
        expect([path, response.status]).toEqual([path, 422])
        expect(await response.json()).toMatchObject({ detail: [{ loc: ['query', name] }] })
      }
    },
  )

  test('refuses the cursor of another list, or of other filters', async () => {
    await using service = await startService(ON, transport)
    await service.request(PATH, post(statuses(status('a', 'sent'), status('b', 'sent'))))
    const link = (await service.request('/statuses?limit=1')).headers.get('link') ?? ''
    const cursor = /cursor=([^&>]+)/.exec(link)?.[1]
    expect((await service.request(`/statuses?cursor=${cursor}`)).status).toBe(200)
    for (const path of [
      '/quarantine?',
      '/statuses?status=sent&',
      '/messages?',
      '/statuses?offset=1&',
    ]) {
      expect([path, (await service.request(`${path}cursor=${cursor}`)).status]).toEqual([path, 422])
    }
  })
})
