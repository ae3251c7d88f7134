import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { cli } from './testing/convzoo.js'
import { pathsOf, picturesIn, trainOn } from './testing/photographs.js'
import { Project } from './testing/project.js'

const faultySystem = pathToFileURL(fileURLToPath(new URL('../../../tools/faulty-system.mjs', import.meta.url))).href

const { folder } = new Project('held')
let data = ''
beforeAll(async () => {
  data = await picturesIn(join(folder, 'fruit'), pathsOf(['apple', 'pear'], 5))
})

type Fault = { readonly name: string; readonly code: string; readonly times: number; readonly path?: string }

/** Runs the command line where the system refuses each path so many times, and gives which it refused. */
function convzooWhere(faults: readonly Fault[], run: string, ...parameters: string[]) {
  const log = join(folder, `${run}.log`)
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', faultySystem, cli, ...parameters], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      CONVZOO_CACHE: join(folder, `${run}-cache`),
      CONVZOO_FAULTS: JSON.stringify({ faults, log }),
    },
  })
  const met = existsSync(log) ? readFileSync(log, 'utf8') : ''
  return { status, stdout, stderr, met }
}

const heldForAMoment: readonly Fault[] = ['rename', 'open', 'rm'].map((name) => ({
  name,
  code: name === 'open' ? 'EBUSY' : 'EPERM',
  times: 2,
}))

const train = (faults: readonly Fault[], run: string, ...more: string[]) =>
  convzooWhere(faults, run, ...trainOn(data, join(folder, run), '--cache', 'disk', '--epochs', '2', ...more))

const weightsOf = (run: string): Buffer => readFileSync(join(folder, run, 'weights.safetensors'))
const picturesOf = (run: string): string[] =>
  readdirSync(join(folder, `${run}-cache`, 'pictures'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /[\da-f]{40}/.test(name),
  )

describe('a training whose files a virus scanner holds', () => {
  it('for a moment each goes on, to the same weights, and keeps its disk cache', () => {
    expect(train([], 'plain').status).toBe(0)
    const held = train(heldForAMoment, 'held')
    expect([held.status, held.stderr]).toEqual([0, expect.not.stringMatching(/EPERM|EBUSY|cache/)])
    for (const name of ['config.json', 'metrics.jsonl', 'weights.safetensors', 'step-', 'lock', 'pictures']) {
      expect(held.met).toContain(name)
    }
    expect(weightsOf('held').equals(weightsOf('plain'))).toBe(true)
    expect(picturesOf('held').sort()).toEqual(picturesOf('plain').sort())
    expect(readdirSync(join(folder, 'held'), { recursive: true }).join('\n')).not.toMatch(/tmp|claim|lock/)
  })

  it('for ever ends with what it is, and the hint', () => {
    const { status, stderr } = train([{ name: 'rename', code: 'EBUSY', times: 1e9, path: 'config\\.json' }], 'forever')
    expect(status).toBe(2)
    expect(stderr).toMatch(/config\.json cannot be written[\s\S]*EBUSY[\s\S]*close the program that has it open/)
    expect(readdirSync(join(folder, 'forever'))).toEqual([])
  })
})
