import { StartRefused } from '../start_refused.ts'
import { QueryStopped, type StoreReason, StoreUnavailable } from '../store.ts'
import type { Progress } from '../upkeep.ts'
import { type Call, type Failure, PROGRESS, type Reply, type Role } from './thread.ts'

/** The methods of an engine as seen from another thread. */
type Verb<E> = Extract<keyof E, string>

/** What a method takes. */
export type Arguments<F> = F extends (...args: infer A) => unknown ? A : never

/** What a method returns. */
export type Result<F> = F extends (...args: never[]) => infer R ? R : never

interface Waiter {
  readonly resolve: (value: never) => void
  readonly reject: (error: Error) => void
}

function errorOf([kind, message, cause]: Failure): Error {
  if (kind === 'unavailable') return new StoreUnavailable(message as StoreReason, cause)
  if (kind === 'stopped') return new QueryStopped(message as QueryStopped['reason'])
  return kind === 'refused' ? new StartRefused(message) : new Error(message)
}

/**
 * A thread that owns one engine of class E. Calls are answered in order; when the thread dies
 * every call, waiting or later, throws StoreUnavailable.
 */
export class EngineThread<E> {
  #worker: Worker | undefined
  readonly #waiters = new Map<number, Waiter>()
  #lastId = 0
  readonly #progress: Progress
  /** What opens the engine, until the first call for it. */
  #later: (() => Promise<void>) | undefined
  #opening: Promise<void> | undefined
  #isOpen = false
  #dead: unknown

  constructor(progress: Progress = () => {}) {
    this.#progress = progress
  }

  /** Starts the thread, so that opening the engine in it need not wait for that. */
  start(): void {
    if (this.#dead === undefined) this.#worker ??= this.#startWorker()
  }

  /** Opens the engine in the thread. Throws StartRefused. */
  async open(role: Role, path: string): Promise<void> {
    this.start()
    await this.#send('open', [role, path])
    this.#isOpen = true
  }

  /**
   * Leaves that to the first call, since a thread takes time and memory whether it works or not;
   * what has to be there before is waited for then.
   */
  openLater(role: Role, path: string, before: () => Promise<void> = async () => {}): void {
    this.#later = () => before().then(() => this.open(role, path))
  }

  /** Resolves when the engine is open. Throws what opening it throws. */
  opened(): Promise<void> {
    return this.#later === undefined ? Promise.resolve() : this.#openNow(this.#later)
  }

  /** Calls one of the engine's methods. Throws what it throws. */
  call<V extends Verb<E>>(verb: V, ...args: Arguments<E[V]>): Promise<Result<E[V]>> {
    const send = () => this.#send(verb, args) as Promise<Result<E[V]>>
    return this.#later === undefined ? send() : this.opened().then(send)
  }

  /** The same for arguments that JSON keeps as they are: many objects cross faster as one text. */
  callPlain<V extends Verb<E>>(verb: V, ...args: Arguments<E[V]>): Promise<Result<E[V]>> {
    return this.#send(verb, args, JSON.stringify) as Promise<Result<E[V]>>
  }

  /** Closes the engine, by its method of that name, where it was opened. */
  async close(): Promise<void> {
    await this.#opening?.catch(() => {})
    if (this.#isOpen) await this.#send('close', [])
  }

  /** Ends the thread. The engine must be closed before. */
  terminate(): void {
    if (this.#worker === undefined) this.#die('the thread ended')
    else this.#worker.terminate()
  }

  #startWorker(): Worker {
    const worker = new Worker(new URL('./thread.ts', import.meta.url).href)
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#settle(data)
    worker.onerror = (event) => this.#die(event.message)
    worker.addEventListener('close', () => this.#die('the thread ended'))
    return worker
  }

  /** Opens the engine for the first calls. Where that fails, the next call tries again. */
  #openNow(open: () => Promise<void>): Promise<void> {
    this.#opening ??= open().then(
      () => {
        this.#later = undefined
      },
      (error) => {
        this.#opening = undefined
        throw error
      },
    )
    return this.#opening
  }

  #send(
    verb: string,
    args: readonly unknown[],
    write: (call: Call) => Call | string = (call) => call,
  ): Promise<unknown> {
    if (this.#dead !== undefined) {
      return Promise.reject(new StoreUnavailable('database not ready', this.#dead))
    }
    this.#lastId += 1
    const id = this.#lastId
    this.#worker?.postMessage(write([id, verb, ...args]))
    return new Promise((resolve, reject) => this.#waiters.set(id, { resolve, reject }))
  }

  #settle([id, value, failure]: Reply): void {
    if (id === PROGRESS) {
      this.#progress(...(value as Parameters<Progress>))
      return
    }
    const waiter = this.#waiters.get(id)
    this.#waiters.delete(id)
    if (failure === undefined) waiter?.resolve(value as never)
    else waiter?.reject(errorOf(failure))
  }

  #die(cause: unknown): void {
    this.#dead ??= cause
    const waiting = [...this.#waiters.values()]
    this.#waiters.clear()
    for (const { reject } of waiting) reject(new StoreUnavailable('database not ready', cause))
  }
}
