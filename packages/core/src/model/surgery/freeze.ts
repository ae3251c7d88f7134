import { ConvzooError, describeValue } from '../../errors/index.js'
import { matching, requireArguments } from '../../options/index.js'
import { isRegExp } from '../../recognise/index.js'
import type { Model } from '../contract.js'
import { modelOption } from '../options.js'
import { rebuilt } from './rebuilt.js'
import { unknownLayer } from './submodel.js'

/** Which layers are meant: by their names, or by a pattern that their names match. */
export type LayerPattern = string | readonly string[] | RegExp

const layerPattern = matching(
  'the name of a layer, a list of names, or a pattern such as /^conv/',
  (given): given is LayerPattern =>
    (typeof given === 'string' && given !== '') ||
    isRegExp(given) ||
    (Array.isArray(given) && given.length > 0 && given.every((name) => typeof name === 'string' && name !== '')),
)

/**
 * The model with these layers frozen: training leaves their weights alone, and they act as in inference. Names and weights stay those of
 * the model, which itself does not change. Layers of auxiliary heads are meant, too.
 *
 * @throws ConvzooError of kind `option` for a name that no layer has, or a pattern that matches none with weights.
 * @example
 * const model = freeze(replaceHead(createModel('alexnet'), 10), /^conv2d/) // trains the dense layers alone
 */
export function freeze(model: Model, pattern: LayerPattern): Model {
  return withTrainable('freeze', model, pattern, false)
}

/**
 * The model with these layers trained again: the counterpart of {@link freeze}.
 *
 * @throws ConvzooError of kind `option` for a name that no layer has, or a pattern that matches none with weights.
 * @example
 * const more = unfreeze(model, ['conv2d_4'])
 */
export function unfreeze(model: Model, pattern: LayerPattern): Model {
  return withTrainable('unfreeze', model, pattern, true)
}

function withTrainable(subject: string, model: Model, pattern: LayerPattern, trainable: boolean): Model {
  requireArguments(subject, { model: [modelOption, model], pattern: [layerPattern, pattern] })
  const meant = meantBy(subject, model, pattern)
  return rebuilt(model, {
    layerOf: ({ name, layer }) => (meant.has(name) && layer.trainable !== trainable ? { ...layer, trainable } : layer),
  })
}

function meantBy(subject: string, model: Model, pattern: LayerPattern): ReadonlySet<string> {
  const layers = [...model.layers, ...model.auxiliary.flatMap((head) => head.layers)]
  if (!isRegExp(pattern)) {
    const names = typeof pattern === 'string' ? [pattern] : pattern
    const unknown = names.find((asked) => !layers.some(({ name }) => name === asked))
    if (unknown !== undefined) throw unknownLayer(model, unknown)
    return new Set(names)
  }
  // A pattern with the flag g would remember where it found something; `search` does not.
  const found = layers.filter(({ name }) => name.search(pattern) >= 0)
  if (found.some(({ parameters }) => parameters > 0)) return new Set(found.map(({ name }) => name))
  throw new ConvzooError({
    kind: 'option',
    message: `The pattern of ${subject} matches no layer of ${model.name} that has weights.`,
    expected: `a pattern for names such as ${describeValue(layers.find(({ parameters }) => parameters > 0)?.name ?? 'none')}`,
    received: String(pattern),
  })
}
