import type { Server } from '../../bench/server.ts'
import { openWire, type Wire } from '../wire.ts'
import { type Parcel, pack, sendable, wrap } from './parcel.ts'
import { SHAPES, type Shape } from './shape.ts'
import { deliver, isStored, settle } from './target.ts'

/** What a part of the attack has found. */
export interface Findings {
  /** Deliveries that were answered 200. */
  readonly acknowledged: readonly string[]
  readonly problems: readonly string[]
}

/** Whether a connection answers the request that was sent last, and not what was left over. */
async function isInStep(wire: Wire): Promise<boolean> {
  wire.send(wrap(['GET /nowhere HTTP/1.1', 'Host: a', 'X-Request-ID: in-step']))
  const answer = await wire.answer()
  return answer?.status === 404 && answer.headers['x-request-id'] === 'in-step'
}

/** Sends a shape and says what was wrong with the answer. */
async function send(server: Server, shape: Shape, bytes: Buffer): Promise<string[]> {
  using wire = await openWire(server.port)
  wire.send(bytes)
  if (shape.fate === 'unfinished') {
    await settle(server)
    wire.reset()
    return []
  }
  const answer = await wire.answer().catch(() => 'late' as const)
  if (answer === 'late') return ['is neither answered nor hung up on']
  const status = answer?.status
  if (shape.fate === 'unheard') return []
  if (shape.fate === 'refused') {
    return status === undefined || status >= 400 ? [] : [`is answered ${status}`]
  }
  if (status !== 200) return [`is answered ${status ?? 'by hanging up'}`]
  return (await isInStep(wire)) ? [] : ['leaves the connection out of step']
}

/** What is wrong with what was stored of a shape. */
async function judgeRows(server: Server, shape: Shape, parcel: Parcel, hidden: string) {
  const stored = await isStored(server, parcel.id)
  const fits = shape.fate === 'unheard' || stored === (shape.fate === 'stored')
  return [
    ...(fits ? [] : [stored ? 'is stored' : 'is not stored']),
    ...((await isStored(server, hidden)) ? ['lets what it hides be stored'] : []),
  ]
}

async function probe(server: Server, shape: Shape, name: string): Promise<Findings> {
  const parcel = pack(`${name}-seen`)
  const hidden = pack(`${name}-hidden`)
  const bytes = shape.bytes(parcel, sendable(hidden).toString('latin1'))
  const problems = await send(server, shape, bytes)
  problems.push(...(await judgeRows(server, shape, parcel, hidden.id)))
  // A sender that was not answered sends again, whatever became of the first time.
  const again = shape.fate === 'unheard' ? await deliver(server, parcel.id) : 200
  if (again !== 200) problems.push(`is answered ${again} when it is sent again`)
  const acknowledged = shape.fate === 'stored' || shape.fate === 'unheard' ? [parcel.id] : []
  return { acknowledged, problems: problems.map((problem) => `${shape.name} ${problem}`) }
}

/** Sends every shape on a connection of its own, one after another. */
export async function probeShapes(server: Server, round: number): Promise<Findings> {
  const acknowledged: string[] = []
  const problems: string[] = []
  for (const [index, shape] of SHAPES.entries()) {
    const findings = await probe(server, shape, `shape-${round}-${index}`)
    acknowledged.push(...findings.acknowledged)
    problems.push(...findings.problems)
  }
  return { acknowledged, problems }
}
