import type { Shape } from '@convzoo/core'
import { isFloat32Array, isUint8Array } from '@convzoo/core/define'
import type { Address, OrtApi } from './ort-api.js'

/** `enum ONNXTensorElementDataType` */
export const elementTypes = { float32: 1, bool: 9, uint32: 12 } as const

/** The numbers of a tensor, by which its type is known. */
export type Numbers = Float32Array | Uint8Array | Uint32Array

/** Their `ONNXTensorElementDataType`. */
export const elementTypeOf = (data: Numbers): number =>
  elementTypes[isFloat32Array(data) ? 'float32' : isUint8Array(data) ? 'bool' : 'uint32']

/** The dimensions of a shape as ONNX Runtime reads them; one more, since an empty array has no address. */
export const dimensionsOf = (shape: Shape): BigInt64Array => BigInt64Array.from([...shape, 0].map(BigInt))

/** `float` */
export const floatElement = elementTypes.float32

/**
 * A tensor over memory of this process, which has to stay as long as something reads or writes the tensor.
 *
 * @param host What kind of memory it is.
 */
export function tensorOver(api: OrtApi, host: Address, data: Numbers, shape: Shape): Address {
  // A view of the buffer: a short array may lie where the garbage collector moves it, until someone asks for its buffer.
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return api.make(
    'CreateTensorWithDataAsOrtValue',
    host,
    bytes,
    bytes.byteLength,
    dimensionsOf(shape),
    shape.length,
    elementTypeOf(data),
  )
}
