import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cli, smallRun } from './testing/convzoo.js'
import { Project } from './testing/project.js'

const { folder } = new Project('without-onnx')

const said = {
  'Alpine Linux':
    'Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /app/onnxruntime_binding.node)',
  'a Mac with an Intel processor': "Cannot find module '../bin/napi-v6/darwin/x64/onnxruntime_binding.node'",
} as const

/** The command line where onnxruntime-node fails to load with these words, and its library by koffi, too, in every thread. */
function convzooWhere(words: string, ...parameters: string[]) {
  const module = (text: string): string => `data:text/javascript,${encodeURIComponent(text)}`
  const failing = module(`throw new Error(${JSON.stringify(words)})`)
  const hooks = module(
    `export const resolve = (name, context, next) => ['onnxruntime-node', 'koffi'].includes(name) ? { url: ${JSON.stringify(failing)}, shortCircuit: true } : next(name, context)`,
  )
  const preload = module(`import { register } from 'node:module'; register(${JSON.stringify(hooks)})`)
  const command = ['--import', preload, cli, ...parameters]
  return spawnSync(process.execPath, command, { encoding: 'utf8', cwd: folder })
}

it('--engine auto trains by what can be loaded where ONNX Runtime cannot, and says why in one line', () => {
  const run = join(folder, 'auto')
  const { status, stdout, stderr } = convzooWhere(said['Alpine Linux'], ...smallRun(run))
  expect(status, stderr).toBe(0)
  const lines = `${stdout}${stderr}`.split('\n')
  expect(lines.filter((line) => line.includes('tfjs on cpu, since engine onnx cannot be used here'))).toHaveLength(1)
  expect(existsSync(join(run, 'weights.safetensors'))).toBe(true)
})

describe.each(Object.entries(said))('on %s, which ONNX Runtime has no library for', (system, words) => {
  it('--engine onnx is refused with what helps', () => {
    const { status, stderr } = convzooWhere(words, ...smallRun(join(folder, system), '--engine', 'onnx'))
    expect(status).toBe(2)
    expect(stderr).toContain('onnxruntime-node could not be loaded.')
    expect(stderr).toMatch(/hint: use engine tfjs/)
  })

  it('doctor says so', () => {
    const { status, stdout } = convzooWhere(words, 'doctor')
    expect(status).toBe(0)
    expect(stdout).toMatch(/no {2}cpu {5}onnxruntime-node .*\n.*because: onnxruntime-node (?:needs|has no library)/)
    expect(stdout).toMatch(/--engine auto takes tfjs on (?:cpu|node|cuda|webgpu), since/)
  })
})
