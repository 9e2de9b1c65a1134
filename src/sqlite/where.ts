import type { SQLQueryBindings } from 'bun:sqlite'
import { fold } from '../fold.ts'
import type { ListQuery } from '../query.ts'

/** A query, and of its two parties, where it names both, the one whose messages are walked. */
export interface LedQuery extends ListQuery {
  /** The sender's unless it is the recipient's. */
  readonly lead?: 'from' | 'to'
}

/** Conditions that are joined with AND, each with its bindings. */
export class Where {
  readonly #terms: string[] = []
  readonly bindings: SQLQueryBindings[] = []

  /** Adds a condition, unless its value is undefined. */
  add(term: string, ...values: (SQLQueryBindings | undefined)[]): this {
    if (values.includes(undefined)) return this
    this.#terms.push(term)
    this.bindings.push(...(values as SQLQueryBindings[]))
    return this
  }

  /** The clause, or nothing where there is no condition. */
  get clause(): string {
    return this.#terms.length === 0 ? '' : `WHERE ${this.#terms.join(' AND ')}`
  }
}

/**
 * The filters of a query as conditions, without its cursor. A plus keeps SQLite from walking by
 * that term where another leaves fewer rows: one party's are few, and a cursor is inside its
 * window.
 */
export function filters(query: LedQuery): Where {
  const { from, to, since, until, q, after, descending, lead = 'from' } = query
  const [sincePlus, untilPlus] = after === undefined ? ['', ''] : descending ? ['', '+'] : ['+', '']
  const [fromPlus, toPlus] = lead === 'from' ? ['', from === undefined ? '' : '+'] : ['+', '']
  return (
    new Where()
      .add(`${fromPlus}sender = ?`, from)
      .add(`${toPlus}recipient = ?`, to)
      .add(`${sincePlus}instant >= ?`, since)
      .add(`${untilPlus}instant < ?`, until)
      // instr() compares bytes, so every character of the needle stands for itself.
      .add('instr(coalesce(folded, lower(text)), ?)', q === undefined ? undefined : fold(q))
  )
}

/** The query as far as an index alone answers it: one party and a window of time. */
export function indexed({ q: _, after: __, from, to, lead, ...rest }: LedQuery): LedQuery {
  const byRecipient = from === undefined || lead === 'to'
  if (!byRecipient) return { ...rest, from }
  return to === undefined ? rest : { ...rest, to }
}

/** The columns that a listed message shows. */
export const MESSAGE = 'message_id, sender AS "from", recipient AS "to", ts, text'

/** The query's order as a clause. */
export function orderOf({ descending }: ListQuery): string {
  const direction = descending ? 'DESC' : 'ASC'
  return `ORDER BY instant ${direction}, message_id ${direction}`
}

/** Adds that rows must come after the query's cursor, in its order. */
export function beyond(
  where: Where,
  { descending, after }: Pick<ListQuery, 'descending' | 'after'>,
): Where {
  const comparison = `(instant, message_id) ${descending ? '<' : '>'} (?, ?)`
  return where.add(comparison, after?.instant, after?.messageId)
}
