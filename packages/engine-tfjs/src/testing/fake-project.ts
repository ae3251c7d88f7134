import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** A project of a user with `@tensorflow/tfjs-node-gpu` in it, or what passes for it. */
export interface FakeProject {
  readonly folder: string
  readonly remove: () => void
}

export interface FakePackage {
  /** What its main file holds. */
  readonly main: string
  readonly withBinding: boolean
}

export function fakeProject(fake?: FakePackage): FakeProject {
  const folder = mkdtempSync(join(tmpdir(), 'convzoo-project-'))
  if (fake !== undefined) {
    const installed = join(folder, 'node_modules/@tensorflow/tfjs-node-gpu')
    const binding = join(installed, 'lib/napi-v8/tfjs_binding.node')
    mkdirSync(dirname(binding), { recursive: true })
    writeFileSync(join(installed, 'package.json'), JSON.stringify({ version: '4.22.0', main: 'index.js' }))
    writeFileSync(join(installed, 'index.js'), fake.main)
    if (fake.withBinding) writeFileSync(binding, '')
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }) }
}

/** The kernels in JavaScript behind the face of the native package: as on a machine where TensorFlow finds no GPU. */
export const tensorflowWithoutGpu = `
const tf = require(${JSON.stringify(require.resolve('@tensorflow/tfjs-core'))})
require(${JSON.stringify(require.resolve('@tensorflow/tfjs-backend-cpu'))})
tf.setBackend('cpu')
Object.assign(tf.backend(), { isUsingGpuDevice: false, binding: { TF_Version: '2.9.1' } })
if (process.env.TF_CPP_VMODULE === 'execute=1') {
  console.error('2026-11-24 W tsl.cc:64] Could not load dynamic library libcudart.so.11.0')
  console.error('I execute.cc:1775] Executing op Conv2D in device /job:localhost/replica:0/task:0/device:CPU:0')
}
module.exports = tf
`

/** What the package does when its binding was never fetched. */
export const tensorflowWithoutBinding = `throw new Error('The Node.js native addon module (tfjs_binding.node) can not be found at path')`
