import { afterAll, describe, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { openFolder } from '../support/folder.ts'
import { standardHeaders } from '../support/signer.ts'
import { openConsole } from './console.ts'

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

const SECRET = 'the-secret-of-now'
const PREVIOUS = 'the-secret-of-before'
const BODY = '{"message_id":"m1","text":"d\u00e9j\u00e0 \u{1F600}","path":"a/b"}'

const hmac = (body: string | Uint8Array, secret = SECRET, encoding: 'hex' | 'base64' = 'hex') =>
  createHmac('sha256', secret).update(body).digest(encoding)

type Given = { body?: string | Uint8Array; headers: string; argv?: string[]; secret?: string }

/** What `ackbox explain` says of a delivery, line by line, and its exit code. */
async function explain({ body = BODY, headers, argv = [], secret = SECRET }: Given) {
  writeFileSync(folder.file('body'), body)
  writeFileSync(folder.file('headers'), headers)
  const console = openConsole()
  const options = ['--secret', secret, '--previous', PREVIOUS, ...argv]
  const paths = [folder.file('body'), folder.file('headers')]
  const code = await console.run('explain', ...paths, ...options)
  expect(console.err()).toBe('')
  for (const each of [secret, PREVIOUS]) expect(console.out()).not.toContain(each)
  const [verdict, ...sentences] = console.out().trimEnd().split('\n')
  return { code, verdict, sentences: sentences.map((line) => line.trim()) }
}

const refused = (...sentences: string[]) => ({ code: 1, verdict: 'refused', sentences })
const valid = (...sentences: string[]) => ({ code: 0, verdict: 'valid', sentences })
const allowed = (scheme: string) =>
  valid(`/webhook takes it where SIGNATURE_SCHEMES has ${scheme}, which it has not by default`)
const x = (signature: string) => `X-Signature: ${signature}`

describe('ackbox explain', () => {
  test('finds nothing wrong with what is right, by each scheme', async () => {
    expect(await explain({ headers: x(hmac(BODY)) })).toEqual(valid())
    const hub = `x-hub-signature-256: sha256=${hmac(BODY)}`
    expect(await explain({ headers: `POST / HTTP/1.1\r\nHost: a\r\n${hub}\r\n\r\n` })).toEqual(
      allowed('x-hub-signature-256'),
    )
    expect(await explain({ headers: `> Host: a\n> ${hub}\n` })).toEqual(
      allowed('x-hub-signature-256'),
    )
  })

  test('goes by the signature that is right where there are two, as the service does', async () => {
    const hub = `x-hub-signature-256: sha256=${hmac(BODY)}`
    expect(await explain({ headers: `${x('0'.repeat(64))}\n${hub}` })).toEqual(
      allowed('x-hub-signature-256'),
    )
  })

  test('says that the previous secret was used, which is still valid', async () => {
    const said = 'it was signed with the previous secret, which is still valid'
    expect(await explain({ headers: x(hmac(BODY, PREVIOUS)) })).toEqual(valid(said))
  })

  test('takes the previous secret from where the service does', async () => {
    writeFileSync(folder.file('previous'), `${PREVIOUS}\n`)
    for (const [body, text] of [
      ['body', BODY],
      ['headers', x(hmac(BODY, PREVIOUS))],
    ] as const) {
      writeFileSync(folder.file(body), text)
    }
    const env = { WEBHOOK_SECRET: SECRET, WEBHOOK_SECRET_PREVIOUS_FILE: folder.file('previous') }
    const console = openConsole({ env })
    expect(await console.run('explain', folder.file('body'), folder.file('headers'))).toBe(0)
    expect(console.out()).toContain('it was signed with the previous secret')
  })

  test('says that an empty secret was used', async () => {
    const said = 'it was signed with an empty secret: the sender has none'
    expect(await explain({ headers: x(hmac(BODY, '')) })).toEqual(refused(said))
  })

  const RESERIALISED = 'the body was re-serialised: other JSON was signed than was sent'

  test.each([
    ['by a blank behind each colon', BODY.replaceAll(':', ': ').replaceAll(',', ', ')],
    ['by indentation', JSON.stringify(JSON.parse(BODY), null, 2)],
    [
      'by escapes outside of ASCII',
      BODY.replace('\u00e9', '\\u00e9')
        .replace('\u00e0', '\\u00e0')
        .replace('\u{1F600}', '\\ud83d\\ude00'),
    ],
    ['by escaped slashes', BODY.replace('/', '\\/')],
    [
      'in the order of its members',
      '{"message_id":"m1","path":"a/b","text":"d\u00e9j\u00e0 \u{1F600}"}',
    ],
  ])('says that the body was re-serialised %s', async (_, signed) => {
    expect(await explain({ headers: x(hmac(signed)) })).toEqual(refused(RESERIALISED))
  })

  test('says that the body was re-serialised where the other form was sent', async () => {
    const body = JSON.stringify(JSON.parse(BODY), null, 2)
    expect(await explain({ body, headers: x(hmac(BODY)) })).toEqual(refused(RESERIALISED))
  })

  test('says that a newline was added or lost', async () => {
    const sent = 'the body sent has a trailing newline that was not signed'
    expect(await explain({ body: `${BODY}\n`, headers: x(hmac(BODY)) })).toEqual(refused(sent))
    const signed = 'the body was signed with a trailing newline that was not sent'
    expect(await explain({ headers: x(hmac(`${BODY}\n`)) })).toEqual(refused(signed))
  })

  test('says that line ends were changed', async () => {
    const body = '{\n"a": 1\n}'
    const headers = x(hmac(body.replaceAll('\n', '\r\n')))
    expect(await explain({ body, headers })).toEqual(refused('line ends were changed on the way'))
  })

  test('says that another encoding was signed', async () => {
    const body = '{"a":"d\u00e9j\u00e0"}'
    const latin1 = Buffer.from(body, 'latin1')
    expect(await explain({ body, headers: x(hmac(latin1)) })).toEqual(
      refused('the body was signed in Latin-1, and sent in UTF-8'),
    )
    expect(await explain({ body: latin1, headers: x(hmac(body)) })).toEqual(
      refused('the body was sent in Latin-1, and signed in UTF-8'),
    )
    expect(await explain({ body, headers: x(hmac(Buffer.from(body, 'utf16le'))) })).toEqual(
      refused('the body was signed in UTF-16'),
    )
  })

  test.each([
    ['base64 for hex', x(hmac(BODY, SECRET, 'base64')), 'it is base64, and should be hex'],
    ['upper case', x(hmac(BODY).toUpperCase()), 'it is in upper case'],
    [
      'sha256= where it does not belong',
      x(`sha256=${hmac(BODY)}`),
      'sha256= stands before it, which does not belong there',
    ],
    ['sha256= missing', `X-Hub-Signature-256: ${hmac(BODY)}`, 'sha256= is missing before it'],
    ['quotes', x(`"${hmac(BODY)}"`), 'quotes or blanks stand around it'],
    ['an empty header', 'X-Signature:', 'the header x-signature is missing or empty'],
    ['SHA-1', x('0'.repeat(40)), 'it is an HMAC of SHA-1, and should be of SHA-256'],
    ['SHA-512', x('0'.repeat(128)), 'it is an HMAC of SHA-512, and should be of SHA-256'],
    ['two headers', `${x(hmac(BODY))}\n${x(hmac(BODY))}`, 'the header was sent twice'],
    ['no digest', x('none'), 'it is no digest of 32 bytes in hex or base64'],
    [
      'another secret',
      x(hmac(BODY, 'a third one')),
      'it was made with another secret, or over another body',
    ],
    ['an empty body signed', x(hmac('')), 'an empty body was signed'],
    [
      'a newline in the secret',
      x(hmac(BODY, `${SECRET}\n`)),
      'the secret was signed with blanks or a newline around it',
    ],
  ])('says what is wrong with %s', async (_, headers, said) => {
    expect(await explain({ headers })).toEqual(refused(said))
  })

  test('says which header is wanted where there is none', async () => {
    const all = 'x-signature or x-hub-signature-256 or webhook-signature'
    expect(await explain({ headers: 'Host: a' })).toEqual(
      refused(`there is no signature: wanted is the header ${all}`),
    )
    const argv = ['--scheme', 'x-hub-signature-256']
    expect(await explain({ headers: x(hmac(BODY)), argv })).toEqual(
      refused('there is no signature: wanted is the header x-hub-signature-256'),
    )
  })

  test('says all that is wrong at once', async () => {
    const headers = `X-Hub-Signature-256: ${hmac(`${BODY}\n`, PREVIOUS).toUpperCase()}`
    expect(await explain({ headers })).toEqual(
      refused(
        'it was signed with the previous secret, which is still valid',
        'the body was signed with a trailing newline that was not sent',
        'sha256= is missing before it',
        'it is in upper case',
      ),
    )
  })
})

describe('ackbox explain, for Standard Webhooks', () => {
  const AT = ['--at', '2025-01-15T10:00:00Z']
  const seconds = Date.UTC(2025, 0, 15, 10) / 1000
  const lines = (headers: Record<string, string>) =>
    Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n')

  test('finds nothing wrong with what is right', async () => {
    const headers = lines(standardHeaders(BODY, seconds, SECRET))
    expect(await explain({ headers, argv: AT })).toEqual(allowed('standard-webhooks'))
  })

  test.each([
    [600, 'its clock is 10 minutes behind ours, and 300 seconds are tolerated'],
    [-420, 'its clock is 7 minutes ahead of ours, and 300 seconds are tolerated'],
  ])('says how far a clock is off that is %d seconds behind', async (behind, said) => {
    const headers = lines(standardHeaders(BODY, seconds - behind, SECRET))
    expect(await explain({ headers, argv: AT })).toEqual(refused(said))
    expect(await explain({ headers, argv: [...AT, '--tolerance', '600'] })).toEqual(
      allowed('standard-webhooks'),
    )
  })

  test.each(['.0', 'e0'])('says that a time with %s behind it is none', async (more) => {
    const id = 'msg_1'
    const time = `${seconds}${more}`
    const signature = `v1,${hmac(`${id}.${time}.${BODY}`, SECRET, 'base64')}`
    const headers = { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature }
    expect(await explain({ headers: lines(headers), argv: AT })).toEqual(
      refused('the time signed is no number of seconds'),
    )
  })

  test('says that a signature comes too late among many', async () => {
    const headers = standardHeaders(BODY, seconds, SECRET)
    const right = headers['webhook-signature'] ?? ''
    const wrong = `v1,${hmac('other', SECRET, 'base64')}`
    const signed = (before: number) =>
      lines({ ...headers, 'webhook-signature': [...Array(before).fill(wrong), right].join(' ') })
    expect(await explain({ headers: signed(15), argv: AT })).toEqual(allowed('standard-webhooks'))
    expect(await explain({ headers: signed(16), argv: AT })).toEqual(
      refused('none of its first 16 signatures is right, and others are not looked at'),
    )
  })

  test('says that a part is missing', async () => {
    const { 'webhook-id': _, ...headers } = standardHeaders(BODY, seconds, SECRET)
    expect(await explain({ headers: lines(headers), argv: AT })).toEqual(
      refused('the header webhook-id is missing or empty'),
    )
  })

  test('says that the body alone was signed', async () => {
    const headers = {
      ...standardHeaders(BODY, seconds),
      'webhook-signature': `v1,${hmac(BODY, SECRET, 'base64')}`,
    }
    expect(await explain({ headers: lines(headers), argv: AT })).toEqual(
      refused('the body alone was signed, without id and time'),
    )
  })

  test('says that hex was sent, without its version', async () => {
    const hex = hmac(`msg_1.${seconds}.${BODY}`)
    const headers = { ...standardHeaders(BODY, seconds), 'webhook-signature': hex }
    expect(await explain({ headers: lines(headers), argv: AT })).toEqual(
      refused('v1, is missing before it', 'it is hex, and should be base64'),
    )
  })

  test('says that the text of a whsec_ secret was the key', async () => {
    const secret = `whsec_${Buffer.from('sixteen bytes...').toString('base64')}`
    const right = lines(standardHeaders(BODY, seconds, 'sixteen bytes...'))
    expect(await explain({ headers: right, argv: AT, secret })).toEqual(
      allowed('standard-webhooks'),
    )
    const wrong = lines(standardHeaders(BODY, seconds, secret))
    expect(await explain({ headers: wrong, argv: AT, secret })).toEqual(
      refused('the key was the text of the secret, not its bytes in base64'),
    )
  })
})

test.each([
  [['--scheme', 'hmac'], '--scheme must be one of'],
  [['--at', 'now'], '--at must be a date and time'],
  [['--secret', ''], 'the secret of --secret is empty'],
  [['--previous', 'whsec_!'], 'the secret is no base64 after whsec_'],
])('refuses the wrong usage %j', async (argv, said) => {
  writeFileSync(folder.file('body'), '')
  const console = openConsole()
  const paths = [folder.file('body'), folder.file('body')]
  expect(await console.run('explain', ...paths, '--secret', 'a', ...argv)).toBe(2)
  expect(console.err()).toContain(said)
})

test('refuses a file that is not there', async () => {
  const console = openConsole()
  expect(await console.run('explain', folder.file('absent'), '-', '--secret', 'a')).toBe(2)
  expect(console.err()).toContain('cannot read')
})
