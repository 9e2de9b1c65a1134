import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builderImage } from './builder.ts'
import { composeCommand, type Engine } from './engine.ts'
import { type Finished, finish, succeed } from './process.ts'

/** ackbox under the project's own docker-compose.yml, as a project of its own on a free port. */
export type Composition = {
  url: string
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

type ComposeFile = { services: { ackbox: Record<string, unknown> } }

const IMAGE = 'ackbox-test'

/** Makes the composition ready to be built; nothing runs yet. */
export async function openComposition(root: string, engine: Engine): Promise<Composition> {
  const folder = await mkdtemp(join(tmpdir(), 'ackbox-container-'))
  const port = freePort()
  const project = `ackboxtest${port}`
  const secret = crypto.randomUUID()
  const env = { ...engine.env, PORT: String(port), WEBHOOK_SECRET: secret }
  const file = join(folder, 'docker-compose.json')
  await Bun.write(file, await composeFile(root, folder, engine, port))
  const words = [...(await composeCommand(engine)), '--project-name', project, '--file', file]
  const compose = (...more: string[]) => succeed([...words, ...more], { cwd: root, env })
  return {
    url: `http://127.0.0.1:${port}`,
    secret,
    volume: `${project}_data`,
    image: IMAGE,
    compose,
    docker: (...more) => finish(['docker', ...more], { env }),
    // `ps --quiet` leaves stopped containers out in one of the two Composes, the label does not.
    container: async () => {
      const label = `label=com.docker.compose.project=${project}`
      return (
        await succeed(['docker', 'ps', '--all', '--quiet', '--filter', label], { env })
      ).trim()
    },
    close: async () => {
      if (!existsSync(file)) return
      await compose('down', '--volumes', '--timeout', '15')
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
  port: number,
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
    service.environment = { ...(service.environment as object), PORT: String(port) }
  }
  // What observes it is no part of what is proved here.
  return JSON.stringify({ ...file, services: { ackbox: service } }, null, 2)
}

function freePort(): number {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() })
  const port = server.port
  server.stop(true)
  if (port === undefined) throw new Error('the system gave no free port')
  return port
}
