import { expect, setDefaultTimeout, test } from 'bun:test'
import { Journal } from '../../prove/fuzz/journal.ts'
import { judge } from '../../prove/fuzz/judge.ts'
import { markerOf, markersIn } from '../../prove/fuzz/marker.ts'
import { drawShot, type Shot } from '../../prove/fuzz/shot.ts'
import { FUZZ } from '../../prove/fuzz.ts'
import type { Answer } from '../../prove/wire.ts'
import { expectKept } from './short.ts'

setDefaultTimeout(60_000)

const GUN = { seed: 7, cursors: ['some-cursor'] }

test('answers some thousand mutated requests, and keeps what it says 200 to', async () => {
  const { rounds, lost, doubled } = await expectKept(FUZZ, 3)
  expect({ rounds, lost, doubled }).toEqual({ rounds: 3000, lost: 0, doubled: 0 })
})

test('draws the same request from the same seed and number, and others from others', () => {
  for (const number of [0, 1, 999_999]) {
    expect(drawShot(GUN, number)).toEqual(drawShot({ ...GUN }, number))
    expect(drawShot(GUN, number).bytes).not.toEqual(drawShot({ ...GUN, seed: 8 }, number).bytes)
    expect(drawShot(GUN, number).bytes).not.toEqual(drawShot(GUN, number + 1).bytes)
  }
})

test('knows a marker wherever it stands, and none that was changed', () => {
  const marker = markerOf('stored', 12)
  expect(markersIn(`a ${marker}${markerOf('path', 7)}`)).toEqual([
    { place: 'stored', number: 12 },
    { place: 'path', number: 7 },
  ])
  expect(markersIn(marker.replace('12', '13'))).toEqual([])
  expect(markersIn(marker.slice(0, -1))).toEqual([])
})

const SHOT: Shot = {
  ...{ number: 5, bytes: Buffer.from(''), method: 'GET', path: '/stats', requestId: 'r' },
  ...{ signed: undefined, isWhole: true },
}

function answerOf(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  const own = { 'x-request-id': 'r', 'content-type': 'application/json' }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { status, headers: { ...own, ...headers }, body: Buffer.from(text) }
}

const POST = { ...SHOT, method: 'POST', path: '/webhook' }
const DELIVERY = { ...POST, signed: Buffer.from('{}') }
const BROKEN = { ...SHOT, isWhole: false }
const FOREIGN = { data: [markerOf('stored', 4)] }
const OWN = markerOf('header', 5)
const NOT_OURS: Answer = { status: 505, headers: {}, body: Buffer.alloc(0) }

const WRONG: readonly [string, Shot, Answer][] = [
  ['an answer 500', SHOT, answerOf(500, { detail: 'Internal Server Error' })],
  ['an answer 501', BROKEN, answerOf(501, { detail: 'a' })],
  ['a 503 without Retry-After', SHOT, answerOf(503, { detail: 'a' })],
  ['an answer that shows innards', SHOT, answerOf(400, { detail: 'at f (/app/src/main.ts:3)' })],
  ['an answer that shows innards', SHOT, answerOf(400, { detail: 'SQLiteError: no such table' })],
  ['an answer that is no JSON', SHOT, answerOf(200, '{"data":')],
  ['an error of another shape', SHOT, answerOf(404, { error: 'a' })],
  ['an error of another shape', SHOT, answerOf(422, { detail: [{ type: 'a', loc: [] }] })],
  ['an answer with the stored marker of request 4', SHOT, answerOf(200, FOREIGN)],
  ['an answer with the header marker of request 5', SHOT, answerOf(422, { detail: OWN })],
  [
    'an answer with the header marker of request 4',
    { ...SHOT, path: '/messages' },
    answerOf(200, {}, { link: markerOf('header', 4) }),
  ],
  ['an answer with another request id', SHOT, answerOf(200, {}, { 'x-request-id': 'other' })],
  ['200 for a delivery that was not signed right', POST, answerOf(200, {})],
  ['422 for a delivery that was not signed right', POST, answerOf(422, { detail: 'a' })],
  ['401 for a delivery that was signed right', DELIVERY, answerOf(401, { detail: 'a' })],
  ['an answer 505 that is not ours', SHOT, NOT_OURS],
  ['an answer with the secret', SHOT, answerOf(200, { a: 'ackbox-bench-secret' })],
]

test.each(WRONG)('takes offence at %s', (problem, shot, answer) => {
  expect(judge(shot, answer)).toContain(problem)
})

const RIGHT: readonly [string, Shot, Answer][] = [
  ['a list of what was stored', { ...SHOT, path: '/messages' }, answerOf(200, FOREIGN)],
  ['its own query in a Link', SHOT, answerOf(200, {}, { link: OWN })],
  ['503 with Retry-After', SHOT, answerOf(503, { detail: 'a' }, { 'retry-after': '1' })],
  ['200 for what was signed', DELIVERY, answerOf(200, { status: 'ok' })],
  ['401 for what was not', POST, answerOf(401, { detail: 'invalid signature' })],
  ["Bun's own answer to what is no HTTP", BROKEN, NOT_OURS],
]

test.each(RIGHT)('takes no offence at %s', (_, shot, answer) => {
  expect(judge(shot, answer)).toEqual([])
})

const LINE = { ts: 't', level: 'INFO', method: 'GET', path: '/a', status: 200, latency_ms: 1 }

/** A journal that has read these lines, in two halves cut anywhere. */
function journalOf(...lines: unknown[]): Journal {
  const journal = new Journal()
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
  const all = texts.map((line) => `${line}\n`).join('')
  journal.take(all.slice(0, 7))
  journal.take(all.slice(7))
  return journal
}

test.each([
  ['a line that is no JSON object', 'Error: at line 3'],
  ['a line without ts and level', { msg: 'a' }],
  ['a request without latency_ms', { ...LINE, request_id: 'a', latency_ms: undefined }],
  ['what may not be there', { ...LINE, request_id: 'a', text: markerOf('stored', 3) }],
  ['what may not be there', { ...LINE, request_id: 'a', message_id: 'ackbox-bench-secret' }],
  ['a query', { ...LINE, request_id: 'a', path: '/a?b' }],
  ['a request that ended with 500', { ...LINE, request_id: 'a', status: 500 }],
  ['a stack trace', { ...LINE, request_id: 'a', error: { message: 'a', stack: 'b' } }],
])('finds in the log %s', (problem, line) => {
  expect(journalOf(line).problems).toEqual([expect.stringContaining(problem)])
})

test('pairs each answer with its line, whichever comes first', () => {
  const id = markerOf('request', 3)
  const journal = journalOf({ ...LINE, request_id: id }, { ...LINE, request_id: 'ours' })
  expect([journal.problems, journal.missing(), journal.unseen()]).toEqual([[], [], [3]])
  journal.answered(id)
  journal.answered('unlogged')
  expect([journal.missing(), journal.unseen()]).toEqual([['unlogged'], []])
})
