import { invalid, isOptionsObject, matching, requireArguments, text } from '../../options/index.js'
import { isShape, type Shape, sameShape } from '../../shape.js'

/** A tensor by its name and shape; what else is there is not looked at. */
export interface NamedShape {
  readonly name: string
  readonly shape: Shape
}

/** What of some tensors fits a model. Names are in the order of the model, of those that are left in their own. */
export interface WeightMatch {
  /** Those of the model that are there, in its shape. */
  readonly taken: readonly string[]
  /** Those that the model does not have. */
  readonly left: readonly string[]
  /** Those of the model that are not there. */
  readonly missing: readonly string[]
  /** Those that are there in another shape. */
  readonly misshapen: readonly { readonly name: string; readonly expected: Shape; readonly received: Shape }[]
}

const namedShapes = matching(
  'a list of { name, shape }, such as model.weights',
  (given): given is readonly NamedShape[] =>
    Array.isArray(given) &&
    given.every(
      (each) =>
        isOptionsObject(each) &&
        text.parse(Reflect.get(each, 'name'), '') !== invalid &&
        isShape(Reflect.get(each, 'shape')),
    ),
)

/**
 * Which of `given` can be the weights of a model, by name and shape: for weights of another network, of other classes or of a part.
 *
 * @example
 * const { taken, left, missing, misshapen } = matchWeights(replaceHead(model, 5).weights, tensors)
 */
export function matchWeights(wanted: readonly NamedShape[], given: readonly NamedShape[]): WeightMatch {
  requireArguments('matchWeights', { wanted: [namedShapes, wanted], given: [namedShapes, given] })
  const shapes = new Map(given.map(({ name, shape }) => [name, shape]))
  const known = new Set(wanted.map(({ name }) => name))
  const there = wanted.map(({ name, shape }) => ({ name, expected: shape, received: shapes.get(name) }))
  return {
    taken: there.flatMap(({ name, expected, received }) =>
      received !== undefined && sameShape(expected, received) ? [name] : [],
    ),
    left: given.flatMap(({ name }) => (known.has(name) ? [] : [name])),
    missing: there.flatMap(({ name, received }) => (received === undefined ? [name] : [])),
    misshapen: there.flatMap(({ name, expected, received }) =>
      received === undefined || sameShape(expected, received) ? [] : [{ name, expected, received }],
    ),
  }
}
