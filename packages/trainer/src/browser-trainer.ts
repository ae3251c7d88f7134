import { browserPlatform } from './browser-platform.js'
import type { TrainerOptions } from './options.js'
import { TrainerBase } from './trainer.js'

/**
 * Trains and evaluates a model on an engine, in a browser. Where the one of Node.js has paths of files, this one has names of
 * {@link checkpoints}: what is saved is found there, and what is to be loaded is put there first. A file has the same bytes on both.
 *
 * @example
 * const trainer = new Trainer({ model, engine: tfjs(), optimizer })
 * await trainer.fit(digits, { epochs: 5, batchSize: 32, signal })
 * await trainer.saveCheckpoint('digits.safetensors')
 * link.href = URL.createObjectURL(trainer.checkpoints.get('digits.safetensors'))
 */
export class Trainer extends TrainerBase {
  /** Checkpoints by their names. */
  readonly checkpoints: Map<string, Blob>

  /**
   * @throws ConvzooError of kind `option` for a bad option, of kind `shape` if a layer of the model, the loss or the optimizer does not
   * give what it should: it is named.
   */
  constructor(options: TrainerOptions) {
    const checkpoints = new Map<string, Blob>()
    super(options, browserPlatform(checkpoints))
    this.checkpoints = checkpoints
  }
}
