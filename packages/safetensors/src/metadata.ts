import { requireArguments, sizeOf, text } from '@convzoo/core/define'
import { decodeHeader, encodeHeader } from './format.js'
import { storages } from './storage.js'
import { metadataOption, specsOption, type TensorSpec } from './tensors.js'

/**
 * Metadata as they would be read from a file that holds them beside these tensors, without writing it: what cannot be read again is found
 * out before there is anything to lose.
 *
 * @param name What the file is called in errors.
 * @throws ConvzooError of kind `file` if such a file could not be read.
 */
export function metadataOnceWritten(
  name: string,
  specs: readonly TensorSpec[],
  metadata: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  requireArguments('metadataOnceWritten', {
    name: [text, name],
    specs: [specsOption, specs],
    metadata: [metadataOption, metadata],
  })
  const json = new TextDecoder().decode(encodeHeader(specs, metadata).subarray(8))
  const bytes = specs.reduce((sum, { shape, storage = 'float32' }) => sum + sizeOf(shape) * storages[storage].bytes, 0)
  return decodeHeader(name, json, bytes).metadata
}
