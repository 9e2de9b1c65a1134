import { Database } from 'bun:sqlite'
import { linkSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { parseConfig } from '../../src/config.ts'
import { listen } from '../../src/http/server.ts'
import { openBackup, openRebuild, openVerification } from '../../src/maintenance.ts'
import { openWriting } from '../../src/sqlite/database.ts'
import { refuseOldSqlite } from '../../src/sqlite/identity.ts'
import { openSqliteStore } from '../../src/sqlite/store.ts'
import type { Upkeep } from '../../src/upkeep.ts'
import type { Folder } from '../support/folder.ts'

/** Something that keeps the service from starting, and how to bring it about in a new folder. */
interface Obstacle {
  readonly name: string
  /** Throws StartRefused, at once or later. */
  readonly meet: (folder: Folder) => unknown
}

const parse = (variables: Record<string, string>) =>
  parseConfig({ variables, readFile: (path) => readFileSync(path, 'utf8') })

const answerNothing = async () => new Response(null)

function listenTwice(): unknown {
  const first = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: answerNothing })
  try {
    return listen(answerNothing, '127.0.0.1', first.port ?? 0)
  } finally {
    first.stop(true)
  }
}

async function openTwice(path: string): Promise<unknown> {
  const first = await openSqliteStore(path)
  try {
    return await openSqliteStore(path)
  } finally {
    await first.close()
  }
}

/** Opens a database again after something has been done to its closed file. */
async function reopen(path: string, harm: (path: string) => void): Promise<unknown> {
  await (await openSqliteStore(path)).close()
  harm(path)
  return openSqliteStore(path)
}

function execute(path: string, sql: string): void {
  const db = new Database(path, { create: true })
  db.run(sql)
  db.close(true)
}

const OBSTACLES_OF_SETTINGS: Obstacle[] = [
  { name: 'no secret', meet: () => parse({}) },
  { name: 'a secret that is no text', meet: () => parse({ WEBHOOK_SECRET: '\ufffd' }) },
  { name: 'a secret with broken base64', meet: () => parse({ WEBHOOK_SECRET: 'whsec_!' }) },
  {
    name: 'an unknown scheme',
    meet: () => parse({ WEBHOOK_SECRET: 's', SIGNATURE_SCHEMES: 'hmac' }),
  },
  {
    name: 'a path that ends in a blank',
    meet: () => parse({ WEBHOOK_SECRET: 's', DATABASE_URL: 'sqlite:///a ' }),
  },
  {
    name: 'a secret from two places',
    meet: () => parse({ WEBHOOK_SECRET: 's', WEBHOOK_SECRET_FILE: 'a' }),
  },
  {
    name: 'a secret file that is not there',
    meet: (folder) => parse({ WEBHOOK_SECRET_FILE: folder.file('absent') }),
  },
  { name: 'a port that is no number', meet: () => parse({ WEBHOOK_SECRET: 's', PORT: 'http' }) },
  {
    name: 'a token that no header can carry',
    meet: () => parse({ WEBHOOK_SECRET: 's', API_TOKEN: 'two words' }),
  },
  {
    name: 'a switch half way',
    meet: () => parse({ WEBHOOK_SECRET: 's', REQUEST_LATENCY_MS: 'no' }),
  },
  { name: 'an unknown level', meet: () => parse({ WEBHOOK_SECRET: 's', LOG_LEVEL: 'LOUD' }) },
  { name: 'another URL', meet: () => parse({ WEBHOOK_SECRET: 's', DATABASE_URL: 'mysql://a/b' }) },
]

const OBSTACLES_OF_THE_NETWORK: Obstacle[] = [
  { name: 'a port that is taken', meet: listenTwice },
  {
    name: 'an address of no machine (RFC 5737)',
    meet: () => listen(answerNothing, '192.0.2.1', 0),
  },
]

const OBSTACLES_OF_THE_FILE: Obstacle[] = [
  { name: 'an SQLite that is too old', meet: () => refuseOldSqlite('3.51.2') },
  { name: 'a second process', meet: (folder) => openTwice(folder.file('app.db')) },
  { name: 'a folder', meet: (folder) => openSqliteStore(folder.path) },
  {
    name: 'a text file',
    meet: (folder) => {
      writeFileSync(folder.file('notes.txt'), 'not a database\n')
      return openSqliteStore(folder.file('notes.txt'))
    },
  },
  {
    name: "another program's database",
    meet: (folder) => {
      execute(folder.file('theirs.db'), 'CREATE TABLE theirs (id)')
      return openSqliteStore(folder.file('theirs.db'))
    },
  },
  {
    name: 'a database that was cut off',
    meet: (folder) => reopen(folder.file('app.db'), (path) => truncateSync(path, 4096)),
  },
  {
    name: 'a database with a hard link',
    meet: (folder) => reopen(folder.file('app.db'), (path) => linkSync(path, `${path}.link`)),
  },
  {
    name: 'a WAL whose database is gone',
    meet: (folder) => {
      writeFileSync(folder.file('app.db-wal'), 'what is left')
      return openSqliteStore(folder.file('app.db'))
    },
  },
  {
    name: 'arrivals of another database',
    meet: (folder) =>
      reopen(folder.file('app.db'), (path) => {
        openWriting(path).close(true)
        execute(`${path}.arrivals`, "UPDATE owner SET store = 'other'")
      }),
  },
  {
    name: 'arrivals of a later state of the database',
    meet: (folder) =>
      reopen(folder.file('app.db'), (path) => {
        openWriting(path).close(true)
        execute(`${path}.arrivals`, 'UPDATE owner SET seq = 7')
      }),
  },
  {
    name: 'arrivals of a newer ackbox',
    meet: (folder) =>
      reopen(folder.file('app.db'), (path) => {
        openWriting(path).close(true)
        execute(`${path}.arrivals`, 'PRAGMA user_version = 99')
      }),
  },
  {
    name: 'a database of a newer ackbox',
    meet: (folder) =>
      reopen(folder.file('app.db'), (path) => execute(path, 'PRAGMA user_version = 99')),
  },
  {
    name: 'a path through a file',
    meet: (folder) => {
      writeFileSync(folder.file('file'), '')
      return openSqliteStore(folder.file('file/app.db'))
    },
  },
  {
    name: 'a lock that cannot be made',
    meet: (folder) => {
      mkdirSync(folder.file('app.db.lock'))
      return openSqliteStore(folder.file('app.db'))
    },
  },
]

/** Opens a new database for upkeep after something has been done to it. */
async function upkeepOf(
  open: typeof openRebuild,
  path: string,
  harm: string,
): Promise<Upkeep['steps']> {
  await (await openSqliteStore(path)).close()
  execute(path, harm)
  const upkeep = await open({ engine: 'sqlite', path }, () => {})
  try {
    for (const { run } of upkeep.steps) await run()
    return upkeep.steps
  } finally {
    await upkeep.close()
  }
}

const OBSTACLES_OF_UPKEEP: Obstacle[] = [
  {
    name: 'a file that is not there',
    meet: (folder) => openRebuild({ engine: 'sqlite', path: folder.file('app.db') }, () => {}),
  },
  {
    name: 'a database in memory',
    meet: () => openVerification({ engine: 'sqlite', path: ':memory:' }, () => {}),
  },
  {
    name: 'a database of an older ackbox that is only looked at',
    meet: (folder) => upkeepOf(openVerification, folder.file('app.db'), 'PRAGMA user_version = 1'),
  },
  {
    name: 'a database without one of its tables',
    meet: (folder) => upkeepOf(openRebuild, folder.file('app.db'), 'DROP TABLE days'),
  },
]

/** A file on an ordinary disk that has a size and takes no room: 4 TiB. */
const SPARSE_BYTES = 2 ** 42

/** Makes a backup of a new database after something has been done to it or beside it. */
async function backUp(folder: Folder, file: string, prepare = (_path: string) => {}) {
  const path = folder.file('app.db')
  await (await openSqliteStore(path)).close()
  prepare(path)
  const work = await openBackup(
    { engine: 'sqlite', path },
    { file: folder.file(file), freeBytesMin: 0 },
  )
  try {
    for (const { run } of work.steps) await run()
  } finally {
    await work.close()
  }
}

const OBSTACLES_OF_BACKUP: Obstacle[] = [
  { name: 'a backup over a file', meet: (folder) => backUp(folder, 'app.db') },
  {
    name: "a backup into a file of the store's own",
    meet: (folder) => backUp(folder, 'app.db.search'),
  },
  { name: 'a backup into no folder', meet: (folder) => backUp(folder, 'none/copy.db') },
  {
    name: 'a backup without room for it',
    meet: (folder) =>
      backUp(folder, 'copy.db', (path) => {
        writeFileSync(`${path}-wal`, '')
        truncateSync(`${path}-wal`, SPARSE_BYTES)
      }),
  },
]

/** All that keeps the service or its upkeep from its work. A test compares it with the source. */
export const OBSTACLES: readonly Obstacle[] = [
  ...OBSTACLES_OF_SETTINGS,
  ...OBSTACLES_OF_THE_NETWORK,
  ...OBSTACLES_OF_THE_FILE,
  ...OBSTACLES_OF_UPKEEP,
  ...OBSTACLES_OF_BACKUP,
]
