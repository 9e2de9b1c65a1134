import { describe, expect, test } from 'bun:test'
import { Value } from '@sinclair/typebox/value'
import { Stats, Volume } from '../../src/schema.ts'
import { startService, TRANSPORTS } from '../support/service.ts'
import { delivery } from '../support/signer.ts'

describe.each([...TRANSPORTS])('GET /stats, %s', (transport) => {
  test('is all zeros and nulls when there is nothing', async () => {
    await using service = await startService({}, transport)
    const response = await service.request('/stats')
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toEqual({
      total_messages: 0,
      senders_count: 0,
      messages_per_sender: [],
      first_message_ts: null,
      last_message_ts: null,
    })
  })

  test('lists ten senders at most, the busiest first and equal ones by number', async () => {
    await using service = await startService({}, transport)
    const counts = [1, 1, 3, 1, 1, 2, 1, 1, 1, 1, 1, 2]
    // The greatest number comes first, so that no order of arrival passes for that of numbers.
    for (const [sender, count] of [...counts.entries()].reverse()) {
      for (let n = 0; n < count; n += 1) {
        const changes = { message_id: `${sender}-${n}`, from: `+${sender + 100}` }
        await service.request('/webhook', delivery(changes))
      }
    }
    const stats = (await service.json('/stats')) as Stats
    expect(Value.Check(Stats, stats)).toBe(true)
    expect(stats).toMatchObject({ total_messages: 16, senders_count: 12 })
    expect(stats.messages_per_sender).toEqual([
      { from: '+102', count: 3 },
      { from: '+105', count: 2 },
      { from: '+111', count: 2 },
      ...[100, 101, 103, 104, 106, 107, 108].map((sender) => ({ from: `+${sender}`, count: 1 })),
    ])
  })

  test('shows the earliest and the latest by instant, as they were sent', async () => {
    await using service = await startService({}, transport)
    const times = ['2025-01-15T10:00:00.500Z', '2025-01-15T10:00:00Z', '2025-01-15T10:00:00.5001Z']
    for (const [index, ts] of times.entries()) {
      await service.request('/webhook', delivery({ message_id: `m${index}`, ts }))
    }
    const [, first, last] = times
    const expected = { first_message_ts: first, last_message_ts: last } as object
    expect(await service.json('/stats')).toMatchObject(expected)
  })

  test('does not count a duplicate, nor the sender it names', async () => {
    await using service = await startService({}, transport)
    for (const from of ['+1', '+2']) await service.request('/webhook', delivery({ from }))
    expect(await service.json('/stats')).toMatchObject({
      total_messages: 1,
      messages_per_sender: [{ from: '+1', count: 1 }],
    })
  })
})

describe.each([...TRANSPORTS])('GET /stats/volume, %s', (transport) => {
  test('counts by the hour unless told otherwise, and leaves out what is empty', async () => {
    await using service = await startService({}, transport)
    expect(await service.json('/stats/volume')).toEqual({ bucket: 'hour', data: [] })
    const times = ['10:00:00Z', '10:59:59.999999Z', '12:00:00Z']
    for (const [n, time] of times.entries()) {
      const changes = { message_id: `m${n}`, ts: `2025-01-15T${time}`, from: `+${n % 2}` }
      await service.request('/webhook', delivery(changes))
    }
    const volume = await service.json('/stats/volume')
    expect(Value.Check(Volume, volume)).toBe(true)
    const ten = '2025-01-15T10:00:00Z'
    const twelve = '2025-01-15T12:00:00Z'
    const hours = (counts: object[]) => ({ bucket: 'hour', data: counts })
    expect(volume).toEqual(
      hours([
        { start: ten, count: 2 },
        { start: twelve, count: 1 },
      ]),
    )
    expect(await service.json(`/stats/volume?since=${twelve}`)).toEqual(
      hours([{ start: twelve, count: 1 }]),
    )
    expect(await service.json('/stats/volume?from=+1')).toEqual(hours([{ start: ten, count: 1 }]))
    expect(await service.json('/stats/volume?bucket=day')).toEqual({
      bucket: 'day',
      data: [{ start: '2025-01-15T00:00:00Z', count: 3 }],
    })
  })

  test.each([
    ['bucket=week', 'bucket'],
    ['bucket=week&since=2025-01-01T00:00:00Z&until=2025-06-01T00:00:00Z', 'bucket'],
    ['since=yesterday', 'since'],
    ['bucket=minute&since=2025-01-01T00:00:00Z&until=2025-01-01T16:40:00.000001Z', 'until'],
    ['bucket=day&since=0001-01-01T00:00:00Z&until=9999-01-01T00:00:00Z', 'until'],
  ])('refuses %s', async (query, name) => {
    await using service = await startService({}, transport)
    const response = await service.request(`/stats/volume?${query}`)
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ detail: [{ loc: ['query', name] }] })
  })

  test('takes a window that is just as long as it may be', async () => {
    await using service = await startService({}, transport)
    const query = 'bucket=minute&since=2025-01-01T00:00:00Z&until=2025-01-01T16:40:00Z'
    expect((await service.request(`/stats/volume?${query}`)).status).toBe(200)
  })
})
