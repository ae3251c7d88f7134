import { ConvzooError } from '@convzoo/core'
import type * as Ort from 'onnxruntime-node'
import { unloadable } from './unloadable.js'

/**
 * onnxruntime-node with its native binding.
 *
 * @throws ConvzooError of kind `engine` that says what keeps it from being loaded.
 */
export async function loadRuntime(): Promise<typeof Ort> {
  try {
    return await import('onnxruntime-node')
  } catch (error) {
    const { reason, hint } = unloadable(error)
    throw new ConvzooError({
      kind: 'engine',
      message: 'onnxruntime-node could not be loaded.',
      expected: 'the package onnxruntime-node for this platform',
      received: reason,
      hint,
    })
  }
}
