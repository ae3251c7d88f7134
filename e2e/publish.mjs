import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { execute } from './folder.mjs'

const root = join(import.meta.dirname, '..')

const run = async (program, parameters, options) => {
  const { status, stdout, stderr } = await execute(program, parameters, options)
  if (status !== 0) throw new Error(`${[program, ...parameters].join(' ')} ended with ${status}:\n${stdout}${stderr}`)
  return stdout
}

/** Builds and publishes every package of the workspace, as a release would. Gives their names. */
export async function publishWorkspace({ env }) {
  const built = spawnSync('npx', ['--yes', 'pnpm@10.34.9', 'turbo', 'run', 'build', '--output-logs=errors-only'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (built.status !== 0) throw new Error(`The build failed:\n${built.stdout}${built.stderr}`)
  const reported = await run('npx', ['pnpm@10.34.9', '-r', 'publish', '--no-git-checks', '--access', 'public'], {
    cwd: root,
    env: { ...env, npm_config_verify_deps_before_run: 'false' },
  })
  return [...reported.matchAll(/^\+ (.+)@\d/gm)].map(([, name]) => name)
}

/** Publishes a folder with `npm publish`, after `change` has been at its package.json. */
export async function publishFolder(folder, change = (manifest) => manifest) {
  const manifest = change(JSON.parse(folder.read('package.json')))
  folder.write('package.json', manifest)
  await folder.npm('publish', '--access', 'public')
  return manifest
}

/** Takes a published package apart into a folder, to publish it again changed. */
export async function unpackPublished(folder, name) {
  const [{ filename }] = JSON.parse((await folder.npm('pack', name, '--json')).stdout)
  await folder.run('tar', '-xzf', filename)
  return folder.inside('package')
}
