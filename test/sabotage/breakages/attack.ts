import { type Breakage, breakagesOf } from '../breakage.ts'

const FUZZ = ['test/prove/fuzz.test.ts']
const HOSTILE = ['test/prove/hostile.test.ts']

/** What the attacks of `make prove` must notice in their short forms. */
export const ATTACK_BREAKAGES: Breakage[] = [
  ...breakagesOf('src/parameters.ts', FUZZ, [
    ['a fraction is taken for an integer', '/^[0-9]+$/.test', '/^[0-9.]+$/.test'],
    ['a wrong word is said again', "words.join(', ')}`", "words.join(', ')} ` + text"],
  ]),
  ...breakagesOf('src/http/observe.ts', FUZZ, [
    [
      'the query of a request is logged',
      'method,\n      path,',
      'method,\n      path: request.url,',
    ],
  ]),
  ...breakagesOf('src/http/body.ts', HOSTILE, [
    [
      'the room of a body that breaks off is not given back',
      'return await request.bytes()',
      'return await request.bytes().catch((e) => (bodyBudget.take(0, size), Promise.reject(e)))',
    ],
  ]),
]
