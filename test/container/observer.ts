import { copyFile, cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from './engine.ts'
import { finish, succeed } from './process.ts'

/** The service of Prometheus as the compose file has it. */
export type Observer = Record<string, unknown> & {
  image: string
  volumes: string[]
  entrypoint: [shell: string, flag: string, script: string]
}

/** Where Prometheus is found, and whom it scrapes, where it shares the host's network. */
export interface ObserverPorts {
  readonly observer: number
  readonly service: number
}

const CONFIG_MOUNT = './deploy/prometheus:'

/**
 * The image of the compose file where it can be had. On an engine that can pull none it is made
 * here from this machine's own Prometheus, under the same name and run as the same user.
 */
async function makeImage({ image }: Observer, folder: string, { env }: Engine): Promise<void> {
  const there = await finish(['docker', 'image', 'inspect', image], { env })
  if (there.code === 0) return
  const program = Bun.which('prometheus')
  if (program === null) throw new Error('prometheus is missing: apt-get install prometheus')
  const context = join(folder, 'prometheus-image')
  await mkdir(context)
  await copyFile(program, join(context, 'prometheus'))
  const lines = [
    'FROM debian:bookworm-slim',
    'COPY prometheus /bin/prometheus',
    'RUN mkdir /prometheus && chown nobody /prometheus',
    'USER nobody',
  ]
  await Bun.write(join(context, 'Dockerfile'), `${lines.join('\n')}\n`)
  await succeed(['docker', 'build', '--tag', image, context], { env })
}

/** The service of Prometheus with as little changed as this engine allows. */
export async function observerFor(
  service: Observer,
  root: string,
  folder: string,
  engine: Engine,
  ports: ObserverPorts,
): Promise<object> {
  const deployed = join(root, CONFIG_MOUNT.slice(0, -1))
  const mount = (from: string) =>
    service.volumes.map((volume) => volume.replace(CONFIG_MOUNT, `${from}:`))
  if (!engine.hostNetwork) {
    return { ...service, volumes: mount(deployed), ports: [`127.0.0.1:${ports.observer}:9090`] }
  }
  await makeImage(service, folder, engine)
  const copy = join(folder, 'prometheus')
  await cp(deployed, copy, { recursive: true })
  const path = join(copy, 'prometheus.yml')
  const config = await Bun.file(path).text()
  await Bun.write(path, config.replace('ackbox:8000', `127.0.0.1:${ports.service}`))
  const listen = `--web.listen-address=127.0.0.1:${ports.observer}`
  const { ports: _, entrypoint, ...rest } = service
  const [shell, flag, script] = entrypoint
  return {
    ...rest,
    volumes: mount(copy),
    entrypoint: [shell, flag, `${script} ${listen}`],
    network_mode: 'host',
  }
}
