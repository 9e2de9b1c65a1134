import { type Breakage, breakagesOf } from '../breakage.ts'

const ANSWERS = ['test/http/answers.test.ts']
const METRICS = ['test/http/metrics.test.ts']
const LOG = ['test/http/log.test.ts']
const PARSING = ['test/query.test.ts']
const HEALTH = ['test/http/health.test.ts']

const REFUSAL: Breakage[] = [
  ...breakagesOf(
    'src/http/failure.ts',
    ['test/http/store_failure.test.ts'],
    [
      [
        'a defect is shown to clients',
        "refuse(500, 'Internal Server Error')",
        'refuse(500, String(error))',
      ],
    ],
  ),
  ...breakagesOf(
    'src/http/observe.ts',
    ['test/http/store_failure.test.ts'],
    [
      ['a defect is logged without its stack', 'stack: error.stack', 'stack: undefined'],
      [
        'a store that cannot serve is logged as a defect',
        'error instanceof StoreUnavailable',
        'error === undefined',
      ],
    ],
  ),
  ...breakagesOf(
    'src/http/answer.ts',
    ['test/http/store_failure.test.ts'],
    [['a 503 does not say when to come back', 'status === 503 ?', 'status === 504 ?']],
  ),
  ...breakagesOf('src/http/routes.ts', ANSWERS, [
    ['there is no HEAD', "if (method === 'GET')", "if (method === 'HEAD')"],
  ]),
  ...breakagesOf('src/http/door.ts', ANSWERS, [
    ['a 405 does not say what is allowed', "headers.set('allow',", "headers.set('x-allow',"],
    [
      'a wrong method is an unknown path',
      "refuse(405, 'Method Not Allowed')",
      "refuse(404, 'Not Found')",
    ],
  ]),
  ...breakagesOf(
    'src/http/door.ts',
    ['test/http/store_failure.test.ts'],
    [
      [
        'a defect behind a delivery gets no answer of ours',
        'return fail(request, error, options.notes)',
        'throw error',
      ],
    ],
  ),
  ...breakagesOf(
    'src/http/failure.ts',
    ['test/http/wire.test.ts'],
    [['a sender that goes away is a defect of ours', 'if (aborted) return', 'if (!error) return']],
  ),
  ...breakagesOf(
    'src/http/server.ts',
    ['test/http/wire.test.ts'],
    [['a Host is required', "url.startsWith('/') ?", "url === '/' ?"]],
  ),
]

const OBSERVING: Breakage[] = [
  ...breakagesOf('src/http/observe.ts', ANSWERS, [
    ['any request id is taken over', ' && REQUEST_ID_FORM.test(sent)', ''],
    [
      "a client's request id is never taken over",
      '&& REQUEST_ID_FORM.test(sent) ? sent',
      '&& false ? sent',
    ],
    [
      'the answer has another request id than the log',
      '.set(REQUEST_ID, requestId)',
      '.set(REQUEST_ID, newId())',
    ],
  ]),
  ...breakagesOf('src/http/observe.ts', METRICS, [
    [
      'a label is the raw path',
      '?.template ?? UNKNOWN_PATH',
      ' === undefined ? UNKNOWN_PATH : path',
    ],
    ['every unknown path is a label', '?? UNKNOWN_PATH', '?? path'],
    [
      'a conflict is not counted',
      'if (isConflict(outcome)) webhook',
      'if (isConflict(undefined)) webhook',
    ],
  ]),
  ...breakagesOf('src/http/observe.ts', LOG, [
    [
      'the latency is in seconds',
      '(now() - startedAt) * 1000) / 1000',
      'now() - startedAt) / 1000',
    ],
    ['a conflict is no warning', "conflict ? 'WARNING' : 'INFO'", "conflict ? 'INFO' : 'INFO'"],
    [
      'a duplicate is not marked in the log',
      "outcome.result === 'duplicate'",
      "outcome.result === 'queue_full'",
    ],
    [
      'the signature is logged',
      'writeLine({ requestId, method, path,',
      "writeLine({ requestId, method, path: path + request.headers.get('x-signature'),",
    ],
    [
      'the query is logged',
      'path, status, milliseconds }, note',
      'path: request.url, status, milliseconds }, note',
    ],
  ]),
]

/** Lists beside that of messages. */
const LISTS = ['test/http/statuses.test.ts', 'test/http/whatsapp.test.ts']

const QUERY: Breakage[] = [
  ...breakagesOf('src/page.ts', PARSING, [
    ['a limit may be 0', '1n, BigInt(LIMIT_MAX)', '0n, BigInt(LIMIT_MAX)'],
    ['a limit has no upper bound', '1n, BigInt(LIMIT_MAX)', '1n'],
  ]),
  ...breakagesOf('src/page.ts', LISTS, [
    ['a cursor is good for another list', '[list, filters]', '[filters]'],
  ]),
  ...breakagesOf('src/sqlite/table_page.ts', LISTS, [
    [
      'a list ends with its first page',
      'rows.length > limit ? rows[limit - 1] : undefined',
      'undefined',
    ],
  ]),
  ...breakagesOf('src/parameters.ts', PARSING, [
    ['the first of a repeated parameter counts', '.at(-1)', '.at(0)'],
    [
      'a limit may be written as 1e1',
      '/^[0-9]+$/.test(text) ? BigInt(text)',
      'Number.isInteger(Number(text)) ? BigInt(Number(text))',
    ],
    ['an empty filter filters', 'return this.text(name) || undefined', 'return this.text(name)'],
    ['a raw plus before a number is lost', "text?.startsWith(' ') ? withPlus(text) : text", 'text'],
    ['a raw plus in since is lost', 'parseInstant(withPlus(text))', 'parseInstant(text)'],
    ['a wrong since is no filter', 'if (value === undefined) {', 'if (name === undefined) {'],
  ]),
  ...breakagesOf(
    'src/http/page.ts',
    ['test/http/messages.test.ts', 'test/http/query.test.ts'],
    [
      [
        'a far offset is rounded',
        'const json = write(',
        'const json = (offset = BigInt(Number(offset)), write)(',
      ],
    ],
  ),
]

const BODIES: Breakage[] = [
  ...breakagesOf(
    'src/http/body.ts',
    ['test/http/body_chunks.test.ts'],
    [
      [
        'every chunk of a body is kept for itself',
        'sink.write(chunk)',
        'sink.write((Object.assign(sink, { [size]: chunk }), chunk))',
      ],
    ],
  ),
  ...breakagesOf(
    'src/http/body.ts',
    ['test/http/wire.test.ts'],
    [['a length that was sent twice is no limit', '&& LENGTH.test(declared) ', '']],
  ),
  ...breakagesOf(
    'src/http/body.ts',
    ['test/http/body_budget.test.ts'],
    [
      ['large bodies have no bound together', 'if (!bodyBudget.take(0, size))', 'if (false)'],
      ['chunked bodies have no bound together', 'if (!bodyBudget.take(size, grown))', 'if (false)'],
    ],
  ),
  ...breakagesOf(
    'src/http/body.ts',
    ['test/http/slow_body.test.ts'],
    [
      [
        'a large body may take any time',
        'isSmall(size) ? reading : inTime(',
        'size ? reading : inTime(',
      ],
      [
        'a chunked body may take any time',
        'inTime(readStream(body, limits), limits)',
        'readStream(body, limits)',
      ],
      [
        'small bodies are timed too',
        'isSmall(size) ? reading : inTime(',
        'size < 0 ? reading : inTime(',
      ],
      ['the timer of a body goes on after it', 'timer.abort()', ''],
    ],
  ),
  ...breakagesOf(
    'src/http/webhook.ts',
    ['test/http/slow_body.test.ts'],
    [['who is too slow keeps its connection', ", 'body_too_slow'] satisfies", '] satisfies']],
  ),
  ...breakagesOf(
    'src/http/body_budget.ts',
    ['test/http/body_budget.test.ts'],
    [
      ['the room of a body is never given back', 'this.#left += countedOf(size)', ''],
      ['small bodies are refused with large ones', '(isSmall(size) ? 0 : size)', 'size'],
    ],
  ),
]

const READINESS: Breakage[] = breakagesOf('src/http/health.ts', HEALTH, [
  [
    'the service is always ready',
    'checking ??= check().finally',
    'checking ??= Promise.resolve(check).then',
  ],
  ['the service is ready while it stops', 'if (stopping())', 'if (stopping === undefined)'],
  ['every probe has a check of its own', 'checking ??= check()', 'checking = check()'],
  [
    'readiness has one reason for all',
    'StoreUnavailable ? error.reason :',
    'TypeError ? error.message :',
  ],
])

const ACCESS: Breakage[] = [
  ...breakagesOf(
    'src/http/access.ts',
    ['test/http/access.test.ts'],
    [
      ['any token will do', 'sent !== undefined && isToken', 'sent !== undefined || isToken'],
      [
        'a route that is not listed is open',
        '(guards.get(template) ?? api)',
        '(guards.get(template) ?? admitAll)',
      ],
      ['the metrics are open', "['/metrics', metrics]", "['/metrics', admitAll]"],
      ['the metrics answer to the token of the API', "['/metrics', metrics]", "['/metrics', api]"],
      ['senders must show a token', "['/webhook', admitAll]", "['/webhook', api]"],
      ['a token may follow anything', '/^bearer +(.+)$/i', '/bearer +(.+)$/i'],
    ],
  ),
  ...breakagesOf(
    'src/config.ts',
    ['test/config.test.ts', 'test/config_secret.test.ts'],
    [
      [
        'an empty file leaves a token unset',
        "setting.default === '' && !path",
        "setting.default === ''",
      ],
      ['a token may hold what no header carries', '/^[A-Za-z0-9._~+/-]+=*$/', '/./'],
    ],
  ),
  ...breakagesOf(
    'src/http/answer.ts',
    ['test/http/answers.test.ts'],
    [
      [
        'an answer may be taken for another type',
        "'x-content-type-options': 'nosniff'",
        "'x-content-type-options': ''",
      ],
    ],
  ),
]

/** What clients see, and what is logged and counted of it. */
export const HTTP_BREAKAGES: Breakage[] = [
  ...REFUSAL,
  ...OBSERVING,
  ...QUERY,
  ...BODIES,
  ...READINESS,
  ...ACCESS,
]
