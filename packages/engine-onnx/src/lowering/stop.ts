import { ModelWriter } from '../onnx/model-writer.js'

/**
 * An output that onnxruntime-node cannot hand over: a sequence. After a run it makes a new array of each output that was asked for, in the
 * model's order, and copies the output there, even if the caller gave an array that the session has just written: for weights and
 * velocities that is a quarter of a training step. It gives up, with an error, at the first output that is no tensor. So a model
 * has this output first, and whoever has given an array for every other output asks for it, too.
 *
 * @see https://github.com/microsoft/onnxruntime/pull/32346, which is to end the copies.
 */
export const stopOutput = 'stop'

export function addStop(writer: ModelWriter): void {
  const sequence = writer.node('SequenceConstruct', [writer.floats([0], [])])
  writer.rename(sequence, stopOutput)
  writer.sequenceOutput(stopOutput)
}

/** A model that shows what a runtime does about {@link stopOutput}: it gives 1 as `one`. */
export function stopProbe(): Uint8Array {
  const writer = new ModelWriter()
  addStop(writer)
  writer.alias(writer.floats([1], [1]), probeOutput)
  writer.output(probeOutput, [1], 'float32')
  return writer.finish('probe')
}

export const probeOutput = 'one'
