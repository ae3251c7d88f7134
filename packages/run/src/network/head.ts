import { type Model, replaceHead } from '@convzoo/core'

/**
 * The weights of the layers that tell the classes apart: those that would have another shape for another number of classes.
 *
 * @throws ConvzooError of kind `option` if the network has no such layers.
 */
export function headWeights(model: Model): readonly string[] {
  const other = new Map(replaceHead(model, model.classes + 1).weights.map(({ name, shape }) => [name, shape.join()]))
  return model.weights.flatMap(({ name, shape }) => (other.get(name) === shape.join() ? [] : [name]))
}

/** The names of those layers, auxiliary ones among them. */
export function headLayers(model: Model): readonly string[] {
  const weights = new Set(headWeights(model))
  const layers = [...model.layers, ...model.auxiliary.flatMap((head) => head.layers)]
  return layers.flatMap(({ name, weights: owned }) =>
    Object.keys(owned).some((weight) => weights.has(`${name}/${weight}`)) ? [name] : [],
  )
}
