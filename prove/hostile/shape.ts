import { chunk, type Parcel, wrap } from './parcel.ts'

/**
 * What must become of a shape. `stored`: 200, and the connection can be used again. `refused`: an
 * error or no answer, and nothing is stored. `unfinished`: nothing is answered or stored while the
 * rest is out. `unheard`: it may be stored, but its 200 is lost to what came behind it.
 */
type Fate = 'stored' | 'refused' | 'unfinished' | 'unheard'

/** A way to frame a delivery; `hidden` is a whole signed request that may never be one. */
export interface Shape {
  readonly name: string
  readonly fate: Fate
  readonly bytes: (parcel: Parcel, hidden: string) => Buffer
}

type Frame = (body: string, hidden: string) => readonly [headers: readonly string[], rest: string]

const CHUNKED = 'Transfer-Encoding: chunked'
const LAST = '0\r\n\r\n'

const lengthOf = (body: string) => `Content-Length: ${body.length}`
const hexOf = (body: string) => body.length.toString(16)

/** Shapes of one fate: a name, and the headers and the rest behind them. */
function shapes(fate: Fate, frames: Readonly<Record<string, Frame>>): Shape[] {
  return Object.entries(frames).map(([name, frame]) => ({
    ...{ name, fate },
    bytes: ({ head, body }, hidden) => {
      const [headers, rest] = frame(body, hidden)
      return wrap([...head, ...headers], rest)
    },
  }))
}

/** A shape whose only header about the body is this length, whatever the body's is. */
const lying =
  (length: (size: number) => string): Frame =>
  (body, hidden) => [[`Content-Length: ${length(body.length)}`], body + hidden]

/** A body in one chunk whose size is spelt otherwise. */
const sized =
  (size: (hex: string) => string): Frame =>
  (body, hidden) => [[CHUNKED], `${size(hexOf(body))}\r\n${body}\r\n${LAST}${hidden}`]

/** A body of a length, and a header that names another framing beside it. */
const beside =
  (header: string): Frame =>
  (body, hidden) => [[header, lengthOf(body)], `${body}${hidden}`]

/** A whole chunked body, under a header that does not quite say so. */
const named =
  (...headers: string[]): Frame =>
  (body, hidden) => [headers, `${chunk(body)}${LAST}${hidden}`]

const LENGTHS = shapes('refused', {
  'two lengths, the first right': (body, hidden) => [
    [lengthOf(body), 'Content-Length: 5'],
    body + hidden,
  ],
  'two lengths, the last right': (body, hidden) => [
    ['Content-Length: 5', lengthOf(body)],
    body + hidden,
  ],
  'a list of equal lengths': lying((size) => `${size}, ${size}`),
  'a list of lengths': lying((size) => `${size}, 0`),
  'a length with a plus': lying((size) => `+${size}`),
  'a negative length': lying((size) => `-${size}`),
  'a length in hex': lying((size) => `0x${size.toString(16)}`),
  'a length with letters behind': lying((size) => `${size}abc`),
  'a length with a blank in it': lying((size) => `1 ${size}`),
  'a length with a fraction': lying((size) => `${size}.0`),
  'a length beyond 64 bits': lying((size) => `${2n ** 64n + BigInt(size)}`),
  'an empty length': lying(() => ''),
  'no length at all': (body, hidden) => [[], body + hidden],
  'a length with a blank before its colon': (body) => [[`Content-Length : ${body.length}`], body],
  'a length on the next line': (body) => [['Content-Length:', ` ${body.length}`], body],
})

const FRAMINGS = shapes('refused', {
  'a length, then chunks': (body, hidden) => [
    [lengthOf(body), CHUNKED],
    `${chunk(body)}${LAST}${hidden}`,
  ],
  'chunks, then a length': (body, hidden) => [
    [CHUNKED, lengthOf(body)],
    `${chunk(body)}${LAST}${hidden}`,
  ],
  'a length that covers what chunks leave over': (_, hidden) => [
    [`Content-Length: ${LAST.length + hidden.length}`, CHUNKED],
    LAST + hidden,
  ],
  'chunks that cover what a length leaves over': (_, hidden) => [
    ['Content-Length: 4', CHUNKED],
    `${chunk(hidden)}${LAST}`,
  ],
  'another coding beside a length': beside('Transfer-Encoding: xchunked'),
  'the coding identity beside a length': beside('Transfer-Encoding: identity'),
  'an empty coding beside a length': beside('Transfer-Encoding:'),
  'a quoted coding beside a length': beside('Transfer-Encoding: "chunked"'),
  'a coding behind a vertical tab': beside('Transfer-Encoding: \x0bchunked'),
  'a coding with a blank before its colon': beside('Transfer-Encoding : chunked'),
  'a coding on the next line': beside('Transfer-Encoding:\r\n chunked'),
  'a coding behind a bare line feed': beside('X-A: a\nTransfer-Encoding: chunked'),
  'a coding behind a bare carriage return': beside('X-A: a\rTransfer-Encoding: chunked'),
  'chunks of gzip': named('Transfer-Encoding: gzip, chunked'),
  'chunks, then identity': named('Transfer-Encoding: chunked, identity'),
  'chunked twice': named(CHUNKED, CHUNKED),
  'chunked and identity in two headers': named(CHUNKED, 'Transfer-Encoding: identity'),
  'a header folded over two lines': beside('X-A: a\r\n b'),
  'a NUL in a header': beside('X-A: a\0b'),
  'a NUL in a name': beside('X-\0: a'),
  'a header without a colon': beside('X-A'),
  'a header without a name': beside(': a'),
})

const CHUNKS = shapes('refused', {
  'a chunk size that is no hex': sized(() => 'zz'),
  'an empty chunk size': sized(() => ''),
  'a negative chunk size': sized((hex) => `-${hex}`),
  'a chunk size with 0x': sized((hex) => `0x${hex}`),
  'a chunk size with a plus': sized((hex) => `+${hex}`),
  'a blank before a chunk size': sized((hex) => ` ${hex}`),
  'a blank behind a chunk size': sized((hex) => `${hex} `),
  'a chunk size beyond 64 bits': sized((hex) => `1${hex.padStart(16, '0')}`),
  'a chunk size beyond 60 bits': sized((hex) => `1${hex.padStart(15, '0')}`),
  'a line feed in a chunk extension': sized((hex) => `${hex};a="b\nc"`),
  'an endless chunk extension': sized((hex) => `${hex};${'a'.repeat(100_000)}`),
  'a bare line feed behind a chunk size': (body) => [
    [CHUNKED],
    `${hexOf(body)}\n${body}\r\n${LAST}`,
  ],
  'a bare line feed behind a chunk': (body) => [[CHUNKED], `${hexOf(body)}\r\n${body}\n${LAST}`],
  'nothing behind a chunk': (body) => [[CHUNKED], `${hexOf(body)}\r\n${body}${LAST}`],
  'letters behind a chunk': (body) => [[CHUNKED], `${hexOf(body)}\r\n${body}xx${LAST}`],
  'a chunk that is shorter than its size': (body) => [
    [CHUNKED],
    `${(body.length + 1).toString(16)}\r\n${body}\r\n${LAST}`,
  ],
  'a chunk that is longer than its size': (body) => [
    [CHUNKED],
    `${(body.length - 1).toString(16)}\r\n${body}\r\n${LAST}`,
  ],
})

const SIZES = shapes('refused', {
  'a header of 17 KB': beside(`X-A: ${'a'.repeat(17_000)}`),
  'a header without an end': (_, hidden) => [[`X-A: ${'a'.repeat(300_000)}${hidden}`], ''],
  '250 headers': (body) => [
    [...Array.from({ length: 250 }, (_, n) => `X-${n}: a`), lengthOf(body)],
    body,
  ],
})

const UNFINISHED = shapes('unfinished', {
  'a length that is one too many': (body) => [[`Content-Length: ${body.length + 1}`], body],
  'chunks without the last one': (body) => [[CHUNKED], chunk(body)],
  'a chunk size beyond 32 bits': sized((hex) => `1${hex.padStart(8, '0')}`),
  'a chunk size beyond 56 bits': sized((hex) => `1${hex.padStart(14, '0')}`),
})

const STORED = shapes('stored', {
  'a length': (body) => [[lengthOf(body)], body],
  'two equal lengths': (body) => [[lengthOf(body), lengthOf(body)], body],
  'chunks of one byte': (body) => [[CHUNKED], `${[...body].map(chunk).join('')}${LAST}`],
  'a chunk size with zeros': sizedAlone((hex) => hex.padStart(12, '0')),
  'a chunk extension': sizedAlone((hex) => `${hex};a=b`),
  'a request hidden in a header': (body, hidden) => [
    [`X-A: ${hidden.replaceAll('\r\n', '  ')}`, lengthOf(body)],
    body,
  ],
  'a header of 15 KB': (body) => [[`X-A: ${'a'.repeat(15_000)}`, lengthOf(body)], body],
  'a length that Connection takes for its own': (body) => [
    ['Connection: content-length, x-signature', lengthOf(body)],
    body,
  ],
  'a question for leave to send': (body) => [['Expect: 100-continue', lengthOf(body)], body],
})

const UNHEARD = shapes('unheard', {
  'letters behind the body': (body) => [[lengthOf(body)], `${body}LETTERS\r\n\r\n`],
  'an empty line behind the body': (body) => [[lengthOf(body)], `${body}\r\n`],
  'half a request behind the body': (body) => [[lengthOf(body)], `${body}POST /webh`],
  '20,000 trailers': (body) => [[CHUNKED], `${chunk(body)}0\r\n${'X-A: a\r\n'.repeat(20_000)}\r\n`],
  'letters behind the last chunk': (body) => [[CHUNKED], `${chunk(body)}${LAST}LETTERS\r\n\r\n`],
})

function sizedAlone(size: (hex: string) => string): Frame {
  return (body) => [[CHUNKED], `${size(hexOf(body))}\r\n${body}\r\n${LAST}`]
}

/** Every shape, each of them known to have fooled some server or the proxy in front of one. */
export const SHAPES: readonly Shape[] = [
  ...[...LENGTHS, ...FRAMINGS, ...CHUNKS, ...SIZES],
  ...[...UNFINISHED, ...STORED, ...UNHEARD],
]
