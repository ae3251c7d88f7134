import type { Loss } from '../losses/index.js'
import { endsInClasses } from '../model/ends.js'
import type { Model } from '../model/index.js'
import type { Optimizer, WeightAverage } from '../optimizers/index.js'
import { traceModel } from './trace-model.js'
import { tracedLosses } from './trace-training.js'
import { traceUpdate } from './trace-update.js'

export interface TriedOut {
  readonly model: Model
  /** The model that training moves: with its auxiliary heads. */
  readonly trained: Model
  readonly loss: Loss
  readonly optimizer: Optimizer | undefined
  readonly average: WeightAverage | undefined
}

/**
 * Traces what authors wrote, and throws the trace away: each application of each layer, in training and in inference, the loss, and
 * the update of every weight, without gradients. So whoever makes a program learns of what is wrong before it is compiled or trained.
 *
 * @throws ConvzooError of kind `shape` that names the layer, the loss or the optimizer.
 */
export function tryOut({ model, trained, loss, optimizer, average }: TriedOut): void {
  const classes = endsInClasses(model)
  // Other than the number of classes, so that a loss of one number a class is none of one number a sample.
  const batchSize = model.classes === 2 ? 3 : 2
  const inference = traceModel(model, { batchSize, training: false })
  if (classes) tracedLosses(inference, { model, loss })
  if (optimizer === undefined) return
  const training = traceModel(trained, { batchSize, training: true })
  if (classes) tracedLosses(training, { model: trained, loss })
  const { builder, ops, weights } = training
  const moving = trained.weights.flatMap((weight) => {
    const value = weights.get(weight.name)
    if (!weight.trainable || value === undefined) return []
    const gradient = builder.input(`gradient of ${weight.name}`, { shape: weight.shape, dtype: 'float32' })
    return [{ weight, value, gradient }]
  })
  traceUpdate(moving, { builder, ops, optimizer, average })
}
