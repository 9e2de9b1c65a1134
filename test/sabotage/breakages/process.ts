import { type Breakage, breakagesOf } from '../breakage.ts'

const STOP = ['test/process/stop.test.ts']

const LIFE: Breakage[] = [
  ...breakagesOf(
    'src/service.ts',
    ['test/http/webhook.test.ts'],
    [
      [
        'a stop does not wait for the queue',
        'await committer.drained()',
        'void committer.drained()',
      ],
    ],
  ),
  ...breakagesOf('src/cli/serve.ts', STOP, [
    [
      'a second signal is ignored',
      'if (stopping) return resolve(SIGNAL_EXIT_CODES[signal])',
      'if (stopping) return',
    ],
    ['the last lines of the log are lost', 'stopFlushing()\n      log.flush()', 'stopFlushing()'],
  ]),
  ...breakagesOf(
    'src/cli/serve.ts',
    ['test/process/start.test.ts'],
    [
      [
        'the secret is logged at the start',
        "{ msg: 'listening',",
        "{ ...config, msg: 'listening',",
      ],
      ['a refused start exits with 0', '`)\n    return 1', '`)\n    return 0'],
    ],
  ),
  ...breakagesOf(
    'src/http/server.ts',
    ['test/process/start.test.ts'],
    [['two services share a port', 'reusePort: false', 'reusePort: true']],
  ),
  ...breakagesOf(
    'src/service.ts',
    ['test/http/wire.test.ts'],
    [
      [
        'a stop does not wait for requests under way',
        'if (await within(milliseconds, server.drain(), world)) return',
        'return void server.drain()',
      ],
    ],
  ),
  ...breakagesOf('src/service.ts', STOP, [
    [
      'a sender that never ends keeps the store from being closed',
      'if (await within(milliseconds, server.drain(), world)) return',
      'if (await within(milliseconds * 10, server.drain(), world)) return',
    ],
  ]),
  ...breakagesOf(
    'src/intake/committer.ts',
    ['test/intake/failed_batch.test.ts'],
    [['nobody is told why a batch was not stored', 'this.#options.onFailure(size, error)', '']],
  ),
]

const HANDOVER: Breakage[] = [
  ...breakagesOf(
    'src/sqlite/lock.ts',
    ['test/process/handover.test.ts'],
    [
      ['a start does not wait for the lock', 'while (lock === undefined &&', 'while (false &&'],
      ['a start waits for ever', '&& wait.now() < end)', ')'],
    ],
  ),
  ...breakagesOf(
    'src/cli/serve.ts',
    ['test/process/handover.test.ts'],
    [
      [
        'a signal is not heard while a start waits',
        'if (service === undefined) return resolve(0)',
        'if (service === undefined) return',
      ],
    ],
  ),
]

const CONFIG: Breakage[] = breakagesOf(
  'src/config.ts',
  ['test/config.test.ts', 'test/config_secret.test.ts'],
  [
    ['only the first problem is reported', "problems.join('\\n')", 'problems[0]'],
    ['a secret ends in the newline of its file', ".replace(/\\r?\\n$/, '')", ''],
    ['a secret may be empty', 'if (text) return text', 'if (text !== undefined) return text'],
    [
      'a whole number has no bounds',
      'if (!(value >= min && value <= max))',
      'if (Number.isNaN(value))',
    ],
    ['a log level is taken in capitals only', 'text.toUpperCase()', 'text'],
  ],
)

const LOG: Breakage[] = breakagesOf(
  'src/log.ts',
  ['test/log.test.ts'],
  [
    ['a line has the time of another', 'if (time !== latest)', 'if (Number.isNaN(latest))'],
    ['the log level is ignored', 'level: METHODS[level]', 'level: METHODS.DEBUG'],
    ['lines are lost where a pipe is full', 'Bun.sleepSync(FULL_PIPE_MILLISECONDS)', 'return'],
    ['a closed pipe stops the service', "=== 'EAGAIN')) return", "=== 'EAGAIN')) throw error"],
  ],
)

/** Start, stop, settings and log. */
export const PROCESS_BREAKAGES: Breakage[] = [...LIFE, ...HANDOVER, ...CONFIG, ...LOG]
