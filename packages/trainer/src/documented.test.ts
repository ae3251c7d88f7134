import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const own = fileURLToPath(new URL('..', import.meta.url))
const guide = fileURLToPath(new URL('../../../docs/guides/callback.md', import.meta.url))

/** Blocks of TypeScript that begin with a comment, by what that says. */
function blocksOf(page: string): ReadonlyMap<string, string> {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/^```ts\n\/\/ ([^\n]+)\n(.*?)^```$/gms)]
  return new Map(blocks.map(([, title = '', code = '']) => [title, code]))
}

let folder = ''
let written = ''
beforeAll(() => {
  mkdirSync(join(own, '.vitest'), { recursive: true })
  folder = mkdtempSync(join(own, '.vitest', 'documented-'))
  written = mkdtempSync(join(tmpdir(), 'convzoo-documented-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  rmSync(written, { recursive: true, force: true })
})

/** Runs a block of the README, which is given what it names, and gives what it has made. */
async function run(title: string, made: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const code = blocksOf(join(own, 'README.md')).get(title) ?? ''
  const file = join(folder, `${title.replaceAll(' ', '-')}.ts`)
  const given = [
    "import * as given from '../../src/testing/brighter.js'",
    "import { interpreterEngine } from '@convzoo/core/engine'",
    `const [engine, model, path] = [interpreterEngine(), given.network(), ${JSON.stringify(join(written, 'best.safetensors'))}]`,
    'const [optimizer, dataset, validation, test] = [given.optimizer(), given.dataset(), given.dataset(4), given.dataset()]',
  ]
  const shown = code.replaceAll("'@convzoo/trainer'", "'../../src/index.js'")
  writeFileSync(file, [...given, shown, `export { ${made.join(', ')} }`].join('\n'))
  return import(pathToFileURL(file).href)
}

describe('the README', () => {
  it('stops early as it says', async () => {
    const { stopped } = await run('early stopping', ['stopped'])
    expect(stopped).toMatch(/^validation\.loss has not been lower than [\d.e-]+, of epoch \d+, for 3 epochs$/)
  })

  it('lets weights learn and classes count otherwise as it says', async () => {
    const { trainer } = await run('groups and classes', ['trainer'])
    expect(trainer).toMatchObject({ position: { step: 15, epoch: 5 } })
  })

  it('trains in parts and evaluates averages as it says', async () => {
    const { averaged } = await run('averages and parts', ['averaged'])
    expect(averaged).toMatchObject({ samples: 10, top1: expect.any(Number) })
  })
})

describe('the README on metrics', () => {
  it('measures as it says', async () => {
    const { metrics } = await run('metrics', ['metrics'])
    expect(metrics).toEqual({
      top3: 1,
      calibrationError: expect.any(Number),
      confidence: expect.any(Number),
    })
  })
})

describe('the guide to callbacks', () => {
  it('shows a definition, and a test of it that holds', async () => {
    const files = blocksOf(guide)
    expect([...files.keys()]).toEqual(['src/target.ts', 'src/program.test.ts'])
    for (const [path, code] of files) {
      const importing = code
        .replaceAll("'@convzoo/trainer'", "'../../src/index.js'")
        // The test that it shows is called by this one.
        .replace(/^import \{ expect, it \} from 'vitest'$/m, "import { expect } from 'vitest'")
        .replace(/^it\('[^']+', /m, 'export const shown = (')
      writeFileSync(join(folder, path.replace('src/', '').replace('.test', '')), importing)
    }
    const { shown }: { shown?: () => Promise<void> } = await import(pathToFileURL(join(folder, 'program.ts')).href)
    expect(shown).toBeTypeOf('function')
    await shown?.()
  })
})
