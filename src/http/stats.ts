import type { Store } from '../store.ts'
import { answer } from './answer.ts'

/** GET /stats: counts over all messages. */
export async function showStats(store: Store): Promise<Response> {
  return answer(200, await store.stats())
}
