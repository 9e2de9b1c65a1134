import { describe, expect, test } from 'bun:test'
import { type Config, SETTINGS } from '../src/config.ts'
import { warningsOf } from '../src/warnings.ts'
import { parse, problems } from './support/settings.ts'

const DEFAULTS = {
  WEBHOOK_SECRET: 's3cret-Qx7-and-more',
  WEBHOOK_SECRET_PREVIOUS: undefined,
  SIGNATURE_SCHEMES: ['x-signature'],
  TOLERANCE_SECONDS: 300,
  WHATSAPP_APP_SECRET: undefined,
  WHATSAPP_APP_SECRET_PREVIOUS: undefined,
  WHATSAPP_VERIFY_TOKEN: undefined,
  DATABASE_URL: { engine: 'sqlite', path: '/data/app.db' },
  API_TOKEN: undefined,
  METRICS_TOKEN: undefined,
  LOG_LEVEL: 'INFO',
  HOST: '0.0.0.0',
  PORT: 8000,
  REQUEST_LATENCY_MS: true,
  REFUSED_BODIES: false,
  BODY_BYTES_MAX: 1_048_576,
  QUEUE_MESSAGES_MAX: 8192,
  WAL_BYTES_MAX: 268_435_456,
  DISK_FREE_BYTES_MIN: 268_435_456,
  QUERY_SECONDS: 10,
  LOCK_WAIT_SECONDS: 0,
  SHUTDOWN_SECONDS: 10,
} as const

const NAMES = Object.keys(DEFAULTS)

/** A secret that nobody warns about. */
const LONG = '0123456789abcdef'

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
    ['WAL_BYTES_MAX', '1048576', 1_048_576],
    ['DISK_FREE_BYTES_MIN', '0', 0],
    ['DISK_FREE_BYTES_MIN', '1099511627776', 1_099_511_627_776],
    ['QUERY_SECONDS', '1', 1],
    ['QUERY_SECONDS', '3600', 3600],
    ['LOCK_WAIT_SECONDS', '0', 0],
    ['LOCK_WAIT_SECONDS', '3600', 3600],
    ['SHUTDOWN_SECONDS', '1', 1],
    ['SHUTDOWN_SECONDS', '3600', 3600],
    ['WEBHOOK_SECRET', ' spaces are kept ', ' spaces are kept '],
    ['WEBHOOK_SECRET', 'whsec_AQ==', 'whsec_AQ=='],
    ['WEBHOOK_SECRET_PREVIOUS', 'the-old-one', 'the-old-one'],
    ['WHATSAPP_APP_SECRET_PREVIOUS', 'the-old-one', 'the-old-one'],
    ['SIGNATURE_SCHEMES', 'standard-webhooks', ['standard-webhooks']],
    ['SIGNATURE_SCHEMES', 'standard-webhooks, x-signature', ['x-signature', 'standard-webhooks']],
    ['TOLERANCE_SECONDS', '1', 1],
    ['TOLERANCE_SECONDS', '86400', 86_400],
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
    ['LOCK_WAIT_SECONDS', 'from 0 to 3600', '3601'],
    ['WAL_BYTES_MAX', 'from 1048576 to 1099511627776', '1048575'],
    ['DISK_FREE_BYTES_MIN', 'from 0 to 1099511627776', '1099511627777'],
    ['SHUTDOWN_SECONDS', 'from 1 to 3600', '3601'],
    ['TOLERANCE_SECONDS', 'from 1 to 86400', '0'],
    ['TOLERANCE_SECONDS', 'from 1 to 86400', '86401'],
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
    ...['x-signature,', 'hmac', 'X-Signature', 'x-signature,x-signature', ','],
    ...['x-signature;standard-webhooks', 'x-signature standard-webhooks'],
  ])('refuses SIGNATURE_SCHEMES=%j', (text) => {
    const known = 'x-signature, x-hub-signature-256, standard-webhooks'
    const line = `SIGNATURE_SCHEMES must be some of ${known}, each once`
    expect(problems({ SIGNATURE_SCHEMES: text })).toEqual([line])
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
    const secrets = {
      WEBHOOK_SECRET: '',
      WEBHOOK_SECRET_PREVIOUS: 'whsec_',
      WHATSAPP_APP_SECRET: 'whsec_',
      WHATSAPP_APP_SECRET_PREVIOUS: 'whsec_',
      WHATSAPP_VERIFY_TOKEN: 'whsec_',
    }
    const lines = problems({ ...bad, ...secrets, HOST: 'fine' })
    expect(lines.map((line) => line.split(' ')[0])).toEqual(NAMES.filter((name) => name !== 'HOST'))
  })
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

  test.each(['WHATSAPP_APP_SECRET', 'WHATSAPP_VERIFY_TOKEN'])(
    'says that %s is not enough',
    (name) => {
      const tokens = { API_TOKEN: 'a', METRICS_TOKEN: 'b' }
      expect(warningsOf(parse({ ...tokens, [name]: LONG }))).toEqual([
        '/webhook/whatsapp is off: WHATSAPP_APP_SECRET and WHATSAPP_VERIFY_TOKEN turn it on',
      ])
      const both = { WHATSAPP_APP_SECRET: LONG, WHATSAPP_VERIFY_TOKEN: 'two' }
      expect(warningsOf(parse({ ...tokens, ...both }))).toEqual([])
    },
  )
})

describe('SETTINGS', () => {
  test('are the documented ones, each with a help text that is a sentence', () => {
    expect(Object.keys(SETTINGS)).toEqual(NAMES)
    const helps = Object.values(SETTINGS).map(({ help }) => help)
    expect(helps.filter((help) => !/^[A-Z].+\.$/s.test(help))).toEqual([])
  })
})
