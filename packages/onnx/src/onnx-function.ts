import type { Shape } from '@convzoo/core'
import type { DType } from '@convzoo/core/engine'

/** A tensor that crosses the boundary of a session, and its name inside the model. */
export interface Port {
  /** What callers call it. */
  readonly name: string
  /** Its name in the ONNX model. */
  readonly tensor: string
  readonly shape: Shape
  readonly dtype: DType
}

/** Uniform numbers that core draws and the session is fed with. */
export interface RandomPort extends Port {
  /** The inputs of the function that it depends on. */
  readonly seed: string
  readonly step: string
  readonly sampleIndices: string
}

/** A function as ONNX: plain data, which a worker thread can be sent. */
export interface OnnxFunction {
  readonly name: string
  /** The model's file. */
  readonly model: Uint8Array
  /** What a caller has to give, fed to the session or not. */
  readonly inputs: readonly Port[]
  /** Names of the inputs that the session takes. */
  readonly fed: readonly string[]
  readonly states: readonly Port[]
  readonly randoms: readonly RandomPort[]
  readonly outputs: readonly Port[]
  readonly assignments: readonly Port[]
  /** The tensor that says whether assignments are committed. */
  readonly guard: string | undefined
}
