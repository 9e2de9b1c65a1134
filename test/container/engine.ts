import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { finish, succeed } from './process.ts'

/**
 * A container engine that answers. `env` is what its clients need; `hostNetwork` says that it has
 * no network of its own, so builds and containers share the host's.
 */
export type Engine = {
  env: Record<string, string>
  hostNetwork: boolean
  close: () => Promise<void>
}

/**
 * The machine's own engine; else one brought up by the container lab beside the checkout, which
 * `close` takes down again. Throws one plain line when there is neither.
 */
export async function openEngine(root: string): Promise<Engine> {
  if ((await finish(['docker', 'version'])).code === 0) {
    return { env: {}, hostNetwork: false, close: async () => {} }
  }
  const lab = join(root, '../shared/tools/container-lab')
  if (!existsSync(lab)) {
    throw new Error('no container engine answers `docker version`: start Docker, then try again')
  }
  // Somebody else's running lab is used, and left running.
  const wasUp = (await finish([lab, 'status'])).code === 0
  const exports = await succeed([lab, 'up'], { show: true })
  const host = /^export DOCKER_HOST=(\S+)$/m.exec(exports)?.[1]
  if (host === undefined) throw new Error(`${lab} up named no DOCKER_HOST`)
  return {
    env: { DOCKER_HOST: host },
    hostNetwork: true,
    close: async () => {
      if (!wasUp) await finish([lab, 'down'])
    },
  }
}

/** The words that call Compose here: the engine's plugin, else the older program of its own. */
export async function composeCommand(engine: Engine): Promise<string[]> {
  const plugin = await finish(['docker', 'compose', 'version'], { env: engine.env })
  return plugin.code === 0 ? ['docker', 'compose'] : ['docker-compose']
}
