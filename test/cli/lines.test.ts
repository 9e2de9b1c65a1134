import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { type Line, readLines } from '../../src/cli/lines.ts'

const NEVER = new AbortController().signal

function streamOf(chunks: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
}

async function linesOf(text: string, cut: number, bytesMax?: number): Promise<Line[]> {
  const bytes = Buffer.from(text, 'latin1')
  const chunks: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += cut) chunks.push(bytes.subarray(at, at + cut))
  return Array.fromAsync(readLines(streamOf(chunks), NEVER, bytesMax))
}

const shown = ({ bytes, number, end }: Line) => [
  bytes && Buffer.from(bytes).toString('latin1'),
  number,
  end,
]

describe('readLines', () => {
  test.each([1, 2, 3, 100])('gives the bytes as they stand, in chunks of %d', async (cut) => {
    const lines = await linesOf('a\r\n\n \t\r\n\xff\x00 b\nlast', cut)
    expect(lines.map(shown)).toEqual([
      ['a\r', 1, 3],
      ['\xff\x00 b', 4, 13],
      ['last', 5, 17],
    ])
  })

  test.each([1, 4, 5, 100])('gives a line over the limit no bytes, chunks of %d', async (cut) => {
    const lines = await linesOf('1234\n12345\n1234\n123456789', cut, 4)
    expect(lines.map(shown)).toEqual([
      ['1234', 1, 5],
      [undefined, 2, 11],
      ['1234', 3, 16],
      [undefined, 4, 25],
    ])
  })

  test('agrees with splitting the whole text, wherever the chunks are cut', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '\r'), maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (whole, cut) => {
        const expected = whole.split('\n').filter((line) => /[^ \r]/.test(line))
        expect((await linesOf(whole, cut)).map((line) => shown(line)[0])).toEqual(expected)
      }),
    )
  })

  test('ends a read that is under way when it is stopped', async () => {
    const stop = new AbortController()
    const lines = readLines(new ReadableStream(), stop.signal)
    const next = lines.next()
    stop.abort()
    expect((await next).done).toBe(true)
  })
})
