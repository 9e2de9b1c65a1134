import { copyFileSync } from 'node:fs'
import type { Unit } from '../../src/bundle.ts'
import { openWriting } from '../../src/sqlite/database.ts'
import type { Settled } from '../../src/sqlite/move.ts'
import { Settler } from '../../src/sqlite/settler.ts'
import { Writer } from '../../src/sqlite/writer.ts'

/** The writing halves of a store, on one connection in this thread. */
export function openEngine(path = ':memory:') {
  const db = openWriting(path)
  const [writer, settler] = [new Writer(db), new Settler(db, () => performance.now())]
  let settled: Settled | undefined
  return {
    db,
    append: (batch: readonly Unit[]) => writer.append(batch, settled),
    /** Appends as before the writer has heard of the last move. */
    appendUntold: (batch: readonly Unit[]) => writer.append(batch),
    /** Returns the seq up to which messages are settled. */
    settle: () => {
      settled = settler.settle()
      return settled.seq
    },
    lastSeq: () => writer.lastSeq(),
    /** How many messages are among the arrivals, and how many are stored. */
    held: () => {
      const arrived = 'SELECT total(json_array_length(messages)) FROM arrivals.commits'
      const counts = db.query(`SELECT (${arrived}), count(*) FROM main.messages`).values()[0]
      return counts?.map(Number) ?? []
    },
    check: () => settler.check(),
    finishCheckpoint: (pagesMax: number, milliseconds: number) =>
      settler.finishCheckpoint(pagesMax, milliseconds),
    close: () => settler.close(),
  }
}

/** Copies the files of a store as a process that is killed now would leave them; returns `to`. */
export function killNow(path: string, to: string): string {
  for (const suffix of ['', '-wal', '.arrivals', '.arrivals-wal']) {
    copyFileSync(path + suffix, to + suffix)
  }
  return to
}
