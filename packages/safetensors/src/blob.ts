/**
 * Safetensors files in Blobs, and what is known of tensors: it opens no file, and browsers run it.
 *
 * @packageDocumentation
 */

export type { WriteOptions } from './encode.js'
export { openSafetensorsBlob, safetensorsBlob } from './in-blobs.js'
export { metadataOnceWritten } from './metadata.js'
export type { SafetensorsFile } from './open.js'
export { type Storage, storageOption } from './storage.js'
export { isTensor, notFiniteIn, specsOption, type TensorSpec } from './tensors.js'
