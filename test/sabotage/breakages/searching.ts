import { type Breakage, breakagesOf } from '../breakage.ts'

const SEARCH = ['test/sqlite/search.test.ts', 'test/sqlite/searches.test.ts']
const HARVEST = ['test/sqlite/harvest.test.ts']
const POSTINGS = ['test/sqlite/postings.test.ts']

const FINDING: Breakage[] = [
  ...breakagesOf('src/sqlite/gather.ts', SEARCH, [
    [
      'a cursor lessens the total',
      'total += found.length',
      'total += found.filter(({ ahead }) => ahead === 1).length',
    ],
    ['the page of a search ignores its offset', 'slice(offset)', 'slice(offset * 0)'],
    [
      'the first ones of a search are any',
      'a.instant < b.instant ? -this.#sign : this.#sign',
      'this.#sign',
    ],
    ['hits of one instant are in any order', 'return this.#sign * Buffer', 'return 0 * Buffer'],
  ]),
  ...breakagesOf('src/sqlite/hits.ts', SEARCH, [
    [
      'what is not indexed is not found',
      'let after = step.value; after < through',
      'let after = through; after < through',
    ],
    [
      'only the first hits are looked at',
      'at < length; at += hitMessages',
      'at < 1; at += hitMessages',
    ],
    ['a walk over many hits begins a message late', 'base + first - 1,', 'base + first,'],
  ]),
  ...breakagesOf('src/sqlite/gather.ts', SEARCH, [
    [
      'matches of a narrower search are taken for all',
      "const alone = filtersOnly(query, ['q'])",
      'const alone = true',
    ],
    ['what came after remembered matches is not found', 'known.through)', 'through)'],
  ]),
  ...breakagesOf('src/sqlite/matches.ts', SEARCH, [
    [
      'some of too many matches are taken for all',
      'seqs.length > this.#seqsMax',
      'seqs.length < 0',
    ],
  ]),
  ...breakagesOf(
    'src/sqlite/matches.ts',
    ['test/sqlite/matches.test.ts'],
    [
      ['a reader is shown matches from after its snapshot', ' || known.through > through', ''],
      ['a needle in use is forgotten', 'this.#known.set(needle, known)', 'void known'],
    ],
  ),
  ...breakagesOf('src/sqlite/search.ts', SEARCH, [
    [
      'a walk gives up where its first part has too little',
      'if (left === 0) return undefined',
      'if (left === 0) return found',
    ],
    [
      'a walk passes over one part too many',
      'if (matches <= offset)',
      'if (matches <= offset + 1n)',
    ],
  ]),
  ...breakagesOf('src/sqlite/windows.ts', SEARCH, [
    [
      'a walk forgets the rows of an edge',
      'within(rest, near.until, undefined)',
      'within(rest, near.until && near.until + 1n, undefined)',
    ],
    [
      'a walk backwards meets an edge twice',
      'within(rest, undefined, near.since)',
      'within(rest, undefined, near.since && near.since + 1n)',
    ],
  ]),
  ...breakagesOf('src/sqlite/totals.ts', SEARCH, [
    ['a total is remembered for all needles', 'until?.toString(), q])', 'until?.toString()])'],
    [
      'a remembered total is never brought up to date',
      'known.count + this.#slices',
      'known.count + 0 * this.#slices',
    ],
    [
      'what is not indexed is not counted',
      'return sum + this.#slices(',
      'return sum + 0 * this.#slices(',
    ],
    [
      'a needle in the index alone ignores other filters',
      "filtersOnly(query, ['q']) && isExact(needle)",
      'isExact(needle)',
    ],
    [
      'a long needle is believed to be where its grams are',
      "filtersOnly(query, ['q']) && isExact(needle)",
      "filtersOnly(query, ['q'])",
    ],
  ]),
]

const INDEX: Breakage[] = [
  ...breakagesOf(
    'src/sqlite/grams.ts',
    ['test/sqlite/grams.test.ts'],
    [
      [
        'the last two characters are not indexed',
        'visit(highOf(first, second), lowOf(second, 0))',
        'visit(highOf(second, 0), lowOf(0, 0))',
      ],
      ['the last character is not indexed', 'if (second > 0) visit', 'if (second < 0) visit'],
      [
        'a short needle is a whole gram',
        'to: gramOf(first, second, CODE_MAX)',
        'to: gramOf(first, second, 0)',
      ],
      ['two code points have one number', 'const CODE_BITS = 21', 'const CODE_BITS = 20'],
      ['both halves of an emoji are characters', 'at += 1\n    }', 'at += 0\n    }'],
    ],
  ),
  ...breakagesOf('src/sqlite/harvest.ts', HARVEST, [
    [
      'a text has the same gram twice',
      'if (this.#latest[gram] === text) return',
      'if (this.#latest[gram] === 0) return',
    ],
    [
      'grams with one half in common are one',
      'if (this.#halves[gram * HALVES + 1] === high && ',
      'if (',
    ],
  ]),
  ...breakagesOf('src/sqlite/blocks.ts', POSTINGS, [
    ['a long list loses a piece', 'this.#continues(high, low, 0)', '(this.#high === high)'],
    [
      'a block goes on from the last gram of the one before',
      '    this.#length = 0\n    this.#lastHigh = 0',
      '    this.#length = 0',
    ],
    ['what two lists have in common is lost', 'if (message > wanted) continue', 'break'],
    ['joined lists lose their last message', 'this.#last = first + span', 'this.#last = first'],
  ]),
  ...breakagesOf('src/sqlite/merging.ts', POSTINGS, [
    [
      'merged lists count from their old beginnings',
      'addPiece(piece, source.more)',
      'addPiece(piece, 0)',
    ],
  ]),
  ...breakagesOf(
    'src/sqlite/merging.ts',
    ['test/sqlite/merging.test.ts'],
    [
      ['a large segment is written anew for each few small ones', '>= least)', '>= 0)'],
      [
        'segments of any size are merged',
        'Math.min(size, messagesMax)',
        'Math.max(size, messagesMax)',
      ],
    ],
  ),
  ...breakagesOf('src/sqlite/segments.ts', POSTINGS, [
    ['the blocks of merged segments stay', 'db.query(blocks).run(', 'void ('],
  ]),
  ...breakagesOf('src/sqlite/postings.ts', POSTINGS, [
    [
      'the rest of a range is passed over',
      'isBeyond(segment, block, to)',
      'isBeyond(segment, block, from)',
    ],
    ['messages before those asked for are named', 'base + message > after)', 'message >= 0)'],
    ['messages after those asked for are named', 'base + message <= last)', 'message >= 0)'],
    [
      'a message is named once for each gram',
      'at > 0 && message === messages[count - 1]',
      'at < 0 && message === messages[count - 1]',
    ],
    ['messages after a piece are passed over with it', '(messages[at] ?? 0) <= end)', 'true)'],
    ['merged segments are asked for ever', 'version === this.#version', 'this.#known.length > 0'],
  ]),
  ...breakagesOf(
    'src/sqlite/indexer.ts',
    ['test/sqlite/indexing_crash.test.ts'],
    [
      [
        'the index says more than it knows',
        'this.#advance.run(last,',
        'this.#advance.run(last + 1,',
      ],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/indexer.ts',
    ['test/sqlite/verify.test.ts'],
    [['a number that is missing moves the lists', 'this.#harvest.skipTo(', 'void (']],
  ),
  ...breakagesOf(
    'src/sqlite/comparison.ts',
    ['test/sqlite/verify_search.test.ts'],
    [
      ['a message out of its segment is no difference', 'strays.add(first + message)', 'continue'],
      ['messages in no segment are no difference', 'expected !== through + 1', 'expected < 0'],
    ],
  ),
]

/** What finds messages by the characters of their texts, and keeps what it finds them by. */
export const SEARCHING_BREAKAGES: Breakage[] = [...FINDING, ...INDEX]
