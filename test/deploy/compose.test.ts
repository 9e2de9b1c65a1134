import { expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FOLDER } from './observed.ts'

const ROOT = join(FOLDER, '..')

interface ComposeService {
  readonly image: string
  readonly profiles?: readonly string[]
  readonly entrypoint?: readonly string[]
  readonly volumes: readonly string[]
  readonly ports: readonly string[]
}

const compose = Bun.YAML.parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8')) as {
  services: Record<string, ComposeService>
}

const { ackbox, ...observers } = compose.services

test('Compose starts ackbox alone, and with the profile observe all three', () => {
  expect(ackbox?.profiles).toBeUndefined()
  expect(Object.keys(observers)).toEqual(['prometheus', 'grafana'])
  for (const { profiles } of Object.values(observers)) expect(profiles).toEqual(['observe'])
})

test('what is observed is shown to this machine alone, by images of a fixed version', () => {
  for (const { ports, image } of Object.values(observers)) {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
    expect(image).toMatch(/:v?[0-9]+\.[0-9]+\.[0-9]+$/)
  }
})

test('every folder that is mounted is there', () => {
  const sources = Object.values(observers)
    .flatMap(({ volumes }) => volumes.map((volume) => volume.split(':')[0] ?? ''))
    .filter((source) => source.startsWith('.'))
  expect(sources.length).toBe(3)
  expect(sources.filter((source) => !existsSync(join(ROOT, source)))).toEqual([])
})

test('Prometheus finds the token where Compose puts it, and Grafana its dashboard', () => {
  const config = readFileSync(join(FOLDER, 'prometheus/prometheus.yml'), 'utf8')
  const path = /credentials_file: (\S+)/.exec(config)?.[1]
  expect(observers.prometheus?.entrypoint?.join(' ')).toContain(`> ${path} `)
  const provider = readFileSync(join(FOLDER, 'grafana/provisioning/dashboards/ackbox.yml'), 'utf8')
  const folder = /path: (\S+)/.exec(provider)?.[1]
  expect(observers.grafana?.volumes.join(' ')).toContain(`dashboards:${folder}:ro`)
  const datasource = 'grafana/provisioning/datasources/prometheus.yml'
  const uid = /uid: (\S+)/.exec(readFileSync(join(FOLDER, datasource), 'utf8'))?.[1]
  const dashboard = readFileSync(join(FOLDER, 'grafana/dashboards/ackbox.json'), 'utf8')
  const used = new Set([...dashboard.matchAll(/"uid": "(\w+)"/g)].map(([, name]) => name))
  expect([...used].toSorted()).toEqual(['ackbox', uid])
})
