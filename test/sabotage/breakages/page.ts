import { type Breakage, breakagesOf } from '../breakage.ts'

const PAGES = ['test/http/pages.test.ts']

/** What a browser gets, and what the document and the plot say. */
export const PAGE_BREAKAGES: Breakage[] = [
  ...breakagesOf('src/http/pages.ts', PAGES, [
    [
      'a page may run a script within it',
      '"script-src \'self\'"',
      "\"script-src 'self' 'unsafe-inline'\"",
    ],
    ['an asset is never compressed', 'GZIP.test(', '/none/.test('],
    ['an asset is compressed for who forbids it', 'q=0(?:', 'q=7(?:'],
    ['any name is an asset', 'Object.hasOwn(ASSETS, name)', 'name in ASSETS'],
  ]),
  ...breakagesOf(
    'src/web/browser/hmac.ts',
    ['test/web/hmac.test.ts'],
    [
      ['the page signs with one pad twice', '0x36', '0x5c'],
      [
        'a long secret is cut and not hashed',
        'given.length > BLOCK_BYTES ? sha256(given) : given',
        'given.slice(0, BLOCK_BYTES)',
      ],
      ['the length takes no room of its own', 'bytes.length + 9', 'bytes.length + 8'],
    ],
  ),
  ...breakagesOf(
    'src/web/browser/docs.ts',
    ['test/browser/docs.test.ts'],
    [['the docs page sends the secret', "hmacHex(secret, String(request.body ?? ''))", 'secret']],
  ),
  ...breakagesOf(
    'src/http/openapi/details.ts',
    ['test/openapi/answers.test.ts'],
    [['the document leaves an answer out', "401: rejected('invalid_signature'),", '']],
  ),
  ...breakagesOf(
    'src/volume.ts',
    ['test/http/stats.test.ts', 'test/sqlite/store.test.ts'],
    [
      ['a plot has no bound', 'end - first > VOLUME_BUCKETS_MAX) {', 'end < first) {'],
      [
        'buckets before 1970 start late',
        'quotient * divisor > dividend ?',
        'quotient > dividend ?',
      ],
      [
        'a plot ends before the latest message',
        'floorDivide(latest, width) + 1n',
        'floorDivide(latest, width)',
      ],
    ],
  ),
  ...breakagesOf(
    'src/web/browser/tokens.ts',
    ['test/browser/inbox_access.test.ts'],
    [
      [
        'a token outlives its tab',
        'else sessionStorage.setItem(keyOf(name), token)',
        'else localStorage.setItem(keyOf(name), token)',
      ],
    ],
  ),
  ...breakagesOf(
    'src/web/browser/list.ts',
    ['test/browser/inbox.test.ts'],
    [
      [
        'a scroll while the page looks is forgotten',
        'await this.#loading?.ended',
        "if (this.#loading !== undefined) throw new Error('busy')",
      ],
      ['a text becomes markup', "dir: 'auto', textContent: text", "dir: 'auto', innerHTML: text"],
      [
        'a new message comes in at the top, wherever it belongs',
        'else after.after(item)',
        'else this.#parts.list.prepend(item)',
      ],
      [
        'messages between two looks are left out',
        '&& page.next !== undefined) this.#begin',
        '&& false) this.#begin',
      ],
      [
        'a late message comes in at the end',
        'this.#putIn(page, this.#end)',
        'this.#putIn(page, this.#parts.list.lastElementChild)',
      ],
      ['rows of the old filters stay', 'this.#begin({ data: [], total: 0, next: undefined })', ''],
    ],
  ),
  ...breakagesOf(
    'src/web/browser/buckets.ts',
    ['test/web/buckets.test.ts'],
    [['an empty bucket counts for one', 'counts.get(start) ?? 0', 'counts.get(start) ?? 1']],
  ),
  ...breakagesOf(
    'src/web/browser/moment.ts',
    ['test/web/moment.test.ts'],
    [
      ['a time is shown in UTC', 'time.getHours()', 'time.getUTCHours()'],
      ['what is no time is not shown', "' ') || ts", "' ')"],
    ],
  ),
  ...breakagesOf(
    'src/web/browser/number.ts',
    ['test/web/moment.test.ts'],
    [['a comma stands before a count', '\\B', '']],
  ),
  ...breakagesOf(
    'src/web/browser/exposition.ts',
    ['test/web/samples.test.ts'],
    [['a quantile is the start of its bucket', '((bound - lower) *', '(0 *']],
  ),
]
