import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { addressOf, filterQuery, readFilters } from '../../src/web/browser/filters.ts'
import { fromField, toField } from '../../src/web/browser/moment.ts'

const NONE = { q: '', from: '', to: '', since: '', until: '' }

test('reads from an address what it wrote there, whatever it is', () => {
  const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((each) => each.isWellFormed())
  const filters = fc.record({ q: text, from: text, to: text, since: text, until: text })
  fc.assert(
    fc.property(filters, fc.option(text, { nil: undefined }), (written, message) => {
      const { search } = new URL(addressOf(written, message), 'http://localhost')
      expect(readFilters(search)).toEqual(written)
      expect(new URLSearchParams(search).get('message') ?? undefined).toBe(message)
    }),
  )
})

test('leaves out of an address what is not set', () => {
  expect(addressOf(NONE)).toBe('/')
  expect(addressOf({ ...NONE, from: '+1' })).toBe('/?from=%2B1')
  expect(filterQuery(NONE).toString()).toBe('')
})

test.each(['2025-01-15T10:00:00Z', '1999-12-31T23:59:59Z', '0987-06-05T04:03:02Z'])(
  'gives back %s from a field for local times',
  (ts) => {
    expect(toField(ts)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
    expect(fromField(toField(ts))).toBe(ts)
  },
)

test.each(['', 'yesterday', '2025-13-01T00:00:00Z'])('takes %j for no time', (text) => {
  expect(toField(text)).toBe('')
  expect(fromField(text)).toBe('')
})
