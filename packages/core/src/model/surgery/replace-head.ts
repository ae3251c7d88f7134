import { ConvzooError } from '../../errors/index.js'
import type { Layer } from '../../layers/contract.js'
import { integer, requireArguments } from '../../options/index.js'
import type { Model } from '../contract.js'
import { modelOption } from '../options.js'
import type { AppliedLayer, SymbolicTensor } from '../symbolic.js'
import { rebuilt } from './rebuilt.js'

/**
 * The model for other classes: the layer that tells the classes apart (the last with weights, a `dense` or a convolution with one unit or
 * filter a class) takes `classes` of them, and what follows it, such as a softmax, stays. Auxiliary heads alike. Layers keep their names;
 * the new head starts as its initializers say, and is trained even if the old one was frozen.
 *
 * @throws ConvzooError of kind `option` if the model has no such head: it ends in features or a map, or in another layer.
 * @example
 * const flowers = replaceHead(createModel('alexnet', { classes: 1000 }), 5)
 */
export function replaceHead(model: Model, classes: number): Model {
  requireArguments('replaceHead', { model: [modelOption, model], classes: [integer(1), classes] })
  if (model.endsIn !== 'classes') {
    throw withoutHead(
      model,
      `an output of ${model.endsIn}`,
      'put dense() behind its output, in a functionalModel of your own',
    )
  }
  const changed = new Map<AppliedLayer, Layer>()
  for (const { output } of [model, ...model.auxiliary]) {
    const { head, behind } = endOf(model, output)
    changed.set(head, { ...head.layer.withOptions({ [unitsOf(head.layer)]: classes }), trainable: true })
    for (const owner of behind) changed.set(owner, reshapedTo(owner.layer, model.classes, classes))
  }
  return rebuilt(model, { layerOf: (owner) => changed.get(owner) ?? owner.layer })
}

/** A layer that names the shape of its output names the number of classes in it. */
function reshapedTo(layer: Layer, before: number, classes: number): Layer {
  const { targetShape } = layer.options
  if (!Array.isArray(targetShape)) return layer
  return layer.withOptions({ targetShape: targetShape.map((length) => (length === before ? classes : length)) })
}

/** What a layer calls the number that the classes decide. */
function unitsOf({ options }: Layer): 'units' | 'filters' {
  return 'units' in options ? 'units' : 'filters'
}

/** The layer that tells classes apart, and those behind it, which have no weights. */
function endOf(model: Model, output: SymbolicTensor): { readonly head: AppliedLayer; readonly behind: AppliedLayer[] } {
  const behind: AppliedLayer[] = []
  for (let { application } = output; ; ) {
    const { owner, inputs } = application
    const { layer, name } = owner
    if (layer.options[unitsOf(layer)] === model.classes) return { head: owner, behind }
    const [before] = inputs
    if (before === undefined || inputs.length > 1 || Object.keys(owner.weights).length > 0) {
      throw withoutHead(model, `${name} (${layer.type})`)
    }
    behind.push(owner)
    application = before.application
  }
}

function withoutHead(model: Model, received: string, hint?: string): ConvzooError {
  return new ConvzooError({
    kind: 'option',
    message: `The network ${model.name} has no head that could be replaced.`,
    expected: 'a last layer with one unit or filter a class, with nothing but layers without weights behind it',
    received,
    hint: hint ?? 'take a submodel, and put a head of your own behind it',
  })
}
