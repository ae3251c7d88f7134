import { ConvzooError } from '@convzoo/core'
import { findInstalled, type Installed } from '../native/installed.js'

/** What brings WebGPU to Node: Dawn, which is Chrome's, for five platforms in one package of 132 MB. */
export const gpuPackage = 'webgpu'

/** Where WebGPU comes from. */
export interface WebgpuSource {
  readonly device: 'webgpu'
  /** The package, where it is installed; the runtime's own `navigator.gpu`, as Deno and browsers have it, goes before it. */
  readonly installed: Installed | undefined
}

/** That of this thread, where it has one. What a program put there is no other thread's. */
export function ownGpu(): GPU | undefined {
  const navigator: { readonly gpu?: GPU } | undefined = Reflect.get(globalThis, 'navigator')
  return navigator?.gpu
}

/** Where WebGPU would come from; undefined where it is missing. Nothing is loaded. */
export function findWebgpu(project: string): WebgpuSource | undefined {
  const installed = findInstalled(gpuPackage, project)
  return installed === undefined && ownGpu() === undefined ? undefined : { device: 'webgpu', installed }
}

/** Why there is no WebGPU, and what to do about it. */
export const noWebgpu = (project: string) =>
  ({
    received: `${gpuPackage} is not installed in ${project}, and this runtime has no WebGPU of its own`,
    hint: `npm install ${gpuPackage}`,
  }) as const

/** @throws ConvzooError of kind `engine` if WebGPU is missing. */
export function requireWebgpu(project: string): WebgpuSource {
  const found = findWebgpu(project)
  if (found !== undefined) return found
  throw new ConvzooError({
    kind: 'engine',
    message: 'The device "webgpu" of engine tfjs cannot be used.',
    ...noWebgpu(project),
  })
}
