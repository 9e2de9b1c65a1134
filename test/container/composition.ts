import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../bench/port.ts'
import { builderImage } from './builder.ts'
import { composeCommand, type Engine } from './engine.ts'
import { type Observer, type ObserverPorts, observerFor } from './observer.ts'
import { type Finished, finish, succeed } from './process.ts'

/** ackbox under the project's own docker-compose.yml, as a project of its own on a free port. */
export type Composition = {
  url: string
  /** Where Prometheus is, once the profile `observe` is up. */
  observerUrl: string
  secret: string
  /** The engine's volume that /data is on. */
  volume: string
  image: string
  /** Runs Compose on the project; throws with what it said when it fails. */
  compose: (...words: string[]) => Promise<string>
  /** Runs docker, whatever its exit code. */
  docker: (...words: string[]) => Promise<Finished>
  /** The id of the service's container, running or not. */
  container: () => Promise<string>
  /** Brings everything down, with its volume; a second call finds nothing left to do. */
  close: () => Promise<void>
}

type ComposeFile = { services: { ackbox: Record<string, unknown>; prometheus: Observer } }

const IMAGE = 'ackbox-test'

/** Makes the composition ready to be built; nothing runs yet. */
export async function openComposition(root: string, engine: Engine): Promise<Composition> {
  const folder = await mkdtemp(join(tmpdir(), 'ackbox-container-'))
  const ports = { service: freePort(), observer: freePort() }
  const project = `ackboxtest${ports.service}`
  const [secret, token] = [crypto.randomUUID(), crypto.randomUUID()]
  const settings = { WEBHOOK_SECRET: secret, METRICS_TOKEN: token }
  const env = { ...engine.env, ...settings, PORT: String(ports.service) }
  const file = join(folder, 'docker-compose.json')
  await Bun.write(file, await composeFile(root, folder, engine, ports))
  const words = [...(await composeCommand(engine)), '--project-name', project, '--file', file]
  const compose = (...more: string[]) => succeed([...words, ...more], { cwd: root, env })
  return {
    url: `http://127.0.0.1:${ports.service}`,
    observerUrl: `http://127.0.0.1:${ports.observer}`,
    secret,
    volume: `${project}_data`,
    image: IMAGE,
    compose,
    docker: (...more) => finish(['docker', ...more], { env }),
    // `ps --quiet` leaves stopped containers out in one of the two Composes, the label does not.
    container: async () => {
      const filters = [`project=${project}`, 'service=ackbox'].map(
        (label) => `--filter=label=com.docker.compose.${label}`,
      )
      return (await succeed(['docker', 'ps', '--all', '--quiet', ...filters], { env })).trim()
    },
    close: async () => {
      if (!existsSync(file)) return
      await compose('--profile', 'observe', 'down', '--volumes', '--timeout', '15')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/**
 * The project's compose file with as little changed as this engine allows. Compose v1 refuses
 * published ports on the host's network and no override can take them away, so a whole file is
 * written; JSON is YAML.
 */
async function composeFile(
  root: string,
  folder: string,
  engine: Engine,
  ports: ObserverPorts,
): Promise<string> {
  const text = await Bun.file(join(root, 'docker-compose.yml')).text()
  const file = Bun.YAML.parse(text) as ComposeFile
  const service = file.services.ackbox
  const args = { BUN_IMAGE: await builderImage(root, folder, engine) }
  service.image = IMAGE
  service.build = { context: root, args }
  if (engine.hostNetwork) {
    delete service.ports
    service.build = { context: root, args, network: 'host' }
    service.network_mode = 'host'
    service.environment = { ...(service.environment as object), PORT: String(ports.service) }
  }
  const prometheus = await observerFor(file.services.prometheus, root, folder, engine, ports)
  return JSON.stringify({ ...file, services: { ackbox: service, prometheus } }, null, 2)
}
