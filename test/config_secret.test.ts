import { describe, expect, test } from 'bun:test'
import { parseConfig } from '../src/config.ts'
import { StartRefused } from '../src/start_refused.ts'
import { warningsOf } from '../src/warnings.ts'
import { parse, problems } from './support/settings.ts'

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

  test.each([
    'whsec_',
    'whsec_A',
    'whsec_ab-_',
    'whsec_!!!!',
    'whsec_AAAA\n',
    'whsec_AAA==',
    'whsec_====',
  ])('is refused as %j, whose base64 is broken', (secret) => {
    const line = 'must be base64 after whsec_: copy the whole secret'
    expect(problems({ WEBHOOK_SECRET: secret, WEBHOOK_SECRET_PREVIOUS: secret })).toEqual([
      `WEBHOOK_SECRET ${line}`,
      `WEBHOOK_SECRET_PREVIOUS ${line}`,
    ])
  })

  test('before it may come from a file too, and not from both', () => {
    const file = { WEBHOOK_SECRET_PREVIOUS_FILE: '/run/secrets/webhook' }
    expect(parse(file).WEBHOOK_SECRET_PREVIOUS).toBe('from-the-file')
    const empty = { WEBHOOK_SECRET_PREVIOUS_FILE: '/run/secrets/empty' }
    expect(problems(empty)).toEqual([expect.stringContaining('_PREVIOUS is missing or empty')])
    expect(problems({ ...file, WEBHOOK_SECRET_PREVIOUS: 'old' })).toEqual([
      'WEBHOOK_SECRET_PREVIOUS and WEBHOOK_SECRET_PREVIOUS_FILE are both set: keep one',
    ])
  })

  test('is in no message, whatever is wrong', () => {
    const bad = { PORT: 'x', LOG_LEVEL: 'x', DATABASE_URL: 'x', [FILE]: '/run/secrets/webhook' }
    const lines = problems(bad).join('\n')
    expect(lines).toContain('WEBHOOK_SECRET')
    expect(lines).not.toMatch(/s3cret-Qx7|from-the-file/)
  })
})

describe('a short secret', () => {
  test.each([
    ['fifteen bytes..', true],
    ['sixteen bytes...', false],
    ['\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9', false],
    ['whsec_MTIzNDU2Nzg5MDEyMzQ1', true],
    ['whsec_MTIzNDU2Nzg5MDEyMzQ1Ng==', false],
  ])('measures the bytes of a secret: for %j it warns, %p', (secret, short) => {
    const names = ['WEBHOOK_SECRET', 'WHATSAPP_APP_SECRET'].flatMap((name) => [
      name,
      `${name}_PREVIOUS`,
    ])
    const config = parse(Object.fromEntries(names.map((name) => [name, secret])))
    const lines = names.map((name) => `${name} has fewer than 16 bytes: take more`)
    const warned = warningsOf(config).filter((line) => line.includes('bytes'))
    expect(warned).toEqual(short ? lines : [])
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
