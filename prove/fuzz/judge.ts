import { SECRET } from '../../bench/contestants.ts'
import type { Answer } from '../wire.ts'
import { markersIn } from './marker.ts'
import type { Shot } from './shot.ts'

/** Lists of what was stored: only there may a message of another request be seen. */
const LISTS = /^\/(messages|statuses|notifications|quarantine)(\/|$)/

/** What an error of a program looks like, and our own files and engine. */
const INNARDS = /\n\s*at |\bat \S+ \(|\.ts:[0-9]|node_modules|bun:|sqlite|\/src\/|[a-z]Error\b/i

/** Statuses with which Bun itself refuses what is no HTTP, without a body, and hangs up. */
const NO_HTTP: readonly number[] = [400, 413, 431, 505]

/** The statuses that a delivery may have that was signed right, and one that was not. */
const SIGNED: readonly number[] = [200, 413, 422, 503]
const UNSIGNED: readonly number[] = [401, 413, 503]

const isDelivery = ({ method, path }: Shot) =>
  method === 'POST' && (path === '/webhook' || path === '/webhook/whatsapp')

function judgeStatus(shot: Shot, { status, headers, body }: Answer): string[] {
  if (headers['x-request-id'] === undefined) {
    const fits = !shot.isWhole && NO_HTTP.includes(status) && body.length === 0
    return fits ? [] : [`an answer ${status} that is not ours`]
  }
  if (status >= 500 && status !== 503) return [`an answer ${status}`]
  if (status === 503 && headers['retry-after'] === undefined) return ['a 503 without Retry-After']
  if (!shot.isWhole || !isDelivery(shot)) return []
  const statuses = shot.signed === undefined ? UNSIGNED : SIGNED
  const how = shot.signed === undefined ? 'not signed right' : 'signed right'
  return statuses.includes(status) ? [] : [`${status} for a delivery that was ${how}`]
}

function isFaults(detail: unknown): boolean {
  if (!Array.isArray(detail) || detail.length === 0 || detail.length > 20) return false
  return detail.every((each) => Object.keys(each ?? {}).join() === 'type,loc,msg')
}

/** Whether an error has the one shape that errors have, or that of readiness. */
function isError(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if ('status' in value) return value.status === 'not ready'
  return 'detail' in value && (typeof value.detail === 'string' || isFaults(value.detail))
}

function judgeText(shot: Shot, { status, headers }: Answer, text: string): string[] {
  if (!headers['content-type']?.startsWith('application/json') || text === '') return []
  if (INNARDS.test(text) && shot.path !== '/openapi.json') return ['an answer that shows innards']
  try {
    const value: unknown = JSON.parse(text)
    return status < 400 || isError(value) ? [] : ['an error of another shape']
  } catch {
    return ['an answer that is no JSON']
  }
}

/** Markers that may not be in this answer: another's, or what was sent and refused. */
function judgeMarkers(shot: Shot, { status, headers }: Answer, text: string): string[] {
  const lists = status === 200 && (LISTS.test(shot.path) || !shot.isWhole)
  const inBody = markersIn(text).filter(({ place, number }) => {
    const stored = place === 'id' || place === 'stored'
    return !(lists && stored) && (status >= 400 || number !== shot.number || stored)
  })
  const inHeaders = markersIn(Object.values(headers).join('\n')).filter(
    ({ number }) => number !== shot.number,
  )
  return [...inBody, ...inHeaders].map(({ place, number }) => {
    return `an answer with the ${place} marker of request ${number}`
  })
}

/** What is wrong with an answer, a sentence each. */
export function judge(shot: Shot, answer: Answer): string[] {
  const text = answer.body.toString()
  const id = answer.headers['x-request-id']
  const wrongId = shot.isWhole && shot.requestId !== undefined && id !== shot.requestId
  return [
    ...judgeStatus(shot, answer),
    ...judgeText(shot, answer, text),
    ...judgeMarkers(shot, answer, text),
    ...(wrongId ? ['an answer with another request id'] : []),
    ...(text.includes(SECRET) ? ['an answer with the secret'] : []),
  ]
}
