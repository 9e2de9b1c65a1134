import { type Breakage, breakagesOf } from '../breakage.ts'

const MAPPING = [
  'test/whatsapp/notification.test.ts',
  'test/whatsapp/notification.properties.test.ts',
  'test/whatsapp/user.test.ts',
]
const ROUTES = ['test/http/whatsapp.test.ts', 'test/http/statuses.test.ts']
const STORE = ['test/sqlite/store.test.ts']

const NOTIFICATION: Breakage[] = [
  ...breakagesOf('src/whatsapp/notification.ts', MAPPING, [
    [
      'other fields are dropped',
      "this.#keep('notification', field, account, value?.raw ?? 'null')",
      'void 0',
    ],
    [
      'a message that cannot be read is dropped',
      "else this.#keep('quarantine', message.reason, account, item.raw)",
      '',
    ],
    [
      'a status that cannot be read is dropped',
      "else this.#keep('quarantine', status.reason, account, item.raw)",
      '',
    ],
    ['what stands beside messages is dropped', '    this.#keepRest(value, account)\n', ''],
    [
      "another product's notification is taken",
      "at(object, 'object') !== OBJECT || entries",
      'entries',
    ],
  ]),
  ...breakagesOf(
    'src/whatsapp/part.ts',
    ['test/whatsapp/raw.test.ts'],
    [
      [
        'an item is written anew, its numbers rounded',
        'return this.#text.slice(this.#place.start, this.#place.end)',
        'return JSON.stringify(this.value)',
      ],
      [
        'what stands beside messages is written anew',
        'this.member(name)?.raw',
        'JSON.stringify(this.member(name)?.value)',
      ],
    ],
  ),
  ...breakagesOf(
    'src/json_place.ts',
    ['test/json_place.test.ts'],
    [
      ['a text ends at a quote that is escaped', '(quote - at) % 2 === 0', 'quote < at'],
      ['a brace in a text counts', 'code === QUOTE ? behindText(text, at) : at + 1', 'at + 1'],
      ['a number takes the space behind it', 'isSpace(code) || ', ''],
      ['an escaped name is another name', "name.includes('\\\\') ? JSON.parse(name) : ", ''],
    ],
  ),
  ...breakagesOf(
    'src/http/json.ts',
    ['test/http/whatsapp.test.ts'],
    [
      [
        'what came is parsed before it is shown',
        'return value.text',
        'return JSON.stringify(JSON.parse(value.text))',
      ],
    ],
  ),
  ...breakagesOf('src/whatsapp/field.ts', MAPPING, [
    ['a number has no plus', 'return `+', 'return `'],
    ['milliseconds are taken for seconds', 'seconds <= SECONDS_MAX', 'seconds >= 0'],
    ['a user id may be anything', 'USER_ID.test(id) ?', 'id !== null ?'],
    ['nobody is without a number', 'read instanceof Unreadable && typeof', 'false && typeof'],
    ['half a surrogate pair is an id of WhatsApp', 'id.isWellFormed() &&', ''],
  ]),
  ...breakagesOf('src/whatsapp/text.ts', MAPPING, [
    [
      'a text of WhatsApp may be of any length',
      'if (!exceedsCodePoints(text, TEXT_CODE_POINTS_MAX)) return text',
      'if (text) return text',
    ],
    [
      'a type may be the name of a member of objects',
      'Object.hasOwn(TEXTS, type) ?',
      'type in TEXTS ?',
    ],
  ]),
  ...breakagesOf(
    'src/service.ts',
    ['test/http/whatsapp.test.ts', 'test/process/reload.test.ts'],
    [
      [
        'the previous app secret is not taken',
        'undefined ? undefined : { current, previous }',
        'undefined ? undefined : { current }',
      ],
      ['new app secrets are not read', 'if (replaced !== undefined) ', 'if (replaced === token) '],
      [
        "signatures of WhatsApp count as the plain route's",
        "metrics, '/webhook/whatsapp'",
        "metrics, '/webhook'",
      ],
    ],
  ),
  ...breakagesOf(
    'src/whatsapp/handshake.ts',
    ['test/http/whatsapp.test.ts'],
    [
      ['the handshake takes any token', '!known || ', ''],
      ['the handshake takes any mode', " || query.get('hub.mode') !== 'subscribe'", ''],
    ],
  ),
  ...breakagesOf('src/http/whatsapp.ts', ROUTES, [
    ['a notification may be as large as any body', ', bodyBytesMax: NOTIFICATION_BYTES_MAX', ''],
  ]),
]

const STATUS: Breakage[] = breakagesOf(
  'src/status.ts',
  ['test/status.test.ts'],
  [
    ['the last status to arrive counts', '.sort(compareSteps)', ''],
    [
      'the later of two reports of a status counts',
      'compareTimes(known, event) <= 0',
      'compareTimes(known, event) >= 0',
    ],
    ['a failure hides a delivery', 'failed: 2', 'failed: 9'],
  ],
)

const BUNDLES: Breakage[] = [
  ...breakagesOf('src/sqlite/move.ts', STORE, [
    [
      'what WhatsApp adds to a message is lost',
      'if (rest.whatsapp === undefined) return',
      'return',
    ],
  ]),
  ...breakagesOf('src/sqlite/bundles.ts', STORE, [
    [
      'the same thing is kept again and again',
      "'sha256').update(identity)",
      "'sha256').update(String(Math.random()))",
    ],
    ['a bad message in a bundle is lost', 'news += this.#addKept(setAside(message, answer))', ''],
    ['a bundle that comes again is new', "news > 0 ? 'created' : 'duplicate'", "'created'"],
  ]),
  ...breakagesOf(
    'src/sqlite/bundles.ts',
    ['test/sqlite/store.test.ts', 'test/http/statuses.test.ts'],
    [['the steps before are forgotten', 'before === null ? [] : JSON.parse(before.history)', '[]']],
  ),
  ...breakagesOf(
    'src/intake/committer.ts',
    ['test/intake/bundles.test.ts'],
    [
      ['a bundle counts as one message', 'this.#depth += sizeOf(unit)', 'this.#depth += 1'],
      ['a bundle that is too large for a batch waits for ever', 'Math.max(1, count)', 'count'],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/writer.ts',
    ['test/process/batch_crash.test.ts', 'test/sqlite/store.test.ts'],
    [
      [
        'messages of a bundle are numbered alike',
        'this.#bundles.append(each, appendOne)',
        'this.#bundles.append(each, (one) => this.#appendOne(one, new Map()))',
      ],
    ],
  ),
]

/** Notifications of WhatsApp, from their bytes to the store. */
export const WHATSAPP_BREAKAGES: Breakage[] = [...NOTIFICATION, ...STATUS, ...BUNDLES]
