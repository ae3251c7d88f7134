import { ModelWriter } from './model-writer.js'

/** The input of {@link passingModel}. */
export const passedInput = 'from'

/** The output of {@link passingModel}. */
export const passedOutput = 'to'

/**
 * A model that hands on what it is given, float32 of any shape. Bound to memory of two devices, it copies from the one to the other.
 *
 * @example
 * await writeFile('passing.onnx', passingModel())
 */
export function passingModel(): Uint8Array {
  const writer = new ModelWriter()
  writer.input(passedInput, undefined, 'float32')
  writer.output(passedOutput, undefined, 'float32')
  writer.rename(writer.node('Identity', [passedInput]), passedOutput)
  return writer.finish('passing')
}
