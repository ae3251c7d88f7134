import type { Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { KernelTime, Record } from '../runtime/record.js'

type Ran = Parameters<WebGPUBackend['runWebGPUProgram']>

/** By what runs it: what it computes, and the number by which its text is known; or TensorFlow.js' own key, which begins with the kind. */
const ofOurs = /^convzoo (.*) \d+$/

/** TensorFlow.js' backend, which can say what each shader took. While it does, each is submitted alone, and the whole takes longer. */
export class RecordingBackend extends WebGPUBackend {
  #ran: Pick<KernelTime, 'name' | 'shape'>[] | undefined

  override runWebGPUProgram(...ran: Ran): ReturnType<WebGPUBackend['runWebGPUProgram']> {
    const [{ shaderKey }] = ran
    const result = super.runWebGPUProgram(...ran)
    const shape: Shape = result.shape
    // What has no elements is not run.
    if (sizeOf(shape) > 0) this.#ran?.push({ name: ofOurs.exec(shaderKey)?.[1] ?? shaderKey, shape })
    return result
  }

  /** Runs what `work` asks for: the time that the thread took to ask, and of each shader by the GPU's clock. */
  async record(work: () => void): Promise<Record> {
    const ran: Pick<KernelTime, 'name' | 'shape'>[] = []
    let asking = 0
    const timed = this.time(() => {
      const started = performance.now()
      this.#ran = ran
      try {
        work()
      } finally {
        this.#ran = undefined
        asking = performance.now() - started
      }
    })
    const { getExtraProfileInfo } = await timed
    // As TensorFlow.js writes them: "name: milliseconds, name: milliseconds".
    const times = (getExtraProfileInfo?.() ?? '').split(', ').map((each) => Number(each.split(': ').at(-1)))
    return { asking, kernels: ran.map((each, index) => ({ ...each, milliseconds: times[index] ?? 0 })) }
  }
}
