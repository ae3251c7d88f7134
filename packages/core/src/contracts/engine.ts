import { defineOptions, functionOf, optional } from '../options/index.js'
import type { Program } from '../program/program.js'
import type { Shape } from '../shape.js'

/** The contract that this file is. */
export const engineSpecification = 'engine/v1'

/** A float32 tensor under its name, row-major: how state enters and leaves an engine, and files. */
export interface NamedTensor {
  readonly name: string
  readonly shape: Shape
  readonly data: Float32Array
}

/** What a function takes, by name. Scalars may be given as numbers. The arrays stay the caller's. */
export type Inputs = Readonly<Record<string, Float32Array | Uint32Array | number>>

/** What a function gives, by name: real numbers, or truth values as 0 and 1. */
export type Outputs = Readonly<Record<string, Float32Array | Uint8Array>>

/**
 * What kind of device it is, the best first: a graphics processor or another accelerator, a processor, or what computes anywhere and too
 * slowly to be wanted where there is anything else.
 */
export const deviceKinds = ['gpu', 'cpu', 'fallback'] as const
export type DeviceKind = (typeof deviceKinds)[number]

/** Something that could compute, or the reason why it cannot. */
export interface DeviceReport {
  /** The engine's own name for it, any text, such as `cpu`: what `--device` and the engine's option `device` take. */
  readonly device: string
  readonly available: boolean
  /** What it is: processor, threads, version of the runtime. */
  readonly description: string
  /** Devices of a better kind are chosen before others, whatever engine has them. `cpu` where an engine does not say. */
  readonly kind?: DeviceKind
  /** Which of several devices of a kind is chosen: the one with the highest number. 0 where an engine does not say. */
  readonly preference?: number
  /** Why it is not available, and what to do about it. */
  readonly reason?: string
  readonly hint?: string
}

export interface CompileOptions {
  /** Called with what the engine has to say while it prepares, one line each. */
  readonly log?: ((line: string) => void) | undefined
}

/** Reads them: the first thing that an engine's `compile` does. */
export const compileOptions = defineOptions({ log: optional(functionOf<(line: string) => void>()) })

/**
 * Executes programs; {@link defineEngine} makes what makes one. It knows primitives and nothing else: no gradients, losses or optimizers.
 */
export interface Engine {
  readonly specification: typeof engineSpecification
  /** `onnx`, `tfjs`, … */
  readonly name: string
  /** What could run here; where it cannot, why, and what to do about that. */
  devices(): Promise<readonly DeviceReport[]>
  /** Prepares every function of a program. State starts as zeros until {@link Executable.writeState}. */
  compile(program: Program, options?: CompileOptions): Promise<Executable>
}

export interface Executable {
  /** What it runs on, in one line: what a result depends on (engine, version, device, threads). */
  readonly description: string
  /**
   * Runs one function. Calls are queued, one at a time; the caller is never blocked. A function's assignments are committed together
   * or not at all. Inputs that the function does not declare are ignored.
   *
   * @throws ConvzooError of kind `state` for a missing or misshapen input, of kind `engine` if the runtime fails.
   */
  run(name: string, inputs: Inputs): Promise<Outputs>
  /**
   * Like {@link Executable.run}, if the call before came to its assignments; else `undefined`, and nothing is done. It may be called before that
   * one has ended: inputs then cross while results are on their way. Missing where nothing is gained by it.
   */
  runAfter?(name: string, inputs: Inputs): Promise<Outputs | undefined>
  /** State by name, in the program's order (all of it by default). The arrays are copies. */
  readState(names?: readonly string[]): AsyncIterable<NamedTensor>
  /** Overwrites the state tensors that are given. Nothing changes if one of them does not belong to the program. */
  writeState(tensors: Iterable<NamedTensor> | AsyncIterable<NamedTensor>): Promise<void>
  dispose(): Promise<void>
}
