import assert from 'node:assert/strict'
import { get, waitUntil } from './client.ts'
import type { Composition } from './composition.ts'

/** What Prometheus's API answers to a query or to a question for its rules. */
interface Answer {
  data: {
    result: { value: [time: number, text: string] }[]
    groups: { rules: { name: string; health: string }[] }[]
  }
}

/** Starts what the profile adds, waits for its first scrape of the service, and takes it away. */
export async function isObserved(box: Composition, stored: number): Promise<void> {
  const observe = (...words: string[]) => box.compose('--profile', 'observe', ...words)
  await observe('up', '--detach', 'prometheus')
  const ask = (path: string) => get<Answer>(box.observerUrl, `/api/v1/${path}`)
  const numberOf = async (expression: string) =>
    (await ask(`query?query=${expression}`)).data.result[0]?.value[1]
  await waitUntil('Prometheus has scraped the service', 60, async () => {
    return (await numberOf('up')) === '1'
  })
  assert.equal(await numberOf('ackbox_stored_messages'), String(stored))
  const { groups } = (await ask('rules')).data
  const rules = groups.flatMap((group) => group.rules)
  assert.ok(rules.length > 0, 'it has the alerts')
  assert.deepEqual(
    rules.filter(({ health }) => health === 'err'),
    [],
  )
  await observe('rm', '--force', '--stop', 'prometheus')
}
