import { type Breakage, breakagesOf } from '../breakage.ts'

/** The way of what is acknowledged to the stored rows. */
export const SETTLING_BREAKAGES: Breakage[] = [
  ...breakagesOf(
    'src/sqlite/arrivals.ts',
    ['test/sqlite/arrivals.test.ts'],
    [
      [
        'settled messages stay where they were',
        'DELETE FROM arrivals.commits WHERE seq <=',
        'DELETE FROM arrivals.commits WHERE 0 >=',
      ],
      ['an id is forgotten before its message is settled', 'this.#seqs.set(messageId, seq)', ''],
      ['an id is forgotten with a later one', 'if (seq > settled.seq) break', ''],
      ['a number is given twice', 'this.#lastSeq += fresh.size', ''],
      ['each copy reads the whole commit', 'this.#lists.set(last, list)', ''],
      ['a bad row fails with all others', '!Number.isSafeInteger(receivedAt)', 'false'],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/arrivals_file.ts',
    ['test/sqlite/arrivals.test.ts', 'test/sqlite/arrivals_refused.test.ts'],
    [
      ['what a crash left is not settled', 'db.transaction(moveArrivals)(db)', ''],
      ['arrivals of any database are taken', 'owner?.isOwn !== 1', 'owner?.isOwn === 7'],
      ['arrivals of another release are taken', 'formOf(db) !== FORM', 'formOf(db) > 99'],
      ['arrivals are taken beside an older database', 'owner.seq <= settled.seq', 'true'],
      ['arrivals that cannot be read are a defect', '!(error instanceof SyntaxError)', 'true'],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/identity.ts',
    ['test/sqlite/arrivals_refused.test.ts'],
    [
      ['a log of arrivals without its file is thrown away', '  refuseLostArrivals(path)', ''],
      ['a new database is made beside arrivals', 'wal`, arrivalsPath(path)])', 'wal`])'],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/backup.ts',
    ['test/sqlite/arrivals_refused.test.ts'],
    [['a backup leaves out a log without its file', '  refuseLostArrivals(path)', '']],
  ),
  ...breakagesOf(
    'src/sqlite/move.ts',
    ['test/sqlite/arrivals.test.ts'],
    [
      ['what is settled is settled again', 'run(settled.change)', 'run(0)'],
      ['a message is numbered anew', 'last - arrivals.length + 1', 'last - arrivals.length'],
      [
        'how far it came is not noted',
        "db.query('UPDATE settled SET change = ?')",
        "db.query('SELECT ?')",
      ],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/settler.ts',
    ['test/sqlite/arrivals.test.ts'],
    [
      ['settled messages are not counted', 'while (this.#derived.advance());', ''],
      [
        'the file of arrivals is left behind',
        'if (settled) removeArrivals',
        'if (!settled) removeArrivals',
      ],
      [
        'a store is closed with messages that are not settled',
        'try {\n      this.settle()',
        'try {',
      ],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/settling.ts',
    ['test/sqlite/arrivals.test.ts'],
    [
      [
        'a reader does not wait for what is acknowledged',
        'try {\n      await this.current()',
        'try {',
      ],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/settling.ts',
    ['test/sqlite/settling.test.ts'],
    [
      ['a move that failed is forgotten', 'this.#fresh += messages\n      throw', 'throw'],
      ['messages are acknowledged however many wait', '>= UNSETTLED_MAX', '>= 1e9'],
      ['many messages wait for the tick', 'this.#fresh >= DUE.messages', 'this.#fresh < 0'],
      ['long messages wait for the tick', 'this.#characters >= DUE.characters', 'false'],
      ['a move is not waited for', 'if (this.#moving === 0) this', 'this'],
    ],
  ),
]
