import type { Constraint } from '../constraints/index.js'
import type { Initializer } from '../initializers/index.js'
import type { Shape } from '../shape.js'
import type { Application, AppliedLayer, SymbolicTensor } from './symbolic.js'

/** A tensor of a model. */
export interface Weight {
  /** `<layer>/<weight>`: `conv2d/kernel`. */
  readonly name: string
  /** `<weight>`: `kernel`. */
  readonly key: string
  readonly shape: Shape
  readonly initializer: Initializer
  readonly trainable: boolean
  /** True if only its layer's `trainable: false` keeps it from being trained; statistics are not frozen. */
  readonly frozen?: boolean
  readonly constraint?: Constraint
}

/** A layer's place in a model. */
export interface ModelLayer extends AppliedLayer {
  /** Its applications inside this model. */
  readonly applications: readonly Application[]
  readonly inputShapes: readonly Shape[]
  readonly outputShape: Shape
  readonly parameters: number
}

/** What an output is: one number a class, a row of features, or anything else, such as an image of channels. */
export type Ending = 'classes' | 'features' | 'map'

/** A network as data: no tensors, no engine. */
export interface Model {
  readonly name: string
  readonly inputs: readonly SymbolicTensor[]
  readonly output: SymbolicTensor
  readonly endsIn: Ending
  /** How many classes the output tells apart; 0 if it ends in something else. */
  readonly classes: number
  /** In Keras' order: by depth, then by the order in which a search from the output meets them. */
  readonly layers: readonly ModelLayer[]
  /** Layer by layer, in the order in which a layer declares them. */
  readonly weights: readonly Weight[]
  /** Heads that exist in training only; what is only theirs is not among `layers` and `weights`. */
  readonly auxiliary: readonly AuxiliaryHead[]
  /** Where names are counted. */
  readonly scope: SymbolicTensor['scope']
}

/** A second output whose loss is added in training: part of the gradient, never of a prediction. */
export interface AuxiliaryOutput {
  /** Of the shape of the network's output. */
  readonly output: SymbolicTensor
  /** What its loss is multiplied by. */
  readonly lossWeight: number
}

/** An auxiliary output with the layers and weights that neither the output nor an earlier head has. */
export interface AuxiliaryHead extends AuxiliaryOutput, Pick<Model, 'layers' | 'weights'> {}
