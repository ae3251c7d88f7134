import type { Shape } from '@convzoo/core'
import { internalError, isFloat32Array, isSharedArrayBuffer } from '@convzoo/core/define'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Kernels, Tensor } from '../interpreter/kernels.js'

/** Bytes from which on memory that the GPU reads by itself is kept. Less goes with the queue, which copies it. */
const large = 2 ** 16

/** Bytes of a piece of such memory: while the GPU fetches one, the next is filled. */
const piece = 2 ** 24

/** Pieces that wait to be used again. More are given back. */
const most = 32

/**
 * Numbers on their way to the GPU. A batch is copied once, into memory that the GPU reads by itself and that is kept: fresh memory costs more
 * than the copy, since its pages are made when they are first touched.
 */
export class Uploads {
  readonly #backend: WebGPUBackend
  /** Mapped, of {@link piece} bytes. */
  readonly #free: GPUBuffer[] = []

  constructor(backend: WebGPUBackend) {
    this.#backend = backend
  }

  /** A tensor of numbers, which are their owner's again when this returns. They may lie in shared memory. */
  tensor({ tensorflow }: Kernels, data: Float32Array | Int32Array, shape: Shape): Tensor {
    const backend = this.#backend
    if (data.length === 0) return tensorflow.engine().makeTensor(data, [...shape], 'float32')
    const dtype = isFloat32Array(data) ? 'float32' : 'int32'
    const info = backend.makeTensorInfo([...shape], dtype)
    const tensor = tensorflow.engine().makeTensorFromTensorInfo(info)
    // Its buffer is fresh, or one that all which was submitted has read: writes are in the queue's order.
    backend.uploadToGPU(info.dataId)
    const { resource } = backend.tensorMap.get(info.dataId)
    if (!(resource instanceof GPUBuffer)) throw internalError('A tensor of WebGPU has no buffer.')
    if (data.byteLength < large) backend.queue.writeBuffer(resource, 0, unshared(data))
    else this.#copy(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), resource)
    return tensor
  }

  #copy(bytes: Uint8Array, to: GPUBuffer): void {
    const { device, queue } = this.#backend
    const usage = GPUBufferUsage.MAP_WRITE | GPUBufferUsage.COPY_SRC
    for (let start = 0; start < bytes.length; start += piece) {
      const part = bytes.subarray(start, start + piece)
      const staging = this.#free.pop() ?? device.createBuffer({ size: piece, usage, mappedAtCreation: true })
      new Uint8Array(staging.getMappedRange(0, part.length)).set(part)
      staging.unmap()
      const encoder = device.createCommandEncoder()
      encoder.copyBufferToBuffer(staging, 0, to, start, part.length)
      queue.submit([encoder.finish()])
      // It is mapped again when the GPU has read it; one that is lost does not, which whoever waits for results is told.
      staging.mapAsync(GPUMapMode.WRITE).then(
        () => this.#keep(staging),
        () => staging.destroy(),
      )
    }
  }

  #keep(staging: GPUBuffer): void {
    if (this.#free.length < most) this.#free.push(staging)
    else staging.destroy()
  }
}

/** Dawn's binding for Node ends the process where it is given shared memory. */
function unshared(data: Float32Array | Int32Array): Float32Array | Int32Array {
  return isSharedArrayBuffer(data.buffer) ? data.slice() : data
}
