import { heapStats } from 'bun:jsc'
import { expect, test } from 'bun:test'
import { readBody } from '../../src/http/body.ts'
import { BodyBudget } from '../../src/http/body_budget.ts'

const CHUNKS = 20_000

const arraysHeld = () => {
  Bun.gc(true)
  return heapStats().objectTypeCounts.Uint8Array ?? 0
}

test('holds no chunk of a body for itself, so that tiny ones do not add up', async () => {
  let count = 0
  let held = Number.NaN
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      count += 1
      controller.enqueue(Uint8Array.of(count % 256))
      if (count === CHUNKS) {
        held = arraysHeld()
        controller.close()
      }
    },
  })
  const before = arraysHeld()
  const bytes = await readBody(new Request('http://localhost', { method: 'POST', body }), {
    ...{ bodyBytesMax: CHUNKS, bodyBudget: new BodyBudget(CHUNKS) },
    sleep: () => new Promise(() => {}),
  })
  const expected = Uint8Array.from({ length: CHUNKS }, (_, index) => (index + 1) % 256)
  expect(bytes).toEqual(expected)
  expect(held - before).toBeLessThan(CHUNKS / 100)
})
