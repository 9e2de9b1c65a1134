import { StartRefused } from '../start_refused.ts'
import { QueryStopped, type StoreReason, StoreUnavailable } from '../store.ts'
import type { Progress } from '../upkeep.ts'
import { type Call, type Failure, PROGRESS, type Reply, type Role } from './thread.ts'

/** The methods of an engine as seen from another thread. */
type Verb<E> = Extract<keyof E, string>
type Arguments<F> = F extends (...args: infer A) => unknown ? A : never
type Result<F> = F extends (...args: never[]) => infer R ? R : never

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
  readonly #worker: Worker
  readonly #waiters = new Map<number, Waiter>()
  #lastId = 0
  readonly #progress: Progress
  #dead: unknown

  constructor(progress: Progress = () => {}) {
    this.#progress = progress
    this.#worker = new Worker(new URL('./thread.ts', import.meta.url).href)
    this.#worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#settle(data)
    this.#worker.onerror = (event) => this.#die(event.message)
    this.#worker.addEventListener('close', () => this.#die('the thread ended'))
  }

  /** Opens the engine in the thread. Throws StartRefused. */
  open(role: Role, path: string): Promise<void> {
    return this.#send('open', [role, path]) as Promise<void>
  }

  /** Calls one of the engine's methods. Throws what it throws. */
  call<V extends Verb<E>>(verb: V, ...args: Arguments<E[V]>): Promise<Result<E[V]>> {
    return this.#send(verb, args) as Promise<Result<E[V]>>
  }

  /** How many calls wait for their answer. */
  get waiting(): number {
    return this.#waiters.size
  }

  /** Ends the thread. The engine must be closed before. */
  terminate(): void {
    this.#worker.terminate()
  }

  #send(verb: string, args: readonly unknown[]): Promise<unknown> {
    if (this.#dead !== undefined) {
      return Promise.reject(new StoreUnavailable('database not ready', this.#dead))
    }
    this.#lastId += 1
    const id = this.#lastId
    this.#worker.postMessage([id, verb, ...args] satisfies Call)
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
