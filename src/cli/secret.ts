import { readFile } from 'node:fs/promises'
import type { Io } from './io.ts'

type SecretOptions = { secret: string | undefined; 'secret-file': string | undefined }

/**
 * Finds the signing secret: `--secret`, `--secret-file`, then the environment's variable `name`
 * with _FILE behind it, and that variable itself. One newline at the end of a file is not part of
 * the secret, since editors and `echo` leave one. Returns `{ problem }` when there is none or it
 * is empty.
 */
export async function findSecret(
  options: SecretOptions,
  env: Io['env'],
  name: 'WEBHOOK_SECRET' | 'WHATSAPP_APP_SECRET' = 'WEBHOOK_SECRET',
): Promise<{ secret: string } | { problem: string }> {
  if (options.secret !== undefined && options['secret-file'] !== undefined) {
    return { problem: 'give --secret or --secret-file, not both' }
  }
  if (options.secret !== undefined) return refuseEmpty(options.secret, '--secret')
  const path = options['secret-file'] ?? env[`${name}_FILE`]
  if (path !== undefined && path !== '') return await readSecret(path)
  const secret = env[name]
  if (secret !== undefined) return refuseEmpty(secret, name)
  return { problem: `no secret to sign with: set ${name} or give --secret-file` }
}

/** Finds the secret before, where there is one, in the same places. */
export async function findPrevious(
  option: string | undefined,
  env: Io['env'],
): Promise<{ secret: string } | { problem: string } | undefined> {
  const secret = option ?? env.WEBHOOK_SECRET_PREVIOUS
  const path = env.WEBHOOK_SECRET_PREVIOUS_FILE
  if (option === undefined && path !== undefined && path !== '') return await readSecret(path)
  return secret === undefined || secret === '' ? undefined : { secret }
}

async function readSecret(path: string): Promise<{ secret: string } | { problem: string }> {
  try {
    const text = await readFile(path, 'utf8')
    return refuseEmpty(text.replace(/\r?\n$/, ''), path)
  } catch (error) {
    return { problem: `cannot read the secret: ${error instanceof Error ? error.message : error}` }
  }
}

function refuseEmpty(secret: string, source: string): { secret: string } | { problem: string } {
  return secret === '' ? { problem: `the secret of ${source} is empty` } : { secret }
}
