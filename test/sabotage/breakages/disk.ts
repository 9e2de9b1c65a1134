import { type Breakage, breakagesOf } from '../breakage.ts'

const DISK = ['test/process/disk.test.ts']

const FULL_DISK: Breakage[] = breakagesOf(
  'src/sqlite/store.ts',
  ['test/process/crash.test.ts'],
  [
    [
      'a full disk hides what is not moved yet',
      '? askReader : askSettler',
      '? askReader : askReader',
    ],
  ],
)

const NO_INDEX: Breakage[] = breakagesOf(
  'src/sqlite/store.ts',
  ['test/sqlite/search_file.test.ts'],
  [['where no index can be made nothing is found', ' && (await canSearch())', '']],
)

const HAND_OVER: Breakage[] = breakagesOf(
  'src/sqlite/store.ts',
  ['test/prove/turns.test.ts'],
  [
    [
      'the lock is left before the store is closed',
      '      stopTicking()\n',
      "      stopTicking()\n      lock.run('ROLLBACK')\n      await Bun.sleep(1500)\n",
    ],
  ],
)

const CHECKPOINTS: Breakage[] = [
  ...breakagesOf(
    'src/sqlite/settler.ts',
    ['test/sqlite/checkpointer.test.ts'],
    [
      ['a WAL that is read grows without end', "checkpoint(this.#db, 'RESTART')", ''],
      ['every checkpoint waits for readers', '.log < pagesMax) return', '.log < 0) return'],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/settler.ts',
    ['test/sqlite/peek.test.ts'],
    [
      ['on a full disk a question has no end', '{ now: this.#now }', ''],
      ['on a full disk what was looked at is moved', '        throw UNDO\n', ''],
    ],
  ),
]

/** What keeps a disk from being filled, and its log short. */
export const DISK_BREAKAGES: Breakage[] = [
  ...FULL_DISK,
  ...NO_INDEX,
  ...HAND_OVER,
  ...CHECKPOINTS,
  ...breakagesOf('src/sqlite/room.ts', DISK, [
    ['the disk is filled to the last byte', 'if (free >= min) return', 'if (free >= 0) return'],
    ['a look at the disk is the only one', 'every(LOOK_MILLISECONDS,', 'every(1e9,'],
  ]),
  ...breakagesOf('src/sqlite/store.ts', DISK, [
    ['deliveries do not ask for room', 'room.demand()\n      await settling', 'await settling'],
    ['readiness does not ask for room', 'room.demand()\n      await Promise', 'await Promise'],
    ['readiness goes by an old look at the disk', 'await room.look()', ''],
  ]),
  ...breakagesOf(
    'deploy/prometheus/alerts.yml',
    ['test/deploy/rules.test.ts'],
    [['nobody hears of a log that grows', '> 2 * ackbox_wal_bound', '> 9 * ackbox_wal_bound']],
  ),
  ...breakagesOf(
    'src/sqlite/checkpoints.ts',
    ['test/sqlite/checkpointer.test.ts', 'test/process/wal.test.ts'],
    [
      [
        'the WAL waits for no reader, however long it is',
        'this.#pagesMax, READERS',
        '1e9, READERS',
      ],
      [
        'a small WAL_BYTES_MAX copies nothing',
        'Math.min(CHECKPOINT_PAGES',
        'Math.max(CHECKPOINT_PAGES',
      ],
    ],
  ),
]
