import type { Chance } from '../bench/chance.ts'
import { type Change, Image } from './image.ts'
import type { Event } from './trace.ts'

/** What of the changes under way a power loss may leave; see Recovery in docs/promise.md. */
const LOSSES = ['none', 'all', 'prefix', 'scattered', 'garbage'] as const

const isName = ({ kind }: Change) => kind === 'create' || kind === 'remove'

/** One file: what is on the disk for certain, and what was done since. */
class DiskFile {
  readonly #durable = new Image()
  #changes: Change[] = []
  /** How many changes are in #durable. */
  #count = 0
  /** For each thread that syncs: how many changes there were when it began. */
  readonly #syncing = new Map<string, number>()

  /** Whether the file is there, as long as the power is. */
  #isThere(): boolean {
    const last = this.#changes.findLast(isName)
    return last === undefined ? this.#durable.exists : last.kind === 'create'
  }

  add(change: Change): void {
    if (change.kind === 'create' && this.#isThere()) return
    this.#changes.push(change)
  }

  /** The first changes, so many in all since the beginning, are on the disk now. */
  #settle(count: number): void {
    const settled = this.#changes.splice(0, Math.max(0, count - this.#count))
    for (const change of settled) this.#durable.apply(change)
    this.#count += settled.length
  }

  sync(thread: string): void {
    this.#syncing.set(thread, this.#count + this.#changes.length)
  }

  /** All that was done before the sync began is on the disk now, the file's name included. */
  synced(thread: string): void {
    this.#settle(this.#syncing.get(thread) ?? 0)
    this.#syncing.delete(thread)
  }

  /** The folder was synced: the name is on the disk, the content need not be. */
  named(): void {
    const name = this.#changes.findLastIndex(isName)
    this.#settle(this.#count + name + 1)
  }

  /** What a power loss leaves; undefined where there is no file. */
  lose(chance: Chance, isLog: boolean): Buffer | undefined {
    const image = this.#durable.copy()
    // A log has checksums, so it may hold anything; see docs/promise.md.
    const loss = LOSSES[chance(isLog ? LOSSES.length : LOSSES.length - 1)]
    if (loss === 'prefix') keepFirst(image, this.#changes, chance)
    else if (loss === 'scattered') keepSome(image, this.#changes, chance)
    else if (loss === 'garbage') spoilLast(image, this.#changes, chance)
    else if (loss === 'all') for (const change of this.#changes) image.apply(change)
    return image.bytes()
  }
}

/** The changes up to some one, and of that one the first bytes. */
function keepFirst(image: Image, changes: readonly Change[], chance: Chance): void {
  const kept = chance(changes.length + 1)
  for (const change of changes.slice(0, kept)) image.apply(change)
  const torn = changes[kept]
  if (torn?.kind !== 'write') return
  image.apply({ ...torn, data: torn.data.subarray(0, chance(torn.data.length)) })
}

/** Any of the sectors that were written. After a name that stays, nothing of another file. */
function keepSome(image: Image, changes: readonly Change[], chance: Chance): void {
  for (const change of changes) {
    if (change.kind === 'remove' && chance(2) === 0) return
    image.scatter(change, chance)
  }
}

/** All changes, but random bytes from some byte on. */
function spoilLast(image: Image, changes: readonly Change[], chance: Chance): void {
  const from = chance(changes.length + 1)
  for (const [index, change] of changes.entries()) {
    const spoilt = index >= from && change.kind === 'write'
    image.apply(spoilt ? { ...change, data: crumble(change.data, chance) } : change)
  }
}

/** The data with random bytes from some place on. */
function crumble(data: Buffer, chance: Chance): Buffer {
  const spoilt = Buffer.from(data)
  for (let at = chance(data.length); at < data.length; at += 1) spoilt[at] = chance(256)
  return spoilt
}

/**
 * The files of a database as a disk has them, made by following a trace: a write is on the disk
 * once a later fsync of its file has ended, and until then it may be there, or in part, or not.
 */
export class Disk {
  readonly #files = new Map<string, DiskFile>()

  #file(name: string): DiskFile {
    const file = this.#files.get(name) ?? new DiskFile()
    this.#files.set(name, file)
    return file
  }

  /** Follows the trace by one event. */
  see(event: Event): void {
    switch (event.kind) {
      case 'answer':
        return
      case 'sync':
        if (event.file !== undefined) this.#file(event.file).sync(event.thread)
        return
      case 'synced':
        if (event.file !== undefined) this.#file(event.file).synced(event.thread)
        // Names that change while the folder is synced count as synced: SQLite never does both.
        else for (const file of this.#files.values()) file.named()
        return
      default:
        this.#file(event.file).add(event)
    }
  }

  /** What the disk holds after a power loss here, by the suffix of each file that is there. */
  lose(chance: Chance): Map<string, Buffer> {
    const left = new Map<string, Buffer>()
    for (const [name, file] of this.#files) {
      const bytes = file.lose(chance, name.endsWith('-wal'))
      if (bytes !== undefined) left.set(name, bytes)
    }
    return left
  }
}
