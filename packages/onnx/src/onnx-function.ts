import type { Shape } from '@convzoo/core'
import type { DType } from '@convzoo/core/engine'
import type { OwnOperator } from './own-operator.js'

/** A tensor that crosses the boundary of a session, and its name inside the model. */
export interface Port {
  /** What callers call it. */
  readonly name: string
  /** Its name in the ONNX model. */
  readonly tensor: string
  readonly shape: Shape
  readonly dtype: DType
}

/** Uniform numbers that core draws and the session is fed with; or what they are drawn from, where the session has an operator for it. */
export interface RandomPort extends Port {
  /** `key`: two words, and the samples' indices after them. */
  readonly holds: 'numbers' | 'key'
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
  /** Whether some of what it gives depends on nothing, as zeros do: a runtime may have that before it runs. */
  readonly givesConstants: boolean
  /** The tensor that says whether assignments are committed. */
  readonly guard: string | undefined
  /** What the model needs beside ONNX's operators; nothing unless it was asked for. */
  readonly operators: readonly OwnOperator[]
}
