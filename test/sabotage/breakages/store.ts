import { type Breakage, breakagesOf } from '../breakage.ts'

const STORE = ['test/sqlite/store.test.ts']
const LIST = ['test/http/messages.test.ts']
const STATS = ['test/http/stats.test.ts']

const WRITING: Breakage[] = [
  ...breakagesOf(
    'src/sqlite/database.ts',
    ['test/sqlite/database.test.ts'],
    [
      ['no move is synced', 'synchronous = FULL', 'synchronous = OFF'],
      ['the journal is no WAL', 'journal_mode = WAL', 'journal_mode = DELETE'],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/connection.ts',
    ['test/sqlite/database.test.ts'],
    [['a reader may write', 'query_only = ON', 'query_only = OFF']],
  ),
  ...breakagesOf(
    'src/sqlite/arrivals_file.ts',
    ['test/sqlite/database.test.ts'],
    [
      ['no commit is synced', 'arrivals.synchronous = FULL', 'arrivals.synchronous = OFF'],
      [
        'a commit is synced only at a checkpoint',
        'arrivals.synchronous = FULL',
        'arrivals.synchronous = NORMAL',
      ],
      ['arrivals have no WAL', 'arrivals.journal_mode = WAL', 'arrivals.journal_mode = DELETE'],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/store.ts',
    ['test/process/wal.test.ts'],
    [['the WAL is never copied into the database', 'checkpoints.noteMove()', 'void checkpoints']],
  ),
  ...breakagesOf(
    'src/sqlite/identity.ts',
    ['test/process/files.test.ts'],
    [
      ['a hard link to the database is taken', 'nlink > 1', 'nlink > 2'],
      [
        'a WAL without its database is thrown away',
        'if (sizeOf(path) > 0) return',
        'if (sizeOf(path) > 0 || existsSync(path)) return',
      ],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/checkpoints.ts',
    ['test/process/wal.test.ts'],
    [['the WAL is never begun anew', 'if (copied) await', 'if (copied && false) await']],
  ),
  ...breakagesOf(
    'src/sqlite/writer.ts',
    ['test/http/webhook.test.ts'],
    [
      [
        'the last message with an id wins',
        'if (stored !== undefined) return',
        "this.#db.run('UPDATE main.messages SET text = ?', [arrival.text])\n    if (stored) return",
      ],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/writer.ts',
    ['test/http/wire.test.ts'],
    [
      [
        'a second copy in one batch is forgotten',
        'batch.map((each) =>',
        '[...new Map(batch.map((one) => [one.message_id, one])).values()].map((each) =>',
      ],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/writer.ts',
    ['test/http/log.test.ts'],
    [
      [
        'a conflict is not flagged',
        'message[name] !== arrival[name]',
        'message[name] === undefined',
      ],
      [
        'a conflict in the text is not flagged',
        "['from', 'to', 'ts', 'text'] as",
        "['from', 'to', 'ts'] as",
      ],
    ],
  ),
  ...breakagesOf('src/sqlite/writer.ts', STORE, [
    [
      'a receipt has the wrong seq',
      "result: 'created', messageId, seq,",
      "result: 'created', messageId, seq: seq - 1,",
    ],
    [
      'a duplicate has the seq of the latest row',
      'messageId, seq, conflict }',
      'messageId, seq: seq + 1, conflict }',
    ],
    [
      'a bad row undoes its batch',
      'if (seq instanceof Error) return seq',
      'if (seq instanceof Error) throw seq',
    ],
  ]),
]

const READING: Breakage[] = [
  ...breakagesOf('src/sqlite/where.ts', LIST, [
    [
      'q is a LIKE pattern',
      "'instr(coalesce(folded, lower(text)), ?)'",
      "\"coalesce(folded, lower(text)) LIKE '%' || ? || '%'\"",
    ],
    ['q ignores case in ASCII only', 'coalesce(folded, lower(text))', 'lower(text)'],
    ['since is exclusive', 'instant >= ?', 'instant > ?'],
    ['messages are listed by the text of ts', 'ORDER BY instant $', 'ORDER BY ts $'],
    ['messages of one instant are listed by arrival', ', message_id ${', ', seq ${'],
    ['one filter of several is enough', ".join(' AND ')", ".join(' OR ')"],
  ]),
  ...breakagesOf(
    'src/sqlite/list.ts',
    ['test/http/query.test.ts'],
    [['an offset beyond 64 bits reaches the database', 'offset >= BigInt(total)', 'offset < 0n']],
  ),
  ...breakagesOf('src/sqlite/reader.ts', STATS, [
    ['the busiest senders come last', 'ORDER BY count DESC, number', 'ORDER BY count, number'],
    ['senders with equal counts come by number from the end', 'DESC, number', 'DESC, number DESC'],
    ['the first ts is the first as text', 'const order = `instant ', 'const order = `ts '],
  ]),
  ...breakagesOf('src/sqlite/reader.ts', STORE, [
    ['reading on repeats the last message', 'WHERE messages.seq > ?', 'WHERE messages.seq >= ?'],
  ]),
  ...breakagesOf(
    'src/fold.ts',
    ['test/fold.test.ts'],
    [
      [
        'a final sigma is a letter of its own',
        'codePoint.toLowerCase().toUpperCase().toLowerCase()',
        'codePoint.toLowerCase()',
      ],
    ],
  ),
]

const FILE: Breakage[] = [
  ...breakagesOf(
    'src/sqlite/lock.ts',
    ['test/sqlite/lock.test.ts'],
    [['two processes may have one database', 'BEGIN EXCLUSIVE', 'BEGIN']],
  ),
  ...breakagesOf(
    'src/sqlite/settler.ts',
    ['test/sqlite/lock.test.ts'],
    [['the WAL is left behind', 'this.#db.close(true)', 'this.#db.close()']],
  ),
  ...breakagesOf(
    'src/sqlite/identity.ts',
    ['test/sqlite/refusal.test.ts'],
    [
      ["another program's database is taken", ') !== APPLICATION_ID', ') === 0xffffffff'],
      ['a damaged database is served', "verdict !== 'ok'", "verdict === 'cut'"],
      ['a database that was cut is served', "? 'cut'", "? 'ok'"],
      ['an old SQLite is trusted', ' < 0) {', ' < -1) {'],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/migrations.ts',
    ['test/sqlite/migrations.test.ts'],
    [
      ['a schema is not numbered', 'db.run(`PRAGMA user_version', 'db.run(`PRAGMA cache_size'],
      ['a newer schema is used', 'version > MIGRATIONS.length', 'version === -1'],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/fault.ts',
    ['test/sqlite/database.test.ts'],
    [
      [
        'a full disk has another reason',
        "['SQLITE_FULL', 'storage full']",
        "['SQLITE_FULL', 'database not ready']",
      ],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/threads.ts',
    ['test/sqlite/threads.test.ts'],
    [
      [
        'a thread that died is a defect of ours',
        "new StoreUnavailable('database not ready', this.#dead)",
        'new Error(String(this.#dead))',
      ],
    ],
  ),
]

/** What keeps messages, finds them, and looks after the file. */
export const STORE_BREAKAGES: Breakage[] = [...WRITING, ...READING, ...FILE]
