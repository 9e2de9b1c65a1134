import { describe, expect, test } from 'bun:test'
import { type Config, parseConfig, SETTINGS, warningsOf } from '../src/config.ts'
import { StartRefused } from '../src/start_refused.ts'

type Variables = Record<string, string | undefined>

const FILES: Record<string, string> = {
  '/run/secrets/webhook': 'from-the-file\n',
  '/run/secrets/windows': 'from-the-file\r\n',
  '/run/secrets/spaced': ' two \n\n',
  '/run/secrets/empty': '',
  '/run/secrets/newline': '\n',
}

function readFile(path: string): string {
  const text = FILES[path]
  if (text === undefined) throw new Error(`ENOENT: no such file, open '${path}'`)
  return text
}

/** The settings, from these variables beside a secret. */
function parse(variables: Variables): Config {
  return parseConfig({ variables: { WEBHOOK_SECRET: 's3cret-Qx7', ...variables }, readFile })
}

/** The lines with which these variables are refused. */
function problems(variables: Variables): string[] {
  try {
    parse(variables)
  } catch (error) {
    if (error instanceof StartRefused) return error.message.split('\n')
    throw error
  }
  return []
}

const DEFAULTS = {
  WEBHOOK_SECRET: 's3cret-Qx7',
  DATABASE_URL: { engine: 'sqlite', path: '/data/app.db' },
  API_TOKEN: undefined,
  METRICS_TOKEN: undefined,
  LOG_LEVEL: 'INFO',
  HOST: '0.0.0.0',
  PORT: 8000,
  REQUEST_LATENCY_MS: true,
  BODY_BYTES_MAX: 1_048_576,
  QUEUE_MESSAGES_MAX: 8192,
  QUERY_SECONDS: 10,
  SHUTDOWN_SECONDS: 10,
} as const

const NAMES = Object.keys(DEFAULTS)

describe('parseConfig', () => {
  test('gives the default of every setting but the secret', () => {
    expect(parse({})).toEqual(DEFAULTS)
  })

  test('takes an empty variable as unset', () => {
    const empty = Object.fromEntries(NAMES.slice(1).map((name) => [name, '']))
    expect(parse({ ...empty, WEBHOOK_SECRET_FILE: '' })).toEqual(DEFAULTS)
  })

  test('ignores other variables', () => {
    expect(parse({ PATH: '/bin', port: '1', PORT_FILE: '/nowhere' })).toEqual(DEFAULTS)
  })

  test.each([
    ['PORT', '0', 0],
    ['PORT', '65535', 65_535],
    ['PORT', '08080', 8080],
    ['HOST', '127.0.0.1', '127.0.0.1'],
    ['HOST', '::1', '::1'],
    ['LOG_LEVEL', 'debug', 'DEBUG'],
    ['LOG_LEVEL', 'Warning', 'WARNING'],
    ['LOG_LEVEL', 'ERROR', 'ERROR'],
    ['LOG_LEVEL', 'info', 'INFO'],
    ['REQUEST_LATENCY_MS', 'on', true],
    ['REQUEST_LATENCY_MS', 'off', false],
    ['BODY_BYTES_MAX', '1', 1],
    ['BODY_BYTES_MAX', '1073741824', 1_073_741_824],
    ['QUEUE_MESSAGES_MAX', '1', 1],
    ['QUEUE_MESSAGES_MAX', '1000000', 1_000_000],
    ['QUERY_SECONDS', '1', 1],
    ['QUERY_SECONDS', '3600', 3600],
    ['SHUTDOWN_SECONDS', '0', 0],
    ['SHUTDOWN_SECONDS', '3600', 3600],
    ['WEBHOOK_SECRET', ' spaces are kept ', ' spaces are kept '],
    ['API_TOKEN', 'a-token.Of_9~letters+/==', 'a-token.Of_9~letters+/=='],
    ['METRICS_TOKEN', 'x', 'x'],
  ])('takes %s=%s', (name, text, value) => {
    expect(parse({ [name]: text })).toEqual({ ...DEFAULTS, [name]: value } as Config)
  })

  test.each(['ON', 'true', '1', 'of', ' off'])('refuses REQUEST_LATENCY_MS=%j', (text) => {
    const line = 'REQUEST_LATENCY_MS must be on or off'
    expect(problems({ REQUEST_LATENCY_MS: text })).toEqual([line])
  })

  test.each([
    ['four slashes as absolute', 'sqlite:////var/lib/a b.db', '/var/lib/a b.db'],
    ['three slashes as relative', 'sqlite:///data/app.db', 'data/app.db'],
    ['a dot', 'sqlite:///./data/app.db', './data/app.db'],
    ['memory', 'sqlite:///:memory:', ':memory:'],
    ['a question mark as part of the name', 'sqlite:////a?b.db', '/a?b.db'],
  ])('takes a DATABASE_URL with %s', (_, url, path) => {
    expect(parse({ DATABASE_URL: url }).DATABASE_URL).toEqual({ engine: 'sqlite', path })
  })

  const NO_NUMBERS = [
    'abc',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '0x10',
    ' 8',
    '8 ',
    '8\n',
    '٣',
    '9'.repeat(20),
  ]
  const INTEGERS = [
    ['PORT', 'from 0 to 65535', '65536'],
    ['BODY_BYTES_MAX', 'from 1 to 1073741824', '0'],
    ['BODY_BYTES_MAX', 'from 1 to 1073741824', '1073741825'],
    ['QUEUE_MESSAGES_MAX', 'from 1 to 1000000', '0'],
    ['QUEUE_MESSAGES_MAX', 'from 1 to 1000000', '1000001'],
    ['QUERY_SECONDS', 'from 1 to 3600', '0'],
    ['QUERY_SECONDS', 'from 1 to 3600', '3601'],
    ['SHUTDOWN_SECONDS', 'from 0 to 3600', '3601'],
  ] as const

  test.each(INTEGERS)('refuses for %s what is not %s', (name, range, outside) => {
    for (const text of [...NO_NUMBERS, outside]) {
      expect(problems({ [name]: text })).toEqual([`${name} must be a whole number ${range}`])
    }
  })

  test.each(['TRACE', 'warn', 'INFO ', '20', 'none'])('refuses LOG_LEVEL=%j', (level) => {
    const line = 'LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR'
    expect(problems({ LOG_LEVEL: level })).toEqual([line])
  })

  test.each([
    ...['sqlite://', 'sqlite:///', 'sqlite://data/app.db', 'sqlite:/data/app.db', '/data/app.db'],
    ...['postgres://localhost/a', 'SQLITE:////a.db', 'sqlite', 'file:///a.db', ' sqlite:////a.db'],
  ])('refuses DATABASE_URL=%j', (url) => {
    const form = 'sqlite:////absolute/path, sqlite:///relative/path or sqlite:///:memory:'
    expect(problems({ DATABASE_URL: url })).toEqual([`DATABASE_URL must be ${form}`])
  })

  test.each(['sqlite:////a.db\n', 'sqlite:////a.db ', 'sqlite:/// a.db', 'sqlite:///:memory: '])(
    'refuses blanks around the path of DATABASE_URL=%j',
    (url) => {
      const line = 'DATABASE_URL must be without blanks or line ends around its path'
      expect(problems({ DATABASE_URL: url })).toEqual([line])
    },
  )

  test('reports all problems at once, a line for each, in the order of the table', () => {
    const bad = Object.fromEntries(NAMES.map((name) => [name, 'no good']))
    const lines = problems({ ...bad, WEBHOOK_SECRET: '', HOST: 'fine' })
    expect(lines.map((line) => line.split(' ')[0])).toEqual(NAMES.filter((name) => name !== 'HOST'))
  })
})

const FILE = 'WEBHOOK_SECRET_FILE'
const MISSING = `WEBHOOK_SECRET is missing or empty: set it, or ${FILE} to a file that holds it`

/** The outcome for a secret from this file. */
const fromFile = (path: string) => ({ WEBHOOK_SECRET: undefined, [FILE]: path })

describe('the secret', () => {
  test.each([undefined, ''])('is required: %j is refused', (value) => {
    expect(problems({ WEBHOOK_SECRET: value })).toEqual([MISSING])
  })

  test.each([
    ['/run/secrets/webhook', 'from-the-file'],
    ['/run/secrets/windows', 'from-the-file'],
    ['/run/secrets/spaced', ' two \n'],
  ])('is read from %s without its last line end', (path, secret) => {
    expect(parse(fromFile(path)).WEBHOOK_SECRET).toBe(secret)
  })

  test('is read from its file also where the variable is empty', () => {
    const variables = { WEBHOOK_SECRET: '', [FILE]: '/run/secrets/webhook' }
    expect(parse(variables).WEBHOOK_SECRET).toBe('from-the-file')
  })

  test.each(['/run/secrets/empty', '/run/secrets/newline'])('is refused from %s', (path) => {
    expect(problems(fromFile(path))).toEqual([MISSING])
  })

  test('is refused from a file that cannot be read, with the reason', () => {
    const [line, ...more] = problems(fromFile('/nowhere'))
    expect(line).toBe(
      "WEBHOOK_SECRET cannot be read from its file: ENOENT: no such file, open '/nowhere'",
    )
    expect(more).toEqual([])
  })

  test('is refused when both the variable and its file are set', () => {
    const lines = problems({ [FILE]: '/run/secrets/webhook' })
    expect(lines).toEqual([`WEBHOOK_SECRET and ${FILE} are both set: keep one`])
  })

  test('is refused where it held bytes that are no UTF-8', () => {
    const line = 'WEBHOOK_SECRET must be UTF-8 text: write random bytes as hex'
    const readBytes = () => Buffer.from([0x61, 0xff, 0x62]).toString()
    const variables = fromFile('/run/secrets/binary')
    expect(() => parseConfig({ variables, readFile: readBytes })).toThrow(new StartRefused(line))
    expect(problems({ WEBHOOK_SECRET: 'a\ufffdb' })).toEqual([line])
    expect(parse({ WEBHOOK_SECRET: '\u00e9\u4f60' }).WEBHOOK_SECRET).toBe('\u00e9\u4f60')
  })

  test('is in no message, whatever is wrong', () => {
    const bad = { PORT: 'x', LOG_LEVEL: 'x', DATABASE_URL: 'x', [FILE]: '/run/secrets/webhook' }
    const lines = problems(bad).join('\n')
    expect(lines).toContain('WEBHOOK_SECRET')
    expect(lines).not.toMatch(/s3cret-Qx7|from-the-file/)
  })
})

describe('a token', () => {
  test.each(['two words', ' a', 'a\n', '=', 'a=b', '\u00e9', '"a"', 'a,b'])(
    'is refused where no Authorization header can carry it: %j',
    (token) => {
      const line = 'must be letters, digits and . _ ~ + / - with = only at the end'
      expect(problems({ API_TOKEN: token })).toEqual([`API_TOKEN ${line}`])
      expect(problems({ METRICS_TOKEN: token })).toEqual([`METRICS_TOKEN ${line}`])
    },
  )

  test('is read from its file without its last line end', () => {
    const { API_TOKEN } = parse({ API_TOKEN_FILE: '/run/secrets/webhook' })
    expect(API_TOKEN).toBe('from-the-file')
  })

  test.each(['/run/secrets/empty', '/run/secrets/newline', '/nowhere'])(
    'is never left unset by a file that has none: %s',
    (path) => {
      expect(problems({ API_TOKEN_FILE: path })).toEqual([expect.stringMatching(/^API_TOKEN /)])
    },
  )
})

describe('warningsOf', () => {
  test('says in one line what is open to everybody', () => {
    const api = 'messages and stats (API_TOKEN is unset)'
    const metrics = '/metrics (METRICS_TOKEN is unset)'
    const open = 'open to whoever reaches this port:'
    expect(warningsOf(parse({}))).toEqual([`${open} ${api}, ${metrics}`])
    expect(warningsOf(parse({ API_TOKEN: 'a' }))).toEqual([`${open} ${metrics}`])
    expect(warningsOf(parse({ METRICS_TOKEN: 'a' }))).toEqual([`${open} ${api}`])
    expect(warningsOf(parse({ API_TOKEN: 'a', METRICS_TOKEN: 'b' }))).toEqual([])
  })
})

describe('SETTINGS', () => {
  test('are the documented ones, each with a help text that is a sentence', () => {
    expect(Object.keys(SETTINGS)).toEqual(NAMES)
    const helps = Object.values(SETTINGS).map(({ help }) => help)
    expect(helps.filter((help) => !/^[A-Z].+\.$/s.test(help))).toEqual([])
  })
})
