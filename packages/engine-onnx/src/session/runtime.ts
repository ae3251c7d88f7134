import type { Shape } from '@convzoo/core'
import type { OnnxFunction } from '@convzoo/onnx'

/** The memory of one tensor of state, where the device has it. */
export interface Place {
  /** A copy of what stands there. */
  read(): Float32Array
  /** As many numbers as the place has. */
  write(data: Float32Array): void
  release(): void
}

/** One run of a function: everything by its tensor's name in the model. */
export interface Call<P extends Place> {
  readonly feeds: ReadonlyMap<string, Float32Array | Uint32Array>
  readonly states: ReadonlyMap<string, P>
  /** Where the new values of states are written. */
  readonly next: ReadonlyMap<string, P>
  /** Where everything else is written. */
  readonly outputs: ReadonlyMap<string, Float32Array | Uint8Array>
}

/** A function that is ready to run. */
export interface Session<P extends Place> {
  run(call: Call<P>): Promise<void>
  release(): Promise<void>
}

/** One way to ONNX Runtime: its sessions, and the memory in which they find state. */
export interface Runtime<P extends Place = Place> {
  /** A place of zeros. */
  place(shape: Shape): P
  session(lowered: OnnxFunction): Promise<Session<P>>
  /** After its sessions and places. */
  release(): Promise<void>
}
