// Every package published to a registry on 127.0.0.1, and used from empty folders as their users would.
// `node tools/verify.mjs e2e <scenario>…` runs only the scenarios of these names, such as one-architecture.
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cleanEnvironment, Folder } from '../../e2e/folder.mjs'
import { publishWorkspace } from '../../e2e/publish.mjs'
import { startRegistry } from '../../e2e/registry.mjs'

const root = join(import.meta.dirname, '../..')
const scenarios = join(root, 'e2e/scenarios')

/** Nothing but npm and a registry is needed. */
export function missing() {
  return undefined
}

export async function run() {
  const cache = join(root, 'node_modules/.cache/convzoo/e2e')
  mkdirSync(cache, { recursive: true })
  const wanted = process.argv.slice(3)
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'convzoo-e2e-')))
  const registry = await startRegistry({ cache, folder: join(place, 'registry') })
  try {
    const env = cleanEnvironment({ registry: registry.url, cache, folder: place })
    const published = await publishWorkspace({ env })
    console.log(`published ${published.join(', ')}`)
    const context = { root, cache, registry, folder: (name) => new Folder(join(place, name), env), published }
    const names = readdirSync(scenarios).filter(
      (file) => wanted.length === 0 || wanted.includes(file.replace('.mjs', '')),
    )
    if (names.length === 0) throw new Error(`No scenario is named ${wanted.join(' or ')}.`)
    const failures = []
    for (const name of names) {
      const started = performance.now()
      const scenario = await import(pathToFileURL(join(scenarios, name)).href)
      const outcome = await scenario.run(context).then(
        () => 'ok',
        (error) => {
          failures.push(new Error(`${name}: ${scenario.title}`, { cause: error }))
          return 'FAILED'
        },
      )
      console.log(
        `${outcome.padEnd(6)} ${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${scenario.title}`,
      )
    }
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} of ${names.length} scenarios failed.`)
  } finally {
    registry.stop()
    rmSync(place, { recursive: true, force: true })
  }
}
