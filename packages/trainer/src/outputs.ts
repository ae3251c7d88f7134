import type { Outputs } from '@convzoo/core'
import { internalError } from '@convzoo/core/define'

/** An output that every program's function has. */
export function requireOutput(outputs: Outputs, name: string): Float32Array | Uint8Array {
  const values = outputs[name]
  if (values === undefined) throw internalError(`The engine gave no output "${name}".`)
  return values
}
