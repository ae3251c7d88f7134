import { ConvzooError } from '../errors/index.js'
import { requireArguments } from '../options/index.js'
import { formatShape, type Shape, sameShape } from '../shape.js'
import type { Ending, Model } from './contract.js'
import { modelOption } from './options.js'

/** Whether a model ends in one number a class, so that there is something to train it on. */
export function endsInClasses({ endsIn }: Model): boolean {
  return endsIn === 'classes'
}

interface SaidEnding {
  readonly shape: Shape
  readonly classes?: number | undefined
  readonly endsIn?: Ending | undefined
}

/**
 * What an output is, and how many classes it tells apart. A row is one of classes unless something else is said; 0 classes, which was
 * the sign of it before, are features, or a map.
 *
 * @throws ConvzooError of kind `option` for words that contradict each other, of kind `shape` for an output that is not what they say.
 */
export function endingOf({ shape, ...said }: SaidEnding): Pick<Model, 'endsIn' | 'classes'> {
  const other = shape.length === 1 ? 'features' : 'map'
  const { endsIn = said.classes === 0 || (said.classes === undefined && other === 'map') ? other : 'classes' } = said
  if (endsIn !== 'classes') {
    if ((said.classes ?? 0) > 0) {
      throw new ConvzooError({
        kind: 'option',
        message: `A model that ends in ${endsIn} has no classes.`,
        expected: 'no option "classes", or endsIn: \'classes\'',
        received: `classes: ${said.classes}`,
      })
    }
    if (endsIn === other) return { endsIn, classes: 0 }
    throw new ConvzooError({
      kind: 'shape',
      message: `The output of a model that is to end in ${endsIn} does not.`,
      expected: endsIn === 'features' ? 'an output of shape (features,)' : 'an output of at least two axes, or none',
      received: formatShape(shape),
    })
  }
  const { classes = shape[0] ?? 0 } = said
  if (classes > 0 && sameShape(shape, [classes])) return { endsIn, classes }
  throw new ConvzooError({
    kind: 'shape',
    message: 'The output of a model has not one value a class.',
    expected: said.classes === undefined ? 'an output of shape (classes,)' : formatShape([classes]),
    received: formatShape(shape),
    hint: "end in a layer of so many units, or say endsIn: 'features' or 'map'",
  })
}

/**
 * Refuses a model that can only predict.
 *
 * @throws ConvzooError of kind `option` if it ends in features, of kind `shape` if it ends in a map.
 */
export function requireClasses(model: Model): void {
  requireArguments('requireClasses', { model: [modelOption, model] })
  if (endsInClasses(model)) return
  const { name, output, endsIn } = model
  if (endsIn === 'features') {
    throw new ConvzooError({
      kind: 'option',
      message: `The network ${name} ends in ${output.shape[0]} features, not in classes: there is nothing to train it on.`,
      expected: 'a network with classes',
      received: endsIn,
      hint: 'pass classes, such as createModel(architecture, { classes: 10 }), or put dense() behind its features',
    })
  }
  throw new ConvzooError({
    kind: 'shape',
    message: `The network ${name} does not end in one value a class: there is nothing to train it on.`,
    expected: 'an output of shape (classes,)',
    received: formatShape(output.shape),
  })
}
