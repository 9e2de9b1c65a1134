import { type Breakage, breakagesOf } from '../breakage.ts'

const EXPLAIN = ['test/cli/explain.test.ts']

/** The record of refusals, and what is said of them. */
export const REFUSAL_BREAKAGES: Breakage[] = [
  ...breakagesOf(
    'src/refusals.ts',
    ['test/refusals.test.ts'],
    [
      ['refusals are remembered without end', '(this.#next + 1) % REFUSALS_MAX', 'this.#next + 1'],
      ['a flood of large bodies is hashed', 'this.#hashedBytes <= HASHED_BYTES_MAX', 'bytes >= 0'],
      ['refused bodies are always kept', 'this.#options.keepsBodies ?', 'this.#options ?'],
      ['a refused body is kept whole', 'body?.subarray(0, KEPT_BYTES_MAX)', 'body'],
      ['the values of refused headers are kept', '...headers.keys()', '...headers.values()'],
    ],
  ),
  ...breakagesOf(
    'src/http/webhook.ts',
    ['test/http/refusals.test.ts'],
    [
      [
        'what was taken counts as refused',
        'if (outcome instanceof Rejection) remember(',
        'remember(',
      ],
    ],
  ),
  ...breakagesOf('src/signature/explain.ts', EXPLAIN, [
    [
      'explain goes by the first header',
      'name === signer.scheme',
      'delivery.headers.has(headers[0])',
    ],
    ['explain looks at every signature', 'entries.slice(0, SIGNATURES_MAX)', 'entries'],
    ['explain calls all valid', '!(verdict instanceof Rejection)', 'true'],
    ['explain does not know the previous secret', "of('previous', previous)", '[]'],
  ]),
  ...breakagesOf('src/cli/explain.ts', EXPLAIN, [
    ['explain always exits with 0', 'return explanation.valid ? 0 : 1', 'return 0'],
  ]),
]
