import { afterAll, describe, expect, test } from 'bun:test'
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogLevel } from '../src/config.ts'
import { type Log, openLog } from '../src/log.ts'
import { until } from './support/deadline.ts'

const NOW = Date.UTC(2025, 0, 15, 10, 0, 0, 7)
const TS = '2025-01-15T10:00:00.007Z'
const LEVELS: LogLevel[] = ['DEBUG', 'INFO', 'WARNING', 'ERROR']

const folder = mkdtempSync(join(tmpdir(), 'ackbox-log-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What a log of this level writes into a file, line by line. */
function written(level: LogLevel, write: (log: Log) => void): string[] {
  const path = join(folder, crypto.randomUUID())
  const descriptor = openSync(path, 'w')
  const log = openLog(level, descriptor, () => NOW)
  write(log)
  log.flush()
  closeSync(descriptor)
  return readFileSync(path, 'utf8').split('\n').slice(0, -1)
}

describe('a log', () => {
  test('writes level, ts and the fields, and nothing else', () => {
    const fields = { request_id: 'r1', status: 200, latency_ms: 1.5, dup: false }
    const [line = ''] = written('INFO', (log) => log.write('INFO', fields))
    expect(JSON.parse(line)).toEqual({ level: 'INFO', ts: TS, ...fields })
  })

  test('gives each line the time at which it was written', () => {
    const times = [NOW, NOW, NOW + 1, NOW + 1, NOW]
    const path = join(folder, crypto.randomUUID())
    const descriptor = openSync(path, 'w')
    let time = 0
    const log = openLog('INFO', descriptor, () => time)
    for (time of times) log.write('INFO', {})
    log.flush()
    closeSync(descriptor)
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
    expect(lines.map((line) => Date.parse(JSON.parse(line).ts))).toEqual(times)
  })

  test.each(LEVELS)('of level %s writes lines as important and more, by the names', (level) => {
    const lines = written(level, (log) => {
      for (const each of LEVELS) log.write(each, {})
    })
    const wanted = LEVELS.slice(LEVELS.indexOf(level))
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      wanted.map((each) => ({ level: each, ts: TS })),
    )
  })

  test('keeps a value with line ends, quotes and any script in one line', () => {
    const value = 'a\nb\r\u2028"\\\0\ud800 привет 😀'
    const lines = written('INFO', (log) => log.write('INFO', { path: value }))
    expect(lines.map((line) => JSON.parse(line).path)).toEqual([value])
  })

  test('keeps the order of ten thousand lines and loses none', () => {
    const numbers = Array.from({ length: 10_000 }, (_, n) => n)
    const lines = written('INFO', (log) => {
      for (const n of numbers) log.write('INFO', { n })
    })
    expect(lines.map((line) => JSON.parse(line).n)).toEqual(numbers)
  })

  test('writes nothing where nothing was logged', () => {
    expect(written('DEBUG', () => {})).toEqual([])
  })

  test('sends a full buffer by itself', () => {
    const path = join(folder, 'full')
    const descriptor = openSync(path, 'w')
    const log = openLog('INFO', descriptor, () => NOW)
    for (let n = 0; n < 1000; n += 1) log.write('INFO', { n })
    expect(readFileSync(path, 'utf8')).toContain('"n":500}')
    closeSync(descriptor)
  })

  test('drops lines for a descriptor that takes none, without an error', () => {
    const descriptor = openSync('/dev/full', 'w')
    const log = openLog('INFO', descriptor, () => NOW)
    log.write('INFO', { lost: true })
    expect(() => log.flush()).not.toThrow()
    closeSync(descriptor)
  })
})

/** A program that logs so many lines to its stdout. */
const program = (count: number) => `
  import { openLog } from '${join(import.meta.dir, '../src/log.ts')}'
  const log = openLog('INFO', 1, () => 0)
  for (let n = 0; n < ${count}; n += 1) log.write('INFO', { n, text: 'x'.repeat(100) })
  log.flush()
`

describe('a log to a pipe', () => {
  test('waits for a slow reader, and neither loses nor cuts a line', async () => {
    const child = Bun.spawn([process.execPath, '-e', program(20_000)], { stderr: 'inherit' })
    const lines = (await new Response(child.stdout).text()).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).n)).toEqual(
      Array.from({ length: 20_000 }, (_, n) => n),
    )
    expect(await child.exited).toBe(0)
  })

  test('waits where the pipe is full and would not wait itself', async () => {
    const [fifo, received] = [join(folder, 'fifo'), join(folder, 'received')]
    Bun.spawnSync(['mkfifo', fifo])
    const descriptor = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK)
    expect(() => {
      for (;;) writeSync(descriptor, 'filler'.repeat(100))
    }).toThrow('EAGAIN')
    const reader = Bun.spawn(['sh', '-c', 'exec cat "$0" >"$1"', fifo, received])
    const log = openLog('INFO', descriptor, () => NOW)
    for (let n = 0; n < 1000; n += 1) log.write('INFO', { n })
    log.write('INFO', { n: 'last' })
    log.flush()
    // A reader that came after the only writer had gone would wait for another for ever.
    await until('the reader has come', () => Bun.file(received).size > 0)
    closeSync(descriptor)
    expect(await reader.exited).toBe(0)
    const lines = readFileSync(received, 'utf8').split('\n').slice(1, -1)
    const wanted = Array.from({ length: 999 }, (_, n) => n + 1)
    expect(lines.map((line) => JSON.parse(line).n)).toEqual([...wanted, 'last'])
  })

  test('goes on when the reader has gone', async () => {
    const script = '"$0" -e "$1" | head -n 1 >/dev/null; exit $PIPESTATUS'
    const child = Bun.spawn(['bash', '-c', script, process.execPath, program(20_000)])
    expect(await child.exited).toBe(0)
  })
})
