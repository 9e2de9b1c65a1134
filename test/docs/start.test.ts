import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartRefused } from '../../src/start_refused.ts'
import { openFolder } from '../support/folder.ts'
import { ROOT, readDocument, tableRows } from './document.ts'
import { OBSTACLES } from './refusals.ts'

/** The line that an obstacle really brings; throws when the service would start all the same. */
async function lineOf({ name, meet }: (typeof OBSTACLES)[number]): Promise<string> {
  using folder = openFolder()
  try {
    await meet(folder)
  } catch (error) {
    if (error instanceof StartRefused) return error.message
    throw error
  }
  throw new Error(`${name} does not keep the service from starting`)
}

const literally = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A line of the page: `...` stands for any words, N and M for numbers. */
function formOfRow([line = '']: string[]): RegExp {
  const words = line.replaceAll('`', '').split('...').map(literally)
  return new RegExp(`^${words.join('.+').replaceAll(/\b[NM]\b/g, '[0-9]+')}$`)
}

/** Each message that the source can refuse a start with, as a form. */
function formsInSource(): RegExp[] {
  const files = new Bun.Glob('src/**/*.ts').scanSync(ROOT)
  const text = [...files].map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n')
  const found = text.matchAll(/new (?:StartRefused|Unfit)\(\s*(['`])(.*?)\1,?\s*\)/gs)
  return [...found].map(([, , message = '']) => {
    const words = message.split(/\$\{[^}]*\}/).map(literally)
    // The name of the setting comes before what is wrong with it.
    return new RegExp(`^([A-Z_]+ )?${words.join('.+')}$`)
  })
}

const lines = await Promise.all(OBSTACLES.map(lineOf))
const rows = tableRows(readDocument('docs/operations.md'), ['line', 'what to do'])

describe('the start table of docs/operations.md', () => {
  test('describes each line that really keeps the service from starting', () => {
    const forms = rows.map(formOfRow)
    expect(lines.filter((line) => !forms.some((form) => form.test(line)))).toEqual([])
  })

  test('has no row for a line that never comes', () => {
    const idle = rows.filter((row) => !lines.some((line) => formOfRow(row).test(line)))
    expect(idle).toEqual([])
  })

  test('says in each row what to do', () => {
    expect(rows.filter(([, advice]) => !advice)).toEqual([])
  })
})

test('the list of obstacles brings every refusal that the source can make', () => {
  const forms = formsInSource()
  expect(forms.length).toBeGreaterThan(10)
  expect(forms.filter((form) => !lines.some((line) => form.test(line)))).toEqual([])
})

test('every refusal of a start is one line', () => {
  expect(lines.filter((line) => line.includes('\n'))).toEqual([])
})
