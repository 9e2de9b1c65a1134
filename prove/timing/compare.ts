import { createHmac } from 'node:crypto'
import { SECRET } from '../../bench/contestants.ts'
import { makeKey, NO_KEY } from '../../src/signature/hmac.ts'
import { X_SIGNATURE } from '../../src/signature/x_signature.ts'
import type { Forgery } from './forgery.ts'
import type { Subject } from './sampling.ts'

/** Refusals in one sample: the clock is coarse beside one. */
const BLOCK = 16

const HEADER = 'x-signature'

/** A block of forgeries from one on, in a circle. */
const inBlock = (forgeries: readonly Forgery[], first: number, refuse: (index: number) => void) => {
  for (let index = first; index < first + BLOCK; index += 1) refuse(index % forgeries.length)
}

/** Refuses a block of deliveries by the program's own scheme. Throws where one is let through. */
export function ownCompare(forgeries: readonly Forgery[]): Subject {
  const keys = [makeKey(SECRET)]
  const deliveries = forgeries.map(({ body, signatures }) =>
    signatures.map((signature) => {
      return { body, headers: new Headers({ [HEADER]: signature }), receivedAt: 0 }
    }),
  )
  return (first, lot) =>
    inBlock(forgeries, first, (index) => {
      const delivery = deliveries[index]?.[lot]
      if (delivery === undefined || X_SIGNATURE.verify(delivery, keys) !== NO_KEY) {
        throw new Error('a wrong signature is let through')
      }
    })
}

/** Whether two texts are the same, told as soon as it is known: what must never be used. */
function areSame(a: string, b: string): boolean {
  for (let at = 0; at < 64; at += 1) if (a.charCodeAt(at) !== b.charCodeAt(at)) return false
  return true
}

/**
 * The same by a compare that ends at the first wrong character. The measurement must tell it from
 * a constant one, or it could tell nothing.
 */
export function leakyCompare(forgeries: readonly Forgery[]): Subject {
  const right = forgeries.map(({ body }) => createHmac('sha256', SECRET).update(body).digest('hex'))
  const key = makeKey(SECRET)
  return (first, lot) =>
    inBlock(forgeries, first, (index) => {
      const { body, signatures } = forgeries[index] as Forgery
      // As much work as the program has beside it.
      key.copy().update(body).digest()
      if (areSame(right[index] ?? '', signatures[lot] ?? '')) throw new Error('a lot is not wrong')
    })
}
