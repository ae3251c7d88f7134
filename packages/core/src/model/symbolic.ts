import type { Layer, WeightDeclaration } from '../layers/contract.js'
import type { Shape } from '../shape.js'
import type { NameScope } from './scope.js'

/** A layer that has a name and weights because it has been applied. */
export interface AppliedLayer {
  readonly name: string
  readonly layer: Layer
  readonly weights: Readonly<Record<string, WeightDeclaration>>
  /** One for each time it was applied, in that order. */
  readonly applications: readonly Application[]
}

/** A layer applied to inputs. */
export interface Application {
  readonly owner: AppliedLayer
  /** Which application of its layer this is, from 0. */
  readonly index: number
  readonly inputs: readonly SymbolicTensor[]
  readonly outputShape: Shape
}

const marker: unique symbol = Symbol.for('convzoo.symbolic-tensor/v1')

/** What flows between layers while a network is described: a shape without numbers and without the batch axis. */
export interface SymbolicTensor {
  readonly [marker]: true
  readonly shape: Shape
  readonly application: Application
  readonly scope: NameScope
}

export function symbolicTensor(application: Application, scope: NameScope): SymbolicTensor {
  return { [marker]: true, shape: application.outputShape, application, scope }
}

export function isSymbolicTensor(value: unknown): value is SymbolicTensor {
  return typeof value === 'object' && value !== null && marker in value
}
