import { describe, expect, test } from 'bun:test'
import { type Progress, showProgress } from '../../src/cli/progress.ts'
import { openConsole } from './console.ts'

const HALF: Progress = { done: 12_000, missing: 0, fraction: 0.5 }

describe('showProgress', () => {
  test('writes a plain line at each interval where there is no terminal', () => {
    const console = openConsole()
    const hide = showProgress(console.io, () => HALF)
    expect(console.err()).toBe('')
    console.advance(4000)
    console.tick(5000)
    hide()
    console.tick(5000)
    expect(console.err()).toBe('12,000 sent, 3,000/s, 50 %, 0:04 left\n')
  })

  test('leaves out what is left where the size is unknown', () => {
    const console = openConsole()
    showProgress(console.io, () => ({ done: 10, missing: 3, fraction: undefined }))
    console.advance(1000)
    console.tick(5000)
    expect(console.err()).toBe('10 sent, 10/s, 3 without a 200\n')
  })

  test('draws a bar over itself on a terminal and ends its line', () => {
    const console = openConsole({ isTerminal: true })
    const hide = showProgress(console.io, () => HALF)
    console.advance(90_000)
    console.tick(100)
    hide()
    const drawn = '\r\u001b[K[############------------] 12,000 sent, 133/s, 50 %, 1:30 left'
    expect(console.err()).toBe(`${drawn}${drawn}\n`)
  })

  test('keeps the bar within the width of the terminal', () => {
    const console = openConsole({ isTerminal: true, columns: 20 })
    showProgress(console.io, () => HALF)
    console.tick(100)
    expect(console.err().replace('\r\u001b[K', '').length).toBe(19)
  })
})
