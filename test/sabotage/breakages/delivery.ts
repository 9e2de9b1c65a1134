import { type Breakage, breakagesOf } from '../breakage.ts'

const VERIFY = ['test/signature/verify.test.ts', 'test/http/signature_header.test.ts']

const COMPARE = ['test/signature/compare.test.ts']

const CONSTANT_TIME: Breakage[] = [
  ...breakagesOf('src/signature/hmac.ts', COMPARE, [
    [
      'signatures are compared as far as they are right',
      'timingSafeEqual(actual, digest)',
      'actual.equals(digest)',
    ],
  ]),
  ...breakagesOf('src/signature/token.ts', COMPARE, [
    [
      'a token is compared as far as it is right',
      'timingSafeEqual(digestOf(shown), expected)',
      'digestOf(shown).equals(expected)',
    ],
  ]),
]

const SIGNATURE: Breakage[] = [
  ...breakagesOf('src/signature/hmac.ts', VERIFY, [
    [
      'signatures are not compared',
      '&& timingSafeEqual(',
      '&& actual !== digest || timingSafeEqual(',
    ],
    [
      'an empty secret is accepted',
      'if (secret.length === 0) throw',
      'if (secret.length < 0) throw',
    ],
    ['keys behind the one that matches are not tried', 'found = index', 'return index'],
    ['the previous secret is never tried', 'index >= 0; index -= 1', 'index === 0; index -= 1'],
  ]),
  ...breakagesOf(
    'src/signature/x_signature.ts',
    ['test/signature/x_signature.test.ts'],
    [
      ['upper-case hex is a signature', '[0-9a-f]{64}$/', '[0-9a-f]{64}$/i'],
      ['a signature may go on after its 64 digits', '[0-9a-f]{64}$/', '[0-9a-f]{64}/'],
    ],
  ),
  ...breakagesOf('src/signature/x_signature.ts', VERIFY, [
    [
      'a sha256= prefix is accepted',
      'headers.get(HEADER)',
      "headers.get(HEADER)?.replace('sha256=', '') ?? null",
    ],
    [
      'the signature is made over text in place of bytes',
      'digestOf(body, key)',
      'digestOf(Buffer.from(new TextDecoder().decode(body)), key)',
    ],
    [
      'a delivery without a signature is let through',
      'if (signature === null || !FORM.test(signature)) return NO_KEY',
      'if (signature === null) return 0',
    ],
  ]),
  ...breakagesOf(
    'src/signature/x_hub_signature.ts',
    ['test/signature/x_hub_signature.test.ts'],
    [
      ['the prefix sha256= may be left out', '/^sha256=', '/^(?:sha256=)?'],
      ['a hub signature may go on after its digits', '{64}$/', '{64}/'],
    ],
  ),
  ...breakagesOf(
    'src/signature/standard_webhooks.ts',
    ['test/signature/standard_webhooks.test.ts', 'test/signature/verify.test.ts'],
    [
      ['the id is not signed', '{id}.', '{""}'],
      ['the time is not signed', '{seconds}.', '{""}'],
      [
        'only the first of several signatures counts',
        "split(' ', SIGNATURES_MAX)",
        "split(' ', 1)",
      ],
      ['a signature of another version is taken', '/^v1,', '/^v\\w+,'],
      ['a flood of signatures is compared', "split(' ', SIGNATURES_MAX)", "split(' ')"],
      ['a whsec_ secret is text', 'return makeKey(bytes)', 'return makeKey(secret)'],
    ],
  ),
  ...breakagesOf('src/signature/verify.ts', VERIFY, [
    [
      'a time in the future is taken',
      'Math.abs(Math.floor(skewSeconds))',
      'Math.floor(skewSeconds)',
    ],
    [
      'a time in the past is taken',
      'Math.abs(Math.floor(skewSeconds))',
      '-Math.floor(skewSeconds)',
    ],
    [
      'a signature that is right is not told when its time is wrong',
      "return new Rejection('timestamp_out_of_tolerance')",
      "return new Rejection('invalid_signature')",
    ],
  ]),
  ...breakagesOf(
    'src/cli/serve.ts',
    ['test/process/reload.test.ts'],
    [
      [
        'secrets that are refused end the service',
        'if (!(error instanceof StartRefused)) throw error\n      const',
        'if (error) throw error\n      const',
      ],
      ['SIGHUP changes nothing', 'service.reload(config)', 'void service'],
    ],
  ),
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
  ...CONSTANT_TIME,
  ...SIGNATURE,
  ...INSTANT,
  ...MESSAGE,
  ...BODY,
  ...SIZE,
]
