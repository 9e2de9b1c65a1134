/**
 * The minified script of an entry in the folder `browser`. A macro: it runs while the module that
 * asks for it is loaded from source, or compiled into the binary, which then holds its result.
 * Bun's bundler cannot run within itself, so it is asked from outside. Throws what it complains of.
 */
export function bundle(entry: string): string {
  const path = `${import.meta.dir}/browser/${entry}`
  const options = ['--target=browser', '--format=esm', '--minify']
  const { success, stdout, stderr } = Bun.spawnSync([process.execPath, 'build', path, ...options])
  if (!success) throw new Error(`cannot bundle ${entry}: ${stderr}`)
  return stdout.toString()
}
