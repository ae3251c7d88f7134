import { nodePlatform } from './node-platform.js'
import type { TrainerOptions } from './options.js'
import { TrainerBase } from './trainer.js'

/**
 * Trains and evaluates a model on an engine.
 *
 * @example
 * const trainer = new Trainer({ model, engine, optimizer: sgdw({ weightDecay: 5e-4, momentum: 0.9 }) })
 * await trainer.fit(dataset, { epochs: 5, batchSize: 32 })
 * const { top1 } = await trainer.evaluate(test, { batchSize: 32 })
 * await trainer.dispose()
 */
export class Trainer extends TrainerBase {
  /**
   * @throws ConvzooError of kind `option` for a bad option, of kind `shape` if a layer of the model, the loss or the optimizer does not
   * give what it should: it is named.
   */
  constructor(options: TrainerOptions) {
    super(options, nodePlatform)
  }
}
