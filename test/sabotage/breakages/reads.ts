import { type Breakage, breakagesOf } from '../breakage.ts'

const STORE = ['test/sqlite/store.test.ts']
const BUDGET = ['test/sqlite/budget.test.ts']
const STOPPED = ['test/http/query_stopped.test.ts']
const DERIVED = ['test/sqlite/derived.test.ts', 'test/sqlite/derived_crash.test.ts']

const PAGING: Breakage[] = [
  ...breakagesOf(
    'src/cursor.ts',
    ['test/cursor.test.ts'],
    [
      ['a damaged cursor is followed', '!== digest(payload, scope)', "=== ''"],
      ['a cursor leads into any query', '{scope}', "{''}"],
    ],
  ),
  ...breakagesOf(
    'src/http/page.ts',
    ['test/http/link.test.ts'],
    [
      ['the link keeps the offset', "next.delete('offset')", "next.delete('')"],
      ['the last page has a link too', 'page.end !== undefined', 'page.data.length >= 0'],
    ],
  ),
  ...breakagesOf('src/sqlite/list.ts', STORE, [
    ['a page has an end though nothing follows', 'rows.length > limit &&', 'rows.length > 0 &&'],
  ]),
  ...breakagesOf('src/sqlite/where.ts', STORE, [
    ['since is ignored', 'instant >= ?`, since)', 'instant >= ?`, undefined)'],
    ['until is inclusive', 'instant < ?', 'instant <= ?'],
    ['a cursor repeats its own row', "descending ? '<' : '>'", "descending ? '<=' : '>='"],
    ['a cursor forgets the tie-break', '(instant, message_id) ${', 'instant ${'],
  ]),
  ...breakagesOf('src/sqlite/count.ts', STORE, [
    [
      'the total is that of a window without its end',
      'instant >= ? AND instant < ?',
      'instant >= ?',
    ],
    ['an empty window has rows', 'until <= since) return 0', 'until <= since) return 1'],
  ]),
  ...breakagesOf('src/sqlite/bucket.ts', STORE, [
    ['hours before 1970 are counted towards zero', '> instant ? number - 1n', '> instant ? number'],
  ]),
  ...breakagesOf('src/sqlite/seek.ts', STORE, [
    ['a deep page ignores its window', 'offset + rowsOutside(db, query)', 'offset'],
    [
      "a party's deep page begins a row late",
      '{ since: edge, offset: left }',
      '{ since: edge + 1n, offset: left }',
    ],
  ]),
]

const COUNTING: Breakage[] = [
  ...breakagesOf('src/sqlite/derived.ts', DERIVED, [
    ['counts are not kept up', 'this.#advance.run(through, ', 'void (through, '],
    ['a count begins anew with each batch', 'SET count = count + ?2', 'SET count = ?2'],
    ['a known sender is new each time', 'if (count === added) fresh += 1', 'fresh += 1'],
  ]),
  ...breakagesOf('src/sqlite/derived.ts', STORE, [
    [
      'a sender that overtakes is not shown',
      'if (!before(sender, last)) return false',
      'if (last) return false',
    ],
  ]),
]

const STOPPING: Breakage[] = [
  ...breakagesOf('src/sqlite/budget.ts', BUDGET, [
    ['no time is ever over', 'if (now() > end)', 'if (now() > end * 1e9)'],
    ['nobody is answered', 'if (Atomics.load(gone, 0) !== 0)', 'if (Atomics.load(gone, 0) > 1)'],
  ]),
  ...breakagesOf('src/sqlite/gather.ts', BUDGET, [
    ['a search of the index has no end', '    budget.check()\n    const found', '    const found'],
  ]),
  ...breakagesOf('src/sqlite/store.ts', STOPPED, [
    ['a client that goes away leaves its questions', 'if (signal?.aborted) leave()', ''],
  ]),
  ...breakagesOf('src/sqlite/questions.ts', STOPPED, [
    ['questions wait without bound', 'QUESTIONS_MAX) throw', 'QUESTIONS_MAX * 99) throw'],
  ]),
  ...breakagesOf('src/http/failure.ts', STOPPED, [
    [
      'a query that is too slow is a defect',
      'if (error instanceof QueryStopped)',
      'if (error === QueryStopped)',
    ],
  ]),
]

const UPKEEP: Breakage[] = [
  ...breakagesOf(
    'src/sqlite/search_file.ts',
    ['test/sqlite/verify_search.test.ts'],
    [["another database's index is believed", 'AND m.message_id = i.message_id', '']],
  ),
  ...breakagesOf(
    'src/sqlite/search_file.ts',
    ['test/sqlite/search_file.test.ts'],
    [
      [
        'an index that a power cut may have damaged is believed',
        '(row.boot === null || row.boot === boot)',
        '(row.boot === null || row.boot !== null)',
      ],
      ['an index that was closed in order is never believed', 'mark(db, null)', "mark(db, 'no')"],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/rebuild.ts',
    ['test/sqlite/verify.test.ts'],
    [['a rebuild mends no column', 'for (const row of wrong) mend(db, row)', 'void mend']],
  ),
  ...breakagesOf(
    'src/sqlite/rebuild.ts',
    ['test/sqlite/rebuild.test.ts'],
    [['a rebuild makes no index that is missing', 'else remake(db, name, sql)', '']],
  ),
  ...breakagesOf(
    'src/sqlite/upkeep.ts',
    ['test/cli/backup.test.ts'],
    [
      [
        'a backup takes names of the store',
        'if (!existsSync(file)) refuseOwnName',
        'if (file === path) refuseOwnName',
      ],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/recount.ts',
    ['test/sqlite/verify.test.ts'],
    [
      [
        'a wrong count is no difference',
        'is.value.count !== found.value.count',
        'is.value.count < 0',
      ],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/sorting.ts',
    ['test/sqlite/migrations.test.ts'],
    [['small sorts go to the disk for ever', 'temp_store = MEMORY', 'temp_store = FILE']],
  ),
  ...breakagesOf(
    'src/sqlite/warming.ts',
    ['test/sqlite/warming.test.ts'],
    [
      [
        'files that do not fit the memory are read whole',
        'return bytes <= this.#memoryBytes ? files : []',
        'return bytes > 0 ? files : []',
      ],
      [
        'only the database is read whole',
        'if (this.#files.length > 0) return true',
        'if (this.#files.length > 1) return true',
      ],
      [
        'only the first index is warmed',
        'return this.#index < INDEXES.length',
        'return this.#index < 1',
      ],
    ],
  ),
]

/** What answers questions at any number of messages, and keeps what it answers them from. */
export const READS_BREAKAGES: Breakage[] = [...PAGING, ...COUNTING, ...STOPPING, ...UPKEEP]
