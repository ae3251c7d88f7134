import type { ConvzooError, Shape } from '@convzoo/core'
import { unusableOption } from '@convzoo/core/define'

/** A kernel that ran on a device. */
export interface KernelTime {
  readonly name: string
  /** Of its result. */
  readonly shape: Shape
  /** By the device's clock. */
  readonly milliseconds: number
}

/** What a call of a function was spent on. */
export interface Record {
  /** Milliseconds in which the thread told the device what to do. */
  readonly asking: number
  /** In their order. */
  readonly kernels: readonly KernelTime[]
}

/** Runs what `work` asks for, and says what it took. */
export type Recorder = (work: () => void) => Promise<Record>

export const noRecord = (received: string): ConvzooError =>
  unusableOption('"profile" of engine tfjs', {
    expected: 'device webgpu, on a GPU whose driver has timestamps',
    received,
    hint: 'leave "profile" out; engine onnx keeps records on cpu and cuda',
  })
