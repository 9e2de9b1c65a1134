import { expect, test } from 'bun:test'
import { BlockWriter, Piece } from '../../src/sqlite/blocks.ts'
import { eachGram } from '../../src/sqlite/grams.ts'
import { Harvest } from '../../src/sqlite/harvest.ts'

type Lists = Map<string, number[]>

/** What is written of a harvest, read again; grams and the messages of each must ascend. */
function read(harvest: Harvest): Lists {
  const lists: Lists = new Map()
  const piece = new Piece()
  const messages = new Uint32Array(100_000)
  let [high, low] = [-1, -1]
  const writer = new BlockWriter((block) => {
    piece.load(block)
    while (piece.next()) {
      const order = piece.high - high || piece.low - low
      expect(order).toBeGreaterThanOrEqual(0)
      high = piece.high
      low = piece.low
      const end = piece.copyTo(messages, 0)
      expect(end).toBe(piece.count)
      const key = `${high} ${low}`
      const before = lists.get(key) ?? []
      lists.set(key, [...before, ...messages.subarray(0, end)])
    }
  })
  harvest.writeTo(writer)
  writer.finish()
  return lists
}

/** The same, by looking at each text. */
function meant(texts: readonly (string | null)[]): Lists {
  const lists: Lists = new Map()
  for (const [message, text] of texts.entries()) {
    eachGram(text ?? '', (high, low) => {
      const list = lists.get(`${high} ${low}`) ?? []
      if (list.at(-1) !== message) list.push(message)
      lists.set(`${high} ${low}`, list)
    })
  }
  return lists
}

/** All that differs, so that a failure does not print tens of thousands of lists. */
function differences(harvest: Harvest, texts: readonly (string | null)[]): string[] {
  const [found, right] = [read(harvest), meant(texts)]
  const names = new Set([...found.keys(), ...right.keys()])
  return [...names].filter((name) => String(found.get(name)) !== String(right.get(name)))
}

function harvestOf(texts: readonly (string | null)[]): Harvest {
  const harvest = new Harvest()
  for (const text of texts) {
    expect(harvest.hasRoom(text)).toBe(true)
    harvest.add(text)
  }
  return harvest
}

test('a harvest of as many different grams as there is room for has the list of each', () => {
  // One character and an end that all have in common: three grams to a text, one of them its own.
  const texts = Array.from({ length: 60_000 }, (_, n) => `${String.fromCodePoint(0x10000 + n)}ab`)
  expect(differences(harvestOf(texts), texts)).toEqual([])
})

test('a harvest of texts that differ at their ends only has the list of each', () => {
  const texts = Array.from({ length: 60_000 }, (_, n) => `ab${String.fromCodePoint(0x10000 + n)}`)
  expect(differences(harvestOf(texts), texts)).toEqual([])
})

test('a harvest is as good the second time', () => {
  const harvest = harvestOf(['abc', 'bcd', null])
  harvest.clear()
  const texts = [null, 'cde', '', 'abcde', 'abab']
  for (const text of texts) harvest.add(text)
  expect(harvest.size).toBe(texts.length)
  expect(differences(harvest, texts)).toEqual([])
})

test('a harvest takes no more than it has room for, unless it was made for it', () => {
  const long = 'x'.repeat(2 ** 18)
  const harvest = new Harvest()
  expect(harvest.hasRoom(long)).toBe(true)
  harvest.add('a')
  expect(harvest.hasRoom(long)).toBe(false)
  expect(harvest.hasRoom(null)).toBe(true)
  expect(new Harvest(2 ** 19).hasRoom(long + long)).toBe(true)
})
