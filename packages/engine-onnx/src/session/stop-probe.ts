import { GraphBuilder, opsFor } from '@convzoo/core/engine'
import { toOnnx } from '@convzoo/onnx'
import { stopOutput } from './stop.js'

/** A model that shows what a runtime does about {@link stopOutput}. It gives `probeOutput`. */
export function stopProbe(): Uint8Array {
  const builder = new GraphBuilder()
  builder.output('one', opsFor(builder).constant(1, [1]))
  return toOnnx(builder.finish('probe'), { sequence: stopOutput }).model
}
