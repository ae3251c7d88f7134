import type { Shape } from '@convzoo/core'
import { internalError, isSharedArrayBuffer } from '@convzoo/core/define'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Kernels, Tensor } from '../interpreter/kernels.js'

/** Bytes from which on memory that the GPU reads by itself is kept. Less goes with the queue, which copies it. */
const large = 2 ** 16

/** Such memory that waits to be used again: that of as many batch sizes. */
const most = 4

/**
 * Numbers on their way to the GPU. A batch is copied once, into memory that the GPU reads by itself and that is kept: fresh memory costs more
 * than the copy, since its pages are made when they are first touched.
 */
export class Uploads {
  readonly #backend: WebGPUBackend
  /** Mapped; the oldest first. */
  readonly #free: GPUBuffer[] = []

  constructor(backend: WebGPUBackend) {
    this.#backend = backend
  }

  /** A tensor of numbers, which are their owner's again when this returns. They may lie in shared memory. */
  tensor({ tensorflow }: Kernels, data: Float32Array | Int32Array, shape: Shape): Tensor {
    const backend = this.#backend
    if (data.length === 0) return tensorflow.engine().makeTensor(data, [...shape], 'float32')
    const dtype = data instanceof Int32Array ? 'int32' : 'float32'
    const info = backend.makeTensorInfo([...shape], dtype)
    const tensor = tensorflow.engine().makeTensorFromTensorInfo(info)
    // Its buffer is fresh, or one that all which was submitted has read: writes are in the queue's order.
    backend.uploadToGPU(info.dataId)
    const { resource } = backend.tensorMap.get(info.dataId)
    if (!(resource instanceof GPUBuffer)) throw internalError('A tensor of WebGPU has no buffer.')
    if (data.byteLength < large) backend.queue.writeBuffer(resource, 0, unshared(data))
    else this.#copy(data, resource)
    return tensor
  }

  #copy(data: Float32Array | Int32Array, to: GPUBuffer): void {
    const { device, queue } = this.#backend
    const size = data.byteLength
    const staging = this.#staging(size)
    const mapped = staging.getMappedRange()
    if (data instanceof Int32Array) new Int32Array(mapped).set(data)
    else new Float32Array(mapped).set(data)
    staging.unmap()
    const encoder = device.createCommandEncoder()
    encoder.copyBufferToBuffer(staging, 0, to, 0, size)
    queue.submit([encoder.finish()])
    // It is mapped again when the GPU has read it; a GPU that is lost does not, and tells whoever waits for results.
    staging.mapAsync(GPUMapMode.WRITE).then(
      () => this.#keep(staging),
      () => staging.destroy(),
    )
  }

  #staging(size: number): GPUBuffer {
    const index = this.#free.findLastIndex((buffer) => buffer.size === size)
    const [found] = index < 0 ? [] : this.#free.splice(index, 1)
    const usage = GPUBufferUsage.MAP_WRITE | GPUBufferUsage.COPY_SRC
    return found ?? this.#backend.device.createBuffer({ size, usage, mappedAtCreation: true })
  }

  #keep(staging: GPUBuffer): void {
    this.#free.push(staging)
    if (this.#free.length > most) this.#free.shift()?.destroy()
  }
}

/** Dawn's binding for Node ends the process where it is given shared memory. */
function unshared(data: Float32Array | Int32Array): Float32Array | Int32Array {
  return isSharedArrayBuffer(data.buffer) ? data.slice() : data
}
