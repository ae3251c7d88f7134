import { ConvzooError, type ImageShape } from '@convzoo/core'
import { type DatasetName, datasetNames } from '../catalogs/datasets.js'
import { imageShape, oneOf, wholeNumber } from '../terminal/arguments.js'

/** What of a run's configuration an evaluation needs. */
export interface EvaluationConfig {
  readonly id: string
  readonly input: ImageShape
  readonly classes: number
  readonly dataset: DatasetName
  readonly batchSize: number
}

/**
 * Reads a run's configuration.
 *
 * @throws ConvzooError of kind `option` or `file` if something is missing or of another kind.
 */
export function evaluationConfig(config: Readonly<Record<string, unknown>>): EvaluationConfig {
  const text = (name: string): string => {
    const value = config[name]
    if (typeof value === 'string' || typeof value === 'number') return String(value)
    throw new ConvzooError({
      kind: 'file',
      message: `The configuration of the run lacks "${name}".`,
      expected: 'a config.json that `convzoo train` wrote',
      received: String(value),
    })
  }
  return {
    id: text('id'),
    input: imageShape('input of config.json')(text('input')),
    classes: wholeNumber('classes of config.json', 1)(text('classes')),
    dataset: oneOf('dataset of config.json', datasetNames)(text('dataset')),
    batchSize: wholeNumber('batchSize of config.json', 1)(text('batchSize')),
  }
}
