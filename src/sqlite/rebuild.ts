import type { Database } from 'bun:sqlite'
import { parseInstant } from '../instant.ts'
import type { Finding, Progress } from '../upkeep.ts'
import { openMigrated } from './database.ts'
import { Derived } from './derived.ts'
import { Differences } from './differences.ts'
import { Indexer } from './indexer.ts'
import { foldedColumn } from './move.ts'
import { meantObjects, objectsOf } from './objects.ts'
import { createSearch, openIndexing } from './search_file.ts'
import { sortInFiles } from './sorting.ts'
import { type Site, Steps, type StepTable } from './steps.ts'
import { faultsOf, type Walked, walkMessages } from './walk.ts'

const made = (what: string): Finding => ({ ok: true, text: what })

const number = (db: Database, sql: string) => db.query<{ n: number | null }, []>(sql).get()?.n ?? 0

/**
 * Forgets what the service makes again by itself. From here on a work that is cut short leaves
 * nothing that is wrong, only what is not counted and not indexed yet.
 */
function clear({ db, path }: Site): Finding {
  createSearch(path)
  db.transaction(() => new Derived(db).clear()).immediate()
  return made('counts and search index emptied')
}

/** Makes every index again from its table, each in a transaction of its own. */
function indexes({ db, progress }: Site): Finding {
  const found = objectsOf(db)
  const meant = [...meantObjects()].filter(([name]) => name.startsWith('index '))
  for (const [index, [name, sql]] of meant.entries()) {
    if (found.get(name) === sql) db.run(name.replace('index ', 'REINDEX '))
    else remake(db, name, sql)
    progress(index + 1, meant.length)
  }
  return made(`${meant.length} made again`)
}

/** Makes an index that is missing, or another than it should be. */
function remake(db: Database, name: string, sql: string): void {
  db.transaction(() => {
    db.run(`DROP ${name.replace('index ', 'INDEX IF EXISTS ')}`)
    db.run(sql)
  }).immediate()
}

/** Sets the columns of one message that are derived from its others. */
function mend(db: Database, { seq, ts, text }: Walked): void {
  const instant = parseInstant(ts)
  if (instant === undefined) return
  db.query('UPDATE messages SET instant = ?, folded = ? WHERE seq = ?').run(
    instant,
    foldedColumn(text),
    seq,
  )
}

/** Looks at the derived columns of every message, and writes those that are wrong. */
function columns({ db, progress }: Site): Finding {
  const hopeless = new Differences()
  let mended = 0
  for (const rows of walkMessages(db, progress)) {
    const wrong = rows.filter((row) => faultsOf(row).length > 0)
    if (wrong.length === 0) continue
    db.transaction(() => {
      for (const row of wrong) mend(db, row)
    }).immediate()
    mended += wrong.length
    for (const { seq, ts } of wrong) {
      if (parseInstant(ts) === undefined) hopeless.add(`seq ${seq} has a ts that is no instant`)
    }
  }
  const finding = hopeless.finding()
  return finding.ok ? made(mended === 0 ? 'nothing to mend' : `${mended} mended`) : finding
}

function counts({ db, progress }: Site): Finding {
  new Derived(db).catchUp(progress)
  return made(`${number(db, 'SELECT through AS n FROM derived')} messages counted`)
}

function search({ db, path, progress }: Site): Finding {
  const total = number(db, 'SELECT max(seq) AS n FROM messages')
  const indexing = openIndexing(path)
  const through = () => number(indexing, 'SELECT through AS n FROM search.indexed')
  const indexer = new Indexer(indexing)
  try {
    while (indexer.advance()) progress(through(), total)
    return made(`${through()} messages indexed`)
  } finally {
    indexer.close()
  }
}

/** Every step of `ackbox rebuild`, in its order. */
export const REBUILDING: StepTable = { clear, indexes, columns, counts, search }

/** Opens a database to rebuild all that is derived in it. Throws StartRefused. */
export function openRebuilder(path: string, progress: Progress): Steps {
  const db = openMigrated(path)
  sortInFiles(db, path)
  return new Steps({ db, path, progress }, REBUILDING)
}
