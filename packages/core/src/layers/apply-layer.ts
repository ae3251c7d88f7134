import { ConvzooError, describeValue } from '../errors/index.js'
import {
  type Application,
  type AppliedLayer,
  isSymbolicTensor,
  type SymbolicTensor,
  symbolicTensor,
} from '../model/symbolic.js'
import { formatShape, type Shape } from '../shape.js'
import type { Layer, NonEmpty, WeightDeclaration } from './contract.js'

/** Applies a layer: a function on symbolic tensors. Applied again, it shares its weights. */
export type LayerFunction = (inputs: SymbolicTensor | readonly SymbolicTensor[]) => SymbolicTensor

/** A layer as a function that names itself and makes its weights when it is first applied. */
export function applicable(layer: Layer, requestedName: string | undefined, arity: 'one' | 'many'): LayerFunction {
  let owner: (AppliedLayer & { applications: Application[] }) | undefined
  return (given) => {
    const inputs = tensorsOf(given, requestedName ?? layer.type, arity)
    const shapes: NonEmpty<Shape> = [inputs[0].shape, ...inputs.slice(1).map(({ shape }) => shape)]
    const { scope } = inputs[0]
    const name = owner?.name ?? requestedName ?? scope.next(layer.keras)
    const weights = layer.weights(shapes, name)
    const outputShape = layer.outputShape(shapes, name)
    owner ??= { name, layer, weights, applications: [] }
    requireSameWeights(owner, weights)
    const application = {
      owner,
      index: owner.applications.length,
      inputs,
      outputShape,
    }
    owner.applications.push(application)
    return symbolicTensor(application, scope)
  }
}

function tensorsOf(given: unknown, layer: string, arity: 'one' | 'many'): NonEmpty<SymbolicTensor> {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given]
  const [first, ...rest] = list
  const wanted = arity === 'one' ? 'one symbolic tensor' : 'one symbolic tensor or a list of them'
  if (!isSymbolicTensor(first) || !rest.every(isSymbolicTensor) || (arity === 'one' && rest.length > 0)) {
    throw new ConvzooError({
      kind: 'option',
      message: `The layer ${layer} was applied to something that it does not take.`,
      expected: wanted,
      received: Array.isArray(given)
        ? `a list of ${given.length}`
        : isSymbolicTensor(given)
          ? 'one'
          : describeValue(given),
    })
  }
  return [first, ...rest]
}

function requireSameWeights(owner: AppliedLayer, weights: Readonly<Record<string, WeightDeclaration>>): void {
  for (const name of new Set([...Object.keys(owner.weights), ...Object.keys(weights)])) {
    const [known, now] = [owner.weights[name]?.shape, weights[name]?.shape]
    if (known?.join() === now?.join()) continue
    throw new ConvzooError({
      kind: 'shape',
      message: `The layer ${owner.name} is shared, and its ${name} does not fit its new input.`,
      expected: known === undefined ? 'no such weight' : formatShape(known),
      received: now === undefined ? 'no such weight' : formatShape(now),
    })
  }
}
