import { type Breakage, breakagesOf } from '../breakage.ts'

const VERIFY = ['test/signature/verify.test.ts', 'test/http/signature_header.test.ts']

const SIGNATURE: Breakage[] = [
  ...breakagesOf(
    'src/signature/x_signature.ts',
    ['test/signature/x_signature.test.ts'],
    [
      [
        'signatures are not compared',
        'return timingSafeEqual(',
        'return body.length >= 0 || timingSafeEqual(',
      ],
      ['upper-case hex is a signature', '[0-9a-f]{64}$/', '[0-9a-f]{64}$/i'],
      ['a signature may go on after its 64 digits', '[0-9a-f]{64}$/', '[0-9a-f]{64}/'],
      ['an empty secret is accepted', "if (secret === '') throw", 'if (secret === null) throw'],
    ],
  ),
  ...breakagesOf('src/signature/verify.ts', VERIFY, [
    [
      'a sha256= prefix is accepted',
      'delivery.headers.get(X_SIGNATURE)',
      "delivery.headers.get(X_SIGNATURE)?.replace('sha256=', '') ?? null",
    ],
    [
      'the signature is made over text in place of bytes',
      'matches(delivery.body,',
      'matches(Buffer.from(new TextDecoder().decode(delivery.body)),',
    ],
    [
      'a delivery without a signature is let through',
      'if (!matches(',
      'if (signature && !matches(',
    ],
  ]),
]

const INSTANT: Breakage[] = breakagesOf(
  'src/instant.ts',
  ['test/instant.test.ts'],
  [
    ['30 February is a date', 'Number(day) > dayMax', 'Number(day) > Math.max(dayMax, 31)'],
    ['every fourth year is a leap year', ' && (year % 100 !== 0 || year % 400 === 0)', ''],
    ['hour 24 is a time', 'Number(hour) > 23', 'Number(hour) > 24'],
    ['a fraction counts microseconds', "fraction.padEnd(6, '0')", 'fraction'],
    ['an offset is added to the local time', 'local - east * 60_000', 'local + east * 60_000'],
    ['a message takes a ts with an offset', "text.endsWith('Z') && ", ''],
  ],
)

const MESSAGE: Breakage[] = breakagesOf(
  'src/message.ts',
  ['test/message.test.ts'],
  [
    [
      'a text is measured in UTF-16 units',
      'if (value.length > max * 2) return true',
      'if (value.length > max) return true',
    ],
    ['white space is an id', '/\\P{White_Space}/u.test(value)', '/./su.test(value)'],
    ['a number may end in a newline', 'new RegExp(PARTY)', "new RegExp(PARTY, 'm')"],
    [
      'the digits of any script make a number',
      'new RegExp(PARTY)',
      "new RegExp(PARTY.replace('0-9', '\\\\p{Nd}'), 'u')",
    ],
    ['half a surrogate pair is text', 'if (!value.isWellFormed())', 'if (loc.length === 0)'],
    [
      'a number is coerced to an id',
      "faultOf('message_id', message_id, checkMessageId)",
      "faultOf('message_id', message_id && String(message_id), checkMessageId)",
    ],
  ],
)

const BODY: Breakage[] = breakagesOf(
  'src/message.ts',
  ['test/message_body.test.ts'],
  [
    [
      'only the first fault is listed',
      'faults.slice(0, FAULTS_MAX)',
      'faults.slice(0, FAULTS_MAX && 1)',
    ],
    ['a fault repeats the value', 'msg: `must be', 'msg: value + `must be'],
    ['a body that is not UTF-8 is mended', 'fatal: true', 'fatal: false'],
    [
      'a body that is not JSON is a defect of ours',
      "return wholeBody('json_invalid', 'body must be JSON, not nested too deeply')",
      "throw new Error('body must be JSON, not nested too deeply')",
    ],
    [
      'null passes for an object',
      "typeof value === 'object' && value !== null &&",
      'value !== 0 &&',
    ],
  ],
)

const SIZE: Breakage[] = breakagesOf(
  'src/http/body.ts',
  ['test/http/webhook.test.ts'],
  [
    [
      'a declared body may not be as large as the limit',
      '(size > bodyBytesMax)',
      '(size >= bodyBytesMax)',
    ],
    ['a declared body has no limit', '(size > bodyBytesMax)', '(size > Infinity)'],
    [
      'a chunked body may not be as large as the limit',
      '(grown > bodyBytesMax)',
      '(grown >= bodyBytesMax)',
    ],
    ['a chunked body has no limit', '(grown > bodyBytesMax)', '(bodyBytesMax < 0)'],
  ],
)

/** The way of a delivery from its bytes to a message. */
export const DELIVERY_BREAKAGES: Breakage[] = [
  ...SIGNATURE,
  ...INSTANT,
  ...MESSAGE,
  ...BODY,
  ...SIZE,
]
