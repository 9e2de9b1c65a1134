import { expect, test } from 'bun:test'
import { makeChance } from '../../bench/chance.ts'
import { Disk } from '../../prove/disk.ts'
import type { Event } from '../../prove/trace.ts'

/** Power losses that are drawn for each claim. */
const DRAWS = 200

const create = (file: string): Event => ({ kind: 'create', file })
const remove = (file: string): Event => ({ kind: 'remove', file })
const write = (file: string, offset: number, text: string): Event => ({
  ...{ kind: 'write', file, offset },
  data: Buffer.from(text),
})
const synced = (file: string | undefined): Event[] => [
  { kind: 'sync', file, thread: '1' },
  { kind: 'synced', file, thread: '1' },
]

/** All that a power loss may leave of one file after these events, each once. */
function lose(events: readonly Event[], file: string): Set<string> {
  const disk = new Disk()
  for (const event of events) disk.see(event)
  const chance = makeChance(1)
  const left = Array.from({ length: DRAWS }, () => disk.lose(chance).get(file)?.toString('latin1'))
  return new Set(left.map((text) => text ?? 'no file'))
}

test('a disk keeps all that was synced', () => {
  const events = [create('-wal'), write('-wal', 0, 'abc'), ...synced('-wal')]
  expect(lose(events, '-wal')).toEqual(new Set(['abc']))
})

test('a disk may have what was not synced, or not, or only its beginning', () => {
  const events = [create(''), write('', 0, 'abc')]
  expect(lose(events, '')).toEqual(new Set(['no file', '', 'a', 'ab', 'abc']))
})

test('a sync covers nothing that came after it began, and no other file', () => {
  const events: Event[] = [
    ...[create(''), ...synced('')],
    { kind: 'sync', file: '', thread: '1' },
    write('', 0, 'a'),
    { kind: 'synced', file: '', thread: '1' },
    ...synced('-wal'),
  ]
  expect(lose(events, '')).toEqual(new Set(['', 'a']))
})

test('a disk may have any sectors of a write', () => {
  const [old, next] = ['a'.repeat(1024), 'b'.repeat(1024)]
  const events = [create(''), write('', 0, old), ...synced(''), write('', 0, next)]
  const left = lose(events, '')
  expect(left).toContain('a'.repeat(512) + 'b'.repeat(512))
  expect(left).toContain('b'.repeat(512) + 'a'.repeat(512))
})

test('a log may hold rubbish behind what was synced, and only there', () => {
  const events = [create('-wal'), write('-wal', 0, 'abc'), ...synced('-wal'), write('-wal', 3, 'd')]
  const left = [...lose(events, '-wal')]
  expect(left.every((text) => text.startsWith('abc'))).toBe(true)
  expect(left.length).toBeGreaterThan(3)
})

test('a file that was removed may still be there, until its folder is synced', () => {
  const events = [create(''), write('', 0, 'a'), ...synced(''), remove('')]
  expect(lose(events, '')).toEqual(new Set(['a', 'no file']))
  expect(lose([...events, ...synced(undefined)], '')).toEqual(new Set(['no file']))
})

test('a folder that is synced has the name of a file, not what is in it', () => {
  const events = [create(''), write('', 0, 'a'), ...synced(undefined)]
  expect(lose(events, '')).toEqual(new Set(['', 'a']))
})
