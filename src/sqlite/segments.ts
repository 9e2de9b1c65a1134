import type { Database, Statement } from 'bun:sqlite'
import { BlockWriter, DIRECTORY_NUMBERS, Piece } from './blocks.ts'

/** Numbers of blocks that each segment has for itself: 512 MiB. */
const BLOCKS_MAX = 65_536

/** Messages side by side whose grams are in one set of blocks. */
export interface Segment {
  readonly id: number
  /** The seq of the first and the last of them. Lists count from the first, which is 0. */
  readonly first: number
  readonly last: number
}

/** A segment and what each of its blocks begins with; see BlockWriter.finish. */
export interface OpenSegment extends Segment {
  readonly directory: Uint32Array
}

type Row = Segment & { directory: Uint8Array }

/** Numbers as bytes and back, in the machine's own order, which is the same on all we run on. */
const bytesOf = ({ buffer, byteOffset, byteLength }: Uint32Array) =>
  new Uint8Array(buffer, byteOffset, byteLength)

const opened = ({ directory, ...segment }: Row): OpenSegment => ({
  ...segment,
  directory: new Uint32Array(directory.slice().buffer),
})

const COMPLETE = 'FROM search.segments WHERE directory IS NOT NULL'

/** Every complete segment in the order of its messages. */
export function segmentsOf(db: Database): Segment[] {
  return db.query<Segment, []>(`SELECT id, first, last ${COMPLETE} ORDER BY first`).all()
}

/** A number that is another one once another connection has written to the search index. */
export function searchVersion(db: Database): number | undefined {
  return db.query<{ data_version: number }, []>('PRAGMA search.data_version').get()?.data_version
}

/** Reads a segment's directory. */
export function openSegment(db: Database, id: number): OpenSegment {
  const sql = `SELECT id, first, last, directory ${COMPLETE} AND id = ?`
  const row = db.query<Row, [number]>(sql).get(id)
  if (row === null) throw new Error(`the search index has no segment ${id}`)
  return opened(row)
}

/** A block of a segment, from 0. */
export function readBlock(db: Database, segment: number, block: number): Uint8Array {
  const sql = 'SELECT data FROM search.blocks WHERE id = ?'
  const row = db.query<{ data: Uint8Array }, [number]>(sql).get(segment * BLOCKS_MAX + block)
  if (row === null) throw new Error(`the search index has no block ${block} of ${segment}`)
  return row.data
}

/** How many blocks a segment has. */
export const blocksIn = ({ directory }: OpenSegment) => directory.length / DIRECTORY_NUMBERS

/** Every piece of a segment in order: one object that goes on with each step. */
export function* piecesOf(db: Database, segment: OpenSegment): Generator<Piece> {
  const piece = new Piece()
  for (let block = 0; block < blocksIn(segment); block += 1) {
    piece.load(readBlock(db, segment.id, block))
    while (piece.next()) yield piece
  }
}

/** Removes segments with their blocks. */
export function removeSegments(db: Database, segments: readonly { readonly id: number }[]): void {
  for (const { id } of segments) {
    const blocks = 'DELETE FROM search.blocks WHERE id >= ? AND id < ?'
    db.query(blocks).run(id * BLOCKS_MAX, (id + 1) * BLOCKS_MAX)
    db.query('DELETE FROM search.segments WHERE id = ?').run(id)
  }
}

/** Removes what a process that was killed has left half-made. */
export function removeIncomplete(db: Database): void {
  const sql = 'SELECT id FROM search.segments WHERE directory IS NULL'
  removeSegments(db, db.query<{ id: number }, []>(sql).all())
}

/** Writes one new segment, in one transaction of the caller's or in several. */
export class SegmentWriter {
  readonly blocks: BlockWriter
  readonly id: number
  readonly #db: Database
  readonly #insert: Statement
  #written = 0

  /** Takes the connection to the attached file, and the messages that the segment is for. */
  constructor(db: Database, first: number, last: number) {
    this.#db = db
    const sql = 'SELECT coalesce(max(id), 0) + 1 AS id FROM search.segments'
    this.id = db.query<{ id: number }, []>(sql).get()?.id ?? 1
    db.query('INSERT INTO search.segments (id, first, last) VALUES (?, ?, ?)').run(
      ...[this.id, first, last],
    )
    this.#insert = db.query('INSERT INTO search.blocks (id, data) VALUES (?, ?)')
    this.blocks = new BlockWriter((block) => {
      this.#insert.run(this.id * BLOCKS_MAX + this.#written, block)
      this.#written += 1
    })
  }

  /** How many blocks have been written. */
  get written(): number {
    return this.#written
  }

  /** Ends the segment: from the commit on it is there for readers. */
  complete(): void {
    const directory = bytesOf(this.blocks.finish())
    const sql = 'UPDATE search.segments SET directory = ? WHERE id = ?'
    this.#db.query(sql).run(directory, this.id)
  }
}
