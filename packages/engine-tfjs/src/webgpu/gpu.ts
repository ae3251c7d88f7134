import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConvzooError } from '@convzoo/core'
import { messageOf } from '@convzoo/core/define'
import type { Installed } from '../native/installed.js'
import type { Wait } from './device.js'
import { gpuPackage, ownGpu, type WebgpuSource } from './package.js'
import { patiently } from './patience.js'

/** What the package `webgpu` exports. */
interface Dawn {
  create(options: readonly string[]): GPU
  readonly globals: Readonly<Record<string, unknown>>
}

const isDawn = (value: unknown): value is Dawn =>
  typeof value === 'object' && value !== null && 'create' in value && 'globals' in value

/** Times of shaders are those of the GPU, not rounded to tenths of a millisecond as for pages that nobody trusts. */
const exactClock = 'disable-dawn-features=timestamp_quantization'

/** WebGPU of a thread, and what it comes from. */
interface OpenGpu {
  readonly gpu: GPU
  readonly from: string
  /** How results are awaited. */
  readonly wait?: Wait
}

/** The GPU of this thread. It lives as long as the thread does: if it is collected while a device of it is there, the process dies. */
let held: OpenGpu | undefined

/**
 * WebGPU, put where TensorFlow.js looks for it: at `navigator.gpu`, with its constants as globals.
 *
 * @throws ConvzooError of kind `engine` if the package cannot be loaded.
 */
export async function openGpu({ installed }: WebgpuSource): Promise<OpenGpu> {
  held ??= await found(installed)
  return held
}

async function found(installed: Installed | undefined): Promise<OpenGpu> {
  const own = ownGpu()
  if (own !== undefined) return { gpu: own, from: "the runtime's WebGPU" }
  if (installed === undefined) throw unloadable('the runtime has no navigator.gpu in a worker thread')
  return { gpu: await loadDawn(installed), from: `${gpuPackage} ${installed.version}`, wait: patiently }
}

async function loadDawn({ folder, main, version }: Installed): Promise<GPU> {
  let dawn: unknown
  try {
    dawn = await import(pathToFileURL(join(folder, main)).href)
  } catch (error) {
    throw unloadable(`${gpuPackage} ${version}: ${messageOf(error).split('\n')[0] ?? ''}`)
  }
  if (!isDawn(dawn)) throw unloadable(`${gpuPackage} ${version} has no "create" and no "globals"`)
  Object.assign(globalThis, dawn.globals)
  const gpu = dawn.create([exactClock])
  const navigator: object = Reflect.get(globalThis, 'navigator') ?? {}
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true })
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true, writable: true })
  return gpu
}

const unloadable = (received: string): ConvzooError =>
  new ConvzooError({
    kind: 'engine',
    message: 'WebGPU cannot be loaded, so the device "webgpu" of engine tfjs cannot be used.',
    received,
    hint: `install the package anew: npm install ${gpuPackage}`,
  })
