import { ConvzooError, describeValue } from '../../errors/index.js'
import { nearestNames, requireArguments, text } from '../../options/index.js'
import type { Model } from '../contract.js'
import { modelOption } from '../options.js'
import { symbolicTensor } from '../symbolic.js'
import { rebuilt } from './rebuilt.js'

/**
 * The part of a model that ends in the output of one of its layers, in `features` or in a `map`: what transfer, retrieval and looking
 * inside need. Layers keep their names, so that the weights of the whole fit the part. Of a layer that is applied several times, the last
 * is meant. Auxiliary heads are left out.
 *
 * @throws ConvzooError of kind `option` for a layer that the model does not have.
 * @example
 * const features = submodel(createModel('alexnet'), 'dense_1') // (227, 227, 3) → (4096)
 */
export function submodel(model: Model, layer: string): Model {
  requireArguments('submodel', { model: [modelOption, model], layer: [text, layer] })
  const application = model.layers.find(({ name }) => name === layer)?.applications.at(-1)
  if (application === undefined) throw unknownLayer(model, layer)
  return rebuilt(model, {
    layerOf: (owner) => owner.layer,
    output: symbolicTensor(application, model.scope),
    endsIn: application.outputShape.length === 1 ? 'features' : 'map',
    auxiliary: [],
    name: `${model.name}_${layer}`,
  })
}

/** The error for a name that no layer of a model has. */
export function unknownLayer({ name, layers, auxiliary }: Model, layer: string): ConvzooError {
  const near = nearestNames(
    layer,
    [...layers, ...auxiliary.flatMap((head) => head.layers)].map((each) => each.name),
  )
  return new ConvzooError({
    kind: 'option',
    message: `The network ${name} has no layer ${describeValue(layer)}.`,
    expected: 'the name of one of its layers, as its summary lists them',
    received: describeValue(layer),
    ...(near.length === 0 ? {} : { hint: `did you mean ${near.join(' or ')}?` }),
  })
}
