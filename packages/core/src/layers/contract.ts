import type { Constraint } from '../constraints/index.js'
import type { Ops, Value } from '../graph/index.js'
import type { Initializer } from '../initializers/index.js'
import type { Shape, Window } from '../shape.js'

/** At least one of them. */
export type NonEmpty<T> = readonly [T, ...T[]]

/** A tensor that a layer owns. */
export interface WeightDeclaration {
  readonly shape: Shape
  readonly initializer: Initializer
  /** False for statistics that no gradient moves. */
  readonly trainable: boolean
  /** What is done to it after each update. */
  readonly constraint?: Constraint | undefined
}

/** What a layer's forward pass may use besides its inputs and weights. */
export interface CallContext<Weight extends string = string> {
  readonly ops: Ops
  /** Whether this is traced for training or for inference. */
  readonly training: boolean
  /**
   * Uniform in [0, 1) of `sampleShape` for each sample: [N, ...sampleShape]. The numbers depend on the seed, the layer's name, the
   * step, the sample and the element, not on how a batch was split. Only in training.
   */
  random(sampleShape: Shape): Value
  /** A statistic's new value after this step: of a weight with `trainable: false`, in its shape. Only in training. */
  assign(weight: Weight, value: Value): void
}

/** A layer with its options, as models see it. */
export interface Layer {
  readonly type: string
  readonly keras: string
  readonly options: Readonly<Record<string, unknown>>
  /** False if it is frozen: training leaves its weights alone, and it acts as in inference. */
  readonly trainable: boolean
  /** @throws ConvzooError of kind `shape` or `option` that names the layer, if it does not fit its inputs. */
  outputShape(inputs: NonEmpty<Shape>, name?: string): Shape
  weights(inputs: NonEmpty<Shape>, name?: string): Readonly<Record<string, WeightDeclaration>>
  multiplyAdds(inputs: NonEmpty<Shape>, output: Shape): number
  window(inputs: NonEmpty<Shape>): Window | undefined
  /**
   * The same layer with some options changed.
   *
   * @throws ConvzooError of kind `option` for a bad one.
   */
  withOptions(changed: Readonly<Record<string, unknown>>): Layer
  call(context: CallContext, inputs: NonEmpty<Value>, weight: (name: string) => Value): Value
}
