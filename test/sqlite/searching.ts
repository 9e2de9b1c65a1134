import { Indexer } from '../../src/sqlite/indexer.ts'
import type { MergeLimits } from '../../src/sqlite/merging.ts'
import type { SearchLimits } from '../../src/sqlite/plan.ts'
import { Reader } from '../../src/sqlite/reader.ts'
import { openIndexing, openSearching } from '../../src/sqlite/search_file.ts'
import type { Store } from '../../src/store.ts'
import { openEngine } from './engine.ts'

/** When the index catches up: never, after every second batch, or after each. */
export type Catching = 'never' | 'sometimes' | 'always'

/** Under these a handful of messages makes segments of every size. */
const MERGING: MergeLimits = { segments: 2, messages: 2, messagesMax: 16, blocks: 1 }

/** How a store of this thread searches. */
interface Searching {
  readonly limits: SearchLimits
  readonly catching: Catching
}

/**
 * A store in a file whose engines are all in this thread, and which answers every list as a
 * search. With low limits a handful of messages is as many as millions are to the service.
 */
export function openSearchingStore(path: string, { limits, catching }: Searching): Store {
  const engine = openEngine(path)
  const indexer = new Indexer(openIndexing(path), MERGING)
  const reader = new Reader(openSearching(path), { limits })
  let batches = 0
  return {
    append: async (batch) => {
      const answers = engine.append(batch)
      engine.settle()
      batches += 1
      if (catching === 'always' || (catching === 'sometimes' && batches % 2 === 1)) {
        while (indexer.advance());
      }
      return answers
    },
    list: async (query) => reader.search(query),
    stored: () => engine.lastSeq(),
    find: async (messageId) => reader.find(messageId),
    stats: async () => reader.stats(),
    volume: async (query) => reader.volume(query),
    readAfter: async (seq, limit) => reader.readAfter(seq, limit),
    listStatuses: async (query) => reader.listStatuses(query),
    findStatus: async (messageId) => reader.findStatus(messageId),
    listKept: async (query) => reader.listKept(query),
    check: async () => engine.check(),
    close: async () => {
      reader.close()
      indexer.close()
      engine.close()
    },
  }
}
