import { type Breakage, breakagesOf } from '../breakage.ts'

const SEND: Breakage[] = [
  ...breakagesOf(
    'src/cli/send.ts',
    ['test/cli/send.test.ts', 'test/cli/interruption.test.ts'],
    [
      [
        'send has one more under way than asked',
        ': args.options.concurrency',
        ': args.options.concurrency + 1',
      ],
      [
        'send always exits with 0',
        'countMissing(tally) === 0 ? 0 : 1',
        'countMissing(tally) === 0 ? 0 : 0',
      ],
      [
        'send hides that its input broke off',
        'broken === undefined && countMissing',
        'countMissing',
      ],
      [
        'a signal does not show in the exit code',
        'return interruption.exitCode() ?? code',
        'return code',
      ],
    ],
  ),
  ...breakagesOf(
    'src/cli/postman.ts',
    ['test/cli/retry.test.ts'],
    [
      ['send tries once more than asked', 'attempt >= route.attempts', 'attempt > route.attempts'],
      ['send never tries again', 'isFinal: status !== 503 && status !== 429', 'isFinal: true'],
      [
        'send tries again after any refusal',
        'isFinal: status !== 503 && status !== 429',
        'isFinal: false',
      ],
      ['send follows a redirect', "signal, redirect: 'manual'", "signal, redirect: 'follow'"],
    ],
  ),
  ...breakagesOf(
    'src/cli/backoff.ts',
    ['test/cli/backoff.test.ts'],
    [
      [
        'send comes back before it is asked to',
        'Math.max(spread, asked)',
        'Math.min(spread, asked + 1e9)',
      ],
      ['send never waits longer', '2 ** (attempt - 1)', '2 ** (attempt * 0)'],
    ],
  ),
  ...breakagesOf(
    'src/cli/lines.ts',
    ['test/cli/lines.test.ts'],
    [
      [
        'a line that is too long is sent',
        'length > bytesMax ? undefined : join(pieces)',
        'join(pieces)',
      ],
      ['a last line without a newline is lost', 'if (!isBlank(last)) yield last', 'void last'],
    ],
  ),
]

const BACKUP: Breakage[] = [
  ...breakagesOf(
    'src/sqlite/upkeep.ts',
    ['test/cli/backup.test.ts'],
    [
      ['a damaged copy gets its name', 'whole = finding.ok', 'whole = true'],
      ['what is left of a copy stays', 'partial.remove()\n', ''],
      ['the bar of a backup stands still', 'bytes() / bytesMax', 'Number.NaN'],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/backup.ts',
    ['test/cli/backup.test.ts'],
    [
      ['a backup overwrites a file', 'linkSync(partial, file)', 'copyFileSync(partial, file)'],
      ['a backup leaves out what is not settled', '  copyArrivals(path, partial)\n', ''],
      ['a backup has all permissions', 'chmodSync(partial,', 'void (partial,'],
      ['a backup copies a log into its database', 'readonly: true', 'readonly: false'],
    ],
  ),
  ...breakagesOf(
    'src/cli/backup.ts',
    ['test/cli/backup.test.ts'],
    [['a stopped backup leaves its part', 'opened.abandon()', '']],
  ),
]

const HEALTHCHECK: Breakage[] = breakagesOf(
  'src/cli/healthcheck.ts',
  ['test/cli/healthcheck.test.ts'],
  [
    ['healthcheck always exits with 0', 'return 1', 'return 0'],
    ['healthcheck takes any 200', " && property(answer, 'status') === 'ready'", ''],
    ['healthcheck asks another port', "env.PORT || '8000'", "'8000'"],
  ],
)

const USAGE: Breakage[] = breakagesOf(
  'src/cli/dispatch.ts',
  ['test/cli/usage.test.ts'],
  [
    [
      'no command at all is a request for help',
      "refuseUsage(io, 'no command given')",
      'help([], [], io)',
    ],
  ],
)

/** The commands beside `serve`. */
export const COMMAND_BREAKAGES: Breakage[] = [...SEND, ...BACKUP, ...HEALTHCHECK, ...USAGE]
