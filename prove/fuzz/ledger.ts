import { markersIn } from './marker.ts'
import { drawShot, type Gun, type Shot } from './shot.ts'

/** A message as GET /messages lists it. */
export interface Row {
  readonly message_id: string
  readonly from: string
  readonly to: string
  readonly ts: string
  readonly text: string | null
}

/** What became of the rows; see Tally. */
interface Account {
  readonly acknowledged: number
  readonly lost: number
  readonly doubled: number
  readonly problems: readonly string[]
}

/** Most problems that are told. */
const PROBLEMS_MAX = 20

function read(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body))
  } catch {
    return undefined
  }
}

/** Every text under one of these names, however deep. */
function textsUnder(name: string, value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => [
    ...(key === name && typeof part === 'string' ? [part] : []),
    ...textsUnder(name, part),
  ])
}

const FIELDS = ['message_id', 'from', 'to', 'ts', 'text'] as const

/** Whether the row is what this delivery brought, by our own reading of the signed bytes. */
function isFrom(row: Row, { path, signed }: Shot): boolean {
  const value = signed === undefined ? undefined : read(signed)
  if (path !== '/webhook') return textsUnder('id', value).includes(row.message_id)
  const sent: Record<string, unknown> = { text: null, ...Object(value) }
  return FIELDS.every((name) => (sent[name] ?? null) === row[name])
}

/** Knows of every id that was sent in a signed body, and which of them were acknowledged. */
export class Ledger {
  /** By id: the numbers of the shots that brought it. */
  readonly #sent = new Map<string, number[]>()
  readonly #acknowledged = new Set<string>()
  #answers = 0

  /** Notes a shot before it is sent. */
  send(shot: Shot): void {
    for (const id of idsIn(shot)) {
      const numbers = this.#sent.get(id)
      if (numbers === undefined) this.#sent.set(id, [shot.number])
      else numbers.push(shot.number)
    }
  }

  /** Notes a 200 for a delivery. */
  acknowledge(shot: Shot): void {
    this.#answers += 1
    if (shot.path === '/webhook') for (const id of idsIn(shot)) this.#acknowledged.add(id)
  }

  /** Holds all rows against what was sent. */
  async settle(rows: AsyncIterable<Row>, gun: Gun): Promise<Account> {
    const found = new Set<string>()
    const problems: string[] = []
    let doubled = 0
    for await (const row of rows) {
      const { message_id: id } = row
      if (found.has(id)) doubled += 1
      found.add(id)
      const shots = (this.#sent.get(id) ?? []).map((number) => drawShot(gun, number))
      if (!shots.some((shot) => isFrom(row, shot))) problems.push(strayOf(row))
    }
    let lost = 0
    for (const id of this.#acknowledged) if (!found.has(id)) lost += 1
    return { acknowledged: this.#answers, lost, doubled, problems: problems.slice(0, PROBLEMS_MAX) }
  }
}

function idsIn({ path, signed }: Shot): string[] {
  if (signed === undefined) return []
  if (path !== '/webhook') return [...new Set(textsUnder('id', read(signed)))]
  const id: unknown = Object(read(signed)).message_id
  return typeof id === 'string' ? [id] : []
}

function strayOf(row: Row): string {
  const numbers = markersIn(JSON.stringify(row)).map(({ number }) => number)
  return `the row ${JSON.stringify(row.message_id)} is from no whole, signed body (${numbers})`
}
