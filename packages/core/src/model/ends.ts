import { ConvzooError } from '../errors/index.js'
import { requireArguments } from '../options/index.js'
import { formatShape } from '../shape.js'
import type { Model } from './contract.js'
import { modelOption } from './options.js'

/** Whether a model ends in one number a class, so that there is something to train it on. */
export function endsInClasses({ classes, output: { shape } }: Model): boolean {
  return classes > 0 && shape.length === 1
}

/**
 * Refuses a model that can only predict.
 *
 * @throws ConvzooError of kind `option` if it ends in features, of kind `shape` if it ends in a map.
 */
export function requireClasses(model: Model): void {
  requireArguments('requireClasses', { model: [modelOption, model] })
  if (endsInClasses(model)) return
  const { name, output } = model
  if (output.shape.length === 1) {
    throw new ConvzooError({
      kind: 'option',
      message: `The network ${name} ends in ${output.shape[0]} features, not in classes: there is nothing to train it on.`,
      expected: 'a network with classes',
      received: 'classes: 0',
      mend: 'pass classes, such as createModel(architecture, { classes: 10 })',
    })
  }
  throw new ConvzooError({
    kind: 'shape',
    message: `The network ${name} does not end in one value a class: there is nothing to train it on.`,
    expected: 'an output of shape (classes,)',
    received: formatShape(output.shape),
  })
}
