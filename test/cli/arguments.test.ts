import { describe, expect, test } from 'bun:test'
import { parseArguments } from '../../src/cli/arguments.ts'

const ROWS = [
  { name: 'loud', short: 'l', type: 'flag', help: '' },
  { name: 'name', type: 'text', value: 'NAME', help: '' },
  { name: 'count', type: 'integer', value: 'N', default: 3, min: 1, max: 10, help: '' },
  { name: 'wait', type: 'decimal', value: 'S', default: 1, min: 0.5, max: 2, help: '' },
] as const

describe('parseArguments', () => {
  test('gives every option its default and says that none was given', () => {
    const options = { loud: false, name: undefined, count: 3, wait: 1 }
    expect(parseArguments([], ROWS, [])).toEqual({ options, given: new Set(), positionals: [] })
  })

  test('reads flags, texts and numbers', () => {
    expect(
      parseArguments(['-l', '--name=-x', '--count', '10', '--wait=0.5'], ROWS, []),
    ).toMatchObject({ options: { loud: true, name: '-x', count: 10, wait: 0.5 } })
  })

  test.each(['0', '11', '0x5', '1e0', ' 5', '5.0', '', '-1'])('refuses %p as a count', (count) => {
    expect(parseArguments([`--count=${count}`], ROWS, [])).toEqual({
      problem: '--count must be a whole number from 1 to 10',
    })
  })

  test('wants each word that is not optional, and none beyond', () => {
    const words = [
      { name: 'FROM', help: '' },
      { name: 'TO', help: '', optional: true },
    ] as const
    expect(parseArguments([], ROWS, words)).toEqual({ problem: 'missing argument FROM' })
    expect(parseArguments(['a'], ROWS, words)).toMatchObject({ positionals: ['a'] })
    expect(parseArguments(['a', 'b', 'c'], ROWS, words)).toEqual({
      problem: "unexpected argument 'c'",
    })
  })
})
