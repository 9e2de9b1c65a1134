import { type Breakage, breakagesOf } from '../breakage.ts'

const SPINE: Breakage[] = breakagesOf(
  'src/intake/receive.ts',
  ['test/intake/receive.test.ts'],
  [
    [
      'a body is read before its signature is checked',
      'const verified = intake.verify(delivery)',
      `const early = parseMessage(delivery as Verified)
  const verified = early instanceof Rejection ? early : intake.verify(delivery)`,
    ],
    [
      'a receipt is given before the commit',
      'return intake.committer.commit(unit)',
      `void intake.committer.commit(unit)
  return { result: 'created', messageId: 'm1', seq: 1, conflict: false }`,
    ],
  ],
)

const COMMITTER: Breakage[] = breakagesOf(
  'src/intake/committer.ts',
  [
    'test/intake/committer.test.ts',
    'test/intake/failed_batch.test.ts',
    'test/intake/drained.test.ts',
  ],
  [
    [
      'a batch is settled before it is appended',
      'const answers = await append(',
      `for (const [seq, { arrival, resolve }] of batch.entries())
        resolve({ result: 'created', messageId: arrival.message_id, seq, conflict: false })
      const answers = await append(`,
    ],
    ['each message has a commit of its own', 'size > bounds.batchMessagesMax', 'size > 1'],
    ['a batch has no bound', 'size > bounds.batchMessagesMax || ', ''],
    ['a batch may have texts without end', ' || length > bounds.batchLengthMax', ''],
    [
      'a third batch is handed on while two are under way',
      ' && this.#inFlight < BATCHES_IN_FLIGHT_MAX) {',
      ') {',
    ],
    [
      'a lone message waits for a timer',
      'if (this.#inFlight === 0) this.#handOn()',
      'if (this.#inFlight === 0) setTimeout(() => this.#handOn(), 5)',
    ],
    [
      'the store has nothing ready behind a commit',
      'const BATCHES_IN_FLIGHT_MAX = 2',
      'const BATCHES_IN_FLIGHT_MAX = 1',
    ],
    [
      'what comes in one turn is handed on one by one',
      'if (this.#inFlight === 0) this.#handOn()',
      'if (this.#inFlight < BATCHES_IN_FLIGHT_MAX) this.#handOn()',
    ],
    [
      'a batch has one receipt for all',
      'settle(waiter, answers[index])',
      'settle(waiter, answers[index * 0])',
    ],
    [
      'a bad row takes its neighbours with it',
      'settle(waiter, answers[index])',
      'settle(waiter, answers.find((each) => each instanceof Error) ?? answers[index])',
    ],
    ['a batch that failed stays in the queue', '#depth -= size', '#depth -= 1'],
    ['a drained queue still waits', 'return this.#idle.promise', 'return Promise.resolve()'],
    [
      'a full disk is told as any other trouble',
      "error.reason === 'storage full' ? 'storage_full' :",
      'error.reason === undefined ? "storage_full" :',
    ],
    [
      'a store that cannot serve is a defect of ours',
      'if (error instanceof StoreUnavailable) {',
      "if (error instanceof StoreUnavailable && error.reason === 'storage full') {",
    ],
  ],
)

const BOUND: Breakage[] = breakagesOf(
  'src/intake/committer.ts',
  ['test/http/webhook.test.ts'],
  [['the queue has no bound', '>= this.#options.queueMessagesMax', '=== Infinity']],
)

/** The way of a message to its commit, and of the receipt back. */
export const INTAKE_BREAKAGES: Breakage[] = [...SPINE, ...COMMITTER, ...BOUND]
