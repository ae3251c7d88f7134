import { messageOf } from '@convzoo/core/define'
import { installAgain } from '../install-again.js'

/** Why ONNX Runtime cannot be loaded, and what helps. */
export interface Unloadable {
  readonly reason: string
  readonly hint: string
}

/**
 * What an error says that came of loading onnxruntime-node. It has libraries for Linux with glibc 2.28 or later, for Windows and for Macs
 * with Apple's processors, and none for others.
 *
 * @param system `linux x64`
 */
export function unloadable(error: unknown, system = `${process.platform} ${process.arch}`): Unloadable {
  const message = messageOf(error)
  const [reason = ''] = message.split('\n')
  if (/onnxruntime_binding\.node/.test(reason) && /^Cannot find module/.test(reason)) {
    return {
      reason: `onnxruntime-node has no library for ${system}`,
      hint: 'use engine tfjs there: npm install @convzoo/engine-tfjs; then --engine tfjs, or tfjs() in a program',
    }
  }
  if (/ld-linux|Error loading shared library|Error relocating|GLIBC/.test(reason)) {
    return {
      reason: `onnxruntime-node needs Linux with glibc 2.28 or later: ${reason}`,
      hint: 'use engine tfjs there (npm install @convzoo/engine-tfjs, then --engine tfjs), or a system with glibc, such as the image node:22-slim instead of node:22-alpine',
    }
  }
  return { reason, hint: installAgain }
}
