import type { Store } from '../store.ts'
import { bucketStart, parseVolumeQuery } from '../volume.ts'
import { answer, refuse } from './answer.ts'
import { searchOf } from './target.ts'

/** GET /stats: counts over all messages. */
export async function showStats(store: Store): Promise<Response> {
  return answer(200, await store.stats())
}

/** GET /stats/volume: how many messages fall into each minute, hour or day. */
export async function showVolume(request: Request, store: Store): Promise<Response> {
  const query = parseVolumeQuery(new URLSearchParams(searchOf(request.url)))
  if (!('bucket' in query)) return refuse(422, query)
  const { bucket } = query
  const counts = await store.volume(query, request.signal)
  const data = counts.map(({ number, count }) => ({ start: bucketStart(bucket, number), count }))
  return answer(200, { bucket, data })
}
