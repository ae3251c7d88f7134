import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const version = '6.8.0'

/** Verdaccio is 327 packages: it is installed here, for this suite alone, and stays out of the workspace. */
function install(cache) {
  const folder = join(cache, `verdaccio-${version}`)
  const program = join(folder, 'node_modules/verdaccio/bin/verdaccio')
  if (existsSync(program)) return program
  mkdirSync(folder, { recursive: true })
  // A dependency of it asks for node-fetch by a tag, which not every registry serves.
  const manifest = { private: true, dependencies: { verdaccio: version }, overrides: { 'node-fetch': '2.7.0' } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  const { status, stdout, stderr } = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`Verdaccio could not be installed:\n${stdout}${stderr}`)
  return program
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

/** The registry that this machine's npm uses: what the local one does not have comes from there. */
function upstream() {
  const { stdout } = spawnSync('npm', ['config', 'get', 'registry'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  return stdout.trim()
}

/**
 * Starts an npm registry on 127.0.0.1 that starts out empty. Names of this suite are never asked for elsewhere; all others are
 * fetched from the registry of this machine.
 */
export async function startRegistry({ cache, folder }) {
  const program = install(cache)
  const port = await freePort()
  const own = { access: '$all', publish: '$all', unpublish: '$all' }
  const names = ['@convzoo/*', '@convzoo-examples/*', '@someone/*', 'convzoo', 'convzoo-*', 'create-convzoo-*']
  // JSON is YAML.
  const config = {
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd'), max_users: -1 } },
    uplinks: { upstream: { url: upstream(), cache: false, timeout: '120s', maxage: '60m' } },
    packages: {
      ...Object.fromEntries(names.map((name) => [name, own])),
      '**': { access: '$all', proxy: 'upstream' },
    },
    max_body_size: '100mb',
    log: { type: 'stdout', format: 'pretty', level: 'error' },
  }
  mkdirSync(folder, { recursive: true })
  const configFile = join(folder, 'config.yaml')
  writeFileSync(configFile, JSON.stringify(config))
  const server = spawn(process.execPath, [program, '--config', configFile, '--listen', `127.0.0.1:${port}`], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => (said += text))
  const url = `http://127.0.0.1:${port}/`
  for (const deadline = Date.now() + 60_000; ; await wait(200)) {
    if (server.exitCode !== null || Date.now() > deadline) throw new Error(`Verdaccio does not answer:\n${said}`)
    if (
      await fetch(`${url}-/ping`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      break
  }
  return { url, stop: () => server.kill(), said: () => said }
}
