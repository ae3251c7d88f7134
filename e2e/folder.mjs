import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * The environment of someone who has nothing but npm and a registry: no settings of the user, of this repository or of the pnpm that
 * runs this suite.
 */
export function cleanEnvironment({ registry, cache, folder }) {
  const foreign = /^(?:npm_|pnpm_|yarn_|convzoo_|init_cwd$|node_options$|node_path$|onnxruntime_node_install$)/i
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name))
  const settings = join(folder, 'npmrc')
  writeFileSync(settings, `registry=${registry}\n${registry.replace('http:', '')}:_authToken=anyone\n`)
  const own = {
    CI: 'true',
    NO_COLOR: '1',
    npm_config_userconfig: settings,
    npm_config_globalconfig: join(folder, 'no-global-npmrc'),
    npm_config_registry: registry,
    npm_config_cache: join(cache, 'npm'),
    npm_config_cache_dir: join(cache, 'pnpm-cache'),
    npm_config_store_dir: join(cache, 'pnpm-store'),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    npm_config_yes: 'true',
    YARN_CACHE_FOLDER: join(cache, 'yarn'),
  }
  return { ...Object.fromEntries(kept), ...own }
}

/** Runs a program to its end. */
export function execute(program, parameters, { cwd, env, input }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { cwd, env, shell: process.platform === 'win32' })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (text) => (stdout += text))
    child.stderr.on('data', (text) => (stderr += text))
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, stdout, stderr }))
    child.stdin.end(input ?? '')
  })
}

/** An empty folder to install things in, and commands to run there. */
export class Folder {
  constructor(path, env) {
    this.path = path
    this.env = env
    mkdirSync(path, { recursive: true })
  }

  /** The same folder with more in its environment. */
  with(more) {
    return new Folder(this.path, { ...this.env, ...more })
  }

  inside(name) {
    return new Folder(join(this.path, name), this.env)
  }

  write(name, text) {
    const path = join(this.path, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, typeof text === 'string' ? text : `${JSON.stringify(text, null, 2)}\n`)
  }

  read(name) {
    return readFileSync(join(this.path, name), 'utf8')
  }

  /** The names of all packages that are installed here, by npm or by pnpm. */
  installed() {
    const modules = join(this.path, 'node_modules')
    const store = join(modules, '.pnpm')
    const places = existsSync(store) ? readdirSync(store).map((name) => join(store, name, 'node_modules')) : [modules]
    const names = places
      .filter(existsSync)
      .flatMap((place) =>
        readdirSync(place).flatMap((name) =>
          name.startsWith('@') ? readdirSync(join(place, name)).map((inner) => `${name}/${inner}`) : [name],
        ),
      )
    return [...new Set(names)].filter((name) => !name.startsWith('.')).sort()
  }

  /** Runs a command whatever comes of it. */
  try(program, ...parameters) {
    return execute(program, parameters, { cwd: this.path, env: this.env })
  }

  /** Runs a command that must succeed. */
  async run(program, ...parameters) {
    const result = await this.try(program, ...parameters)
    if (result.status === 0) return result
    throw new Error(
      `${[program, ...parameters].join(' ')} ended with ${result.status} in ${this.path}:\n${result.stdout}${result.stderr}`,
    )
  }

  npm(...parameters) {
    return this.run('npm', ...parameters)
  }

  pnpm(...parameters) {
    return this.run('npx', 'pnpm@10.34.9', ...parameters)
  }

  /** The yarn that many still have: unlike the others, it refuses a package whose `engines` leave out the Node.js that it runs on. */
  yarn(...parameters) {
    return this.run('npx', 'yarn@1.22.22', ...parameters, '--non-interactive')
  }

  node(...parameters) {
    return this.run(process.execPath, ...parameters)
  }

  /** The command line that is installed in this folder. */
  convzoo(...parameters) {
    return this.run(process.execPath, 'node_modules/convzoo/dist/cli.js', ...parameters)
  }
}
