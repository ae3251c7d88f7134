import { ConvzooError } from '@convzoo/core'
import { examineCuda, type UsableCuda } from './examine.js'

/**
 * ONNX Runtime with a CUDA provider that was tried and runs.
 *
 * @throws ConvzooError of kind `engine` that says what is missing and which command brings it.
 */
export async function requireCuda(project: string): Promise<UsableCuda> {
  const found = await examineCuda(project)
  if (found.usable !== undefined) return found.usable
  throw new ConvzooError({
    kind: 'engine',
    message: 'The device "cuda" of engine onnx cannot be used.',
    expected: 'ONNX Runtime with its CUDA provider, CUDA, cuDNN and an NVIDIA GPU',
    received: found.reason,
    hint: found.hint,
  })
}
