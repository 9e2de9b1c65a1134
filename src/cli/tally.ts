import type { Outcome } from './postman.ts'

/** Different reasons that are told apart; a server that words each answer anew cannot fill us. */
const REASONS_MAX = 40

/** Line numbers shown for a reason. */
const EXAMPLES_MAX = 5

type Reason = { count: number; lines: number[] }

/** The running counts of one `ackbox send`. */
export type Tally = Record<Outcome['result'], number> & {
  reasons: Record<'refused' | 'failed', Map<string, Reason>>
}

/** A tally of nothing yet. */
export function startTally(): Tally {
  const reasons = { refused: new Map<string, Reason>(), failed: new Map<string, Reason>() }
  return { created: 0, duplicate: 0, accepted: 0, refused: 0, failed: 0, reasons }
}

/** Adds one outcome, with the number of its line in the input where there is one. */
export function count(tally: Tally, outcome: Outcome, line?: number): void {
  tally[outcome.result] += 1
  if (!('reason' in outcome)) return
  const reasons = tally.reasons[outcome.result]
  const isNew = !reasons.has(outcome.reason)
  const key = isNew && reasons.size >= REASONS_MAX ? 'other reasons' : outcome.reason
  const reason = reasons.get(key) ?? { count: 0, lines: [] }
  reason.count += 1
  if (line !== undefined && reason.lines.length <= EXAMPLES_MAX) reason.lines.push(line)
  reasons.set(key, reason)
}

/** How many messages did not get a 200. */
export function countMissing(tally: Tally): number {
  return tally.refused + tally.failed
}

/** How many messages are done with, either way. */
export function countDone(tally: Tally): number {
  return tally.created + tally.duplicate + tally.accepted + countMissing(tally)
}

/** The closing lines, `name count` each, with the reasons indented; ends with a newline. */
export function renderTally(tally: Tally): string {
  return [
    `created ${tally.created}`,
    `duplicate ${tally.duplicate}`,
    ...(tally.accepted === 0 ? [] : [`accepted ${tally.accepted}`]),
    `refused ${tally.refused}`,
    ...renderReasons(tally.reasons.refused),
    `failed ${tally.failed}`,
    ...renderReasons(tally.reasons.failed),
    '',
  ].join('\n')
}

function renderReasons(reasons: ReadonlyMap<string, Reason>): string[] {
  return [...reasons]
    .sort(([, a], [, b]) => b.count - a.count)
    .map(([text, reason]) => `  ${reason.count} x ${text}${renderLines(reason)}`)
}

function renderLines({ lines }: Reason): string {
  if (lines.length === 0) return ''
  const shown = lines.toSorted((a, b) => a - b).slice(0, EXAMPLES_MAX)
  const more = lines.length > EXAMPLES_MAX ? ', ...' : ''
  return ` (line${lines.length > 1 ? 's' : ''} ${shown.join(', ')}${more})`
}
