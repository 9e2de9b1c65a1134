import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from './engine.ts'
import { finish, succeed } from './process.ts'

const REGISTRY_DEFAULT = 'https://registry.npmjs.org/'

/**
 * The image that the Dockerfile's first stage starts from. Where this machine reaches npm through
 * a certificate authority or a registry of its own, that is an image made here from the
 * Dockerfile's default plus those two settings, as an operator behind a proxy would make it.
 */
export async function builderImage(root: string, folder: string, engine: Engine): Promise<string> {
  const image = await defaultImage(root)
  const authority = process.env.NODE_EXTRA_CA_CERTS ?? (await npmSetting('cafile'))
  const registry = (await npmSetting('registry')) ?? REGISTRY_DEFAULT
  if (authority === undefined && registry === REGISTRY_DEFAULT) return image

  const lines = [`FROM ${image}`]
  const context = join(folder, 'builder')
  await mkdir(context)
  if (authority !== undefined) {
    await copyFile(authority, join(context, 'authority.pem'))
    lines.push('COPY authority.pem /etc/authority.pem')
    lines.push('ENV NODE_EXTRA_CA_CERTS=/etc/authority.pem')
  }
  if (registry !== REGISTRY_DEFAULT) lines.push(`ENV NPM_CONFIG_REGISTRY=${registry}`)
  await Bun.write(join(context, 'Dockerfile'), `${lines.join('\n')}\n`)
  await succeed(['docker', 'build', '--tag', 'ackbox-test-builder', context], { env: engine.env })
  return 'ackbox-test-builder'
}

async function defaultImage(root: string): Promise<string> {
  const dockerfile = await Bun.file(join(root, 'Dockerfile')).text()
  const image = /^ARG BUN_IMAGE=(\S+)$/m.exec(dockerfile)?.[1]
  if (image === undefined) throw new Error('the Dockerfile has no line ARG BUN_IMAGE=...')
  return image
}

async function npmSetting(name: string): Promise<string | undefined> {
  const value = (await finish(['npm', 'config', 'get', name])).stdout.trim()
  return value === '' || value === 'null' || value === 'undefined' ? undefined : value
}
