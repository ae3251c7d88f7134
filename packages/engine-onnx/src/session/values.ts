import type { Shape } from '@convzoo/core'
import { isFloat32Array } from '@convzoo/core/define'
import type { Address, OrtApi } from '../capi/ort-api.js'

/** `enum ONNXTensorElementDataType` */
const elementTypes = { float32: 1, bool: 9 } as const

/** The dimensions of a shape as ONNX Runtime reads them; one more, since an empty array has no address. */
export const dimensionsOf = (shape: Shape): BigInt64Array => BigInt64Array.from([...shape, 0].map(BigInt))

/** `float` */
export const floatElement = elementTypes.float32

/**
 * A tensor over memory of this process, which has to stay as long as something reads or writes the tensor.
 *
 * @param host What kind of memory it is.
 */
export function tensorOver(api: OrtApi, host: Address, data: Float32Array | Uint8Array, shape: Shape): Address {
  // A view of the buffer: a short array may lie where the garbage collector moves it, until someone asks for its buffer.
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return api.make(
    'CreateTensorWithDataAsOrtValue',
    host,
    bytes,
    bytes.byteLength,
    dimensionsOf(shape),
    shape.length,
    isFloat32Array(data) ? elementTypes.float32 : elementTypes.bool,
  )
}
