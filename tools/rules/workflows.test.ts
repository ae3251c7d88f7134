import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { kindsIn } from './commands.js'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

interface Job {
  readonly 'runs-on': string
  readonly strategy?: { readonly matrix: { readonly os: readonly string[]; readonly node: readonly number[] } }
  readonly steps: readonly { readonly run?: string; readonly shell?: string }[]
}

/** A script of this repository that is started by its first line, which Windows does not read. */
const ofPosixAlone = /^(?:\.\/|\.ci\/)/

const workflows = ['.github/workflows/ci.yml', 'packages/create-architecture/template/.github/workflows/ci.yml']

describe.each(workflows)('%s', (path) => {
  const { jobs }: { readonly jobs: Readonly<Record<string, Job>> } = parse(readFileSync(join(root, path), 'utf8'))
  const everywhere = Object.values(jobs).filter(({ strategy }) => strategy !== undefined)

  it('runs on the three systems and all versions of Node.js that are maintained', () => {
    expect(everywhere.map(({ strategy }) => strategy?.matrix)).toEqual([
      { os: ['ubuntu-latest', 'macos-latest', 'windows-latest'], node: [20, 22, 24] },
    ])
  })

  it('runs what every shell takes, on every system of a matrix', () => {
    const lines = everywhere.flatMap(({ steps }) => steps.flatMap(({ run = '' }) => run.split('\n')))
    expect(lines.filter((line) => ofPosixAlone.test(line) || kindsIn(line).length > 0)).toEqual([])
    expect(lines.filter((line) => line !== '').length).toBeGreaterThan(1)
  })
})
