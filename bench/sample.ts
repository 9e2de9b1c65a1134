import { type Chance, pick } from './chance.ts'

/** How many different senders there are. */
export const SENDERS = 20_000

/** Messages reach us about this long after they were sent, and a little out of order. */
const DELAY_MILLISECONDS = 3000

/** One message in so many has no text, and one in so many has words of other scripts. */
const ONE_IN = { withoutText: 33, otherScript: 10 }

const WORDS = (
  'are you there yet see me at home later please call back when the train is in we will be late ' +
  'for dinner tonight thanks so much ok sure no problem your order has been sent and arrives on ' +
  'Monday code is valid until tomorrow Sorry cannot talk now I am driving What time do they open ' +
  'Happy birthday my dear friend hope all is well with family and work Meeting moved to Friday'
).split(' ')

const OTHER_WORDS = 'École déjà Grüße Привет завтра дома 明天 谢谢 नमस्ते çok güzel Ωραία 😀'.split(
  ' ',
)

function sampleText(chance: Chance): string | null {
  if (chance(ONE_IN.withoutText) === 0) return null
  const words = Array.from({ length: 3 + chance(20) }, () => pick(WORDS, chance))
  if (chance(ONE_IN.otherScript) === 0) words.push(pick(OTHER_WORDS, chance))
  return words.join(' ')
}

const party = (index: number) => `+4477${String(index).padStart(8, '0')}`

/**
 * The JSON body of one delivery: a random id, one of 20,000 senders, a short text as people and
 * shops send them. `now` is in milliseconds since the Unix epoch; `ts` is shortly before it.
 */
export function sampleBody(now: number, chance: Chance): string {
  return JSON.stringify({
    message_id: crypto.randomUUID(),
    from: party(chance(SENDERS)),
    to: party(SENDERS + chance(4)),
    ts: new Date(now - chance(DELAY_MILLISECONDS)).toISOString(),
    text: sampleText(chance),
  })
}
