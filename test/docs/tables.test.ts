import { expect, test } from 'bun:test'
import { SETTINGS } from '../../src/config.ts'
import { openRoutes } from '../../src/http/app.ts'
import { ROUTES, routeFinder } from '../../src/http/routes.ts'
import { SERVICE_METRICS } from '../../src/metrics/service.ts'
import { REJECTIONS, RESULTS } from '../../src/outcome.ts'
import { CHECKS } from '../../src/sqlite/verify.ts'
import { ALERTS } from '../deploy/observed.ts'
import { readDocument, tableRows } from './document.ts'

const README = readDocument('README.md')
const API = readDocument('docs/api.md')

const code = (text: string) => `\`${text}\``

/** The app's own routes as `METHOD /template`; none is called, so none needs what it serves. */
function routes(): string[] {
  const app = openRoutes({} as Parameters<typeof openRoutes>[0])
  const findRoute = routeFinder(app.routes)
  return app.routes.map(({ method, path }) => `${method} ${findRoute(path)?.template}`)
}

test('the settings table of the README is SETTINGS', () => {
  const settings = Object.entries<{ default?: string; help: string }>(SETTINGS)
  const expected = settings.map(([name, setting]) => {
    const missing = `required, or ${code(`${name}_FILE`)}`
    const unset = `none, or from ${code(`${name}_FILE`)}`
    const text = setting.default === '' ? unset : code(setting.default ?? '')
    return [code(name), setting.default === undefined ? missing : text, setting.help]
  })
  expect(tableRows(README, ['variable', 'default', 'meaning'])).toEqual(expected)
})

test('every setting without a default is a secret, as the README has it', () => {
  const settings = Object.values<{ default?: string; secret?: true }>(SETTINGS)
  const required = settings.filter((setting) => setting.default === undefined)
  expect(required.map(({ secret }) => secret)).toEqual([true])
})

test('the router has the routes that its door knows, in the same order', () => {
  const app = openRoutes({} as Parameters<typeof openRoutes>[0])
  const list = app.routes.map(({ method, path }) => ({ method, path }))
  expect(list).toEqual([...ROUTES])
})

test('the endpoint table of the README is the list of routes', () => {
  const rows = tableRows(README, ['endpoint', 'what it does'])
  expect(rows.map(([endpoint]) => endpoint)).toEqual(routes().map(code))
  expect(rows.filter(([, meaning]) => !meaning)).toEqual([])
})

test('docs/api.md has a chapter on each route, in their order', () => {
  const chapters = API.text.matchAll(/^## (.+)$/gm)
  const named = [...chapters].flatMap(([, heading = '']) => heading.split(', '))
  expect(named).toEqual(routes())
})

test('the rejection table of docs/api.md is REJECTIONS', () => {
  const expected = Object.entries(REJECTIONS).map(([result, { status, detail, meaning }]) => {
    // Its answer lists the faults themselves in the place of the table's words.
    const shown = result === 'validation_error' ? 'a list of faults' : code(detail)
    return [String(status), code(result), shown, meaning]
  })
  const rows = tableRows(API, ['status', 'result', 'detail', 'meaning'])
  expect(rows.filter(([status]) => status !== '200')).toEqual(expected)
})

test('the same table has a row for each result that a delivery can have', () => {
  const rows = tableRows(API, ['status', 'result', 'detail', 'meaning'])
  expect(rows.map(([, result]) => result).sort()).toEqual(RESULTS.map(code).sort())
})

test('the alert table of docs/operations.md is the list of alerts', () => {
  const rows = tableRows(readDocument('docs/operations.md'), ['alert', 'when'])
  expect(rows.map(([name]) => name)).toEqual(ALERTS.map(({ alert }) => code(alert)))
})

test('the metrics table of docs/operations.md is SERVICE_METRICS', () => {
  const expected = Object.values(SERVICE_METRICS).map(({ name, labels, kind, help }) => {
    const shown = labels.length === 0 ? name : `${name}{${labels.join(',')}}`
    return [code(shown), `${kind}: ${help}`]
  })
  expect(tableRows(readDocument('docs/operations.md'), ['metric', 'meaning'])).toEqual(expected)
})

test('the table of checks of docs/operations.md is CHECKS', () => {
  const rows = tableRows(readDocument('docs/operations.md'), ['check', 'what it compares'])
  expect(rows.map(([check]) => check)).toEqual(Object.keys(CHECKS).map(code))
  expect(rows.filter(([, meaning]) => !meaning)).toEqual([])
})
