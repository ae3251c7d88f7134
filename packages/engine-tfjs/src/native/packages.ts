import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ConvzooError } from '@convzoo/core'
import { findInstalled } from './installed.js'

/** Devices that need a native package, and which one. */
export const nativePackages = {
  node: '@tensorflow/tfjs-node',
  cuda: '@tensorflow/tfjs-node-gpu',
} as const

export type NativeDevice = keyof typeof nativePackages

/** The version that this engine is tested with; there is no later one. */
export const nativeVersion = '4.22.0'

/** An installed native package. */
export interface NativePackage {
  readonly device: NativeDevice
  readonly name: string
  readonly folder: string
  readonly version: string
  /** Where its JavaScript expects the native binding; whether it is there is another matter. */
  readonly binding: string
}

/** Node-API version 8, the highest that the package knows and every Node ≥ 20 has, stands in the path of its binding. */
const bindingPath = (folder: string): string => join(folder, 'lib', 'napi-v8', 'tfjs_binding.node')

/** How a native package is added. Its script fetches libtensorflow from a host that not every machine reaches. */
const installation = (name: string): string =>
  `npm install ${name}; where its download fails: npm install --ignore-scripts ${name}, then convzoo doctor --link-libtensorflow pip`

/** Finds a device's package: in the user's project first, then where this engine is installed. */
export function findNative(device: NativeDevice, project: string): NativePackage | undefined {
  const name = nativePackages[device]
  const found = findInstalled(name, project)
  if (found === undefined) return undefined
  const { folder, version } = found
  return { device, name, folder, version, binding: bindingPath(folder) }
}

/**
 * A device's package with a native binding in it.
 *
 * @throws ConvzooError of kind `engine` if the package is not installed, or was installed without its binding.
 */
export function requireNative(device: NativeDevice, project: string): NativePackage {
  const found = findNative(device, project)
  const reason = whyNot(device, found, project)
  if (found !== undefined && reason === undefined) return found
  throw new ConvzooError({
    kind: 'engine',
    message: `The device "${device}" of engine tfjs cannot be used.`,
    ...reason,
  })
}

/** What keeps a device's package from being loaded, as far as files tell; undefined if nothing does. */
export function whyNot(
  device: NativeDevice,
  found: NativePackage | undefined,
  project: string,
): { readonly received: string; readonly hint: string } | undefined {
  if (found === undefined) {
    return {
      received: `${nativePackages[device]} is not installed in ${project}`,
      hint: installation(nativePackages[device]),
    }
  }
  if (existsSync(found.binding)) return undefined
  return {
    received: `${found.name} is installed without its native binding: ${found.binding} is missing`,
    hint: `build it against TensorFlow's wheel: convzoo doctor --link-libtensorflow pip; or let it be fetched: npm rebuild ${found.name}`,
  }
}
