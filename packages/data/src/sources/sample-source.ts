import type { Preprocessing, Split } from '@convzoo/core'
import { defineOptions } from '@convzoo/core/define'
import { checkedLimit } from '../dataset/checks.js'
import type { SampleDataset, SampleOptions } from '../dataset/index.js'
import { stratifiedSplit } from '../images/select.js'
import { checkedSource, type DataSource } from './data-source.js'
import { splitOptions } from './options.js'
import { defaultValidationSplit, type SplitOptions } from './splits.js'

/** A set whose images are read into memory, such as MNIST: with images to train on, and perhaps others to test on. */
export interface SampleSource {
  readonly name: string
  readonly classes: readonly string[]
  readonly preprocessing?: Preprocessing
  readonly hasTest: boolean
  open(split: 'train' | 'test', options: SampleOptions): Promise<SampleDataset>
}

const options = defineOptions(splitOptions)

/** The set as a source. Images to validate on are set aside of those to train on, where that is asked for or there is no test split. */
export function ofSamples({ hasTest, open, ...source }: SampleSource, division: SplitOptions): DataSource {
  const parsed = options.parse(source.name, division)
  const part = parsed.validationSplit ?? (hasTest ? 0 : defaultValidationSplit)
  const splits: readonly Split[] = [
    'train',
    ...(part > 0 ? (['validation'] as const) : []),
    ...(hasTest ? (['test'] as const) : []),
  ]
  return checkedSource({
    ...source,
    splits,
    notes: [],
    open: async (split, { imageShape, preprocessing = source.preprocessing, limit }) => {
      const chosen: SampleOptions = { imageShape, ...(preprocessing === undefined ? {} : { preprocessing }) }
      if (split === 'test' || part === 0) {
        return open(split === 'test' ? 'test' : 'train', limit === undefined ? chosen : { ...chosen, limit })
      }
      const whole = await open('train', chosen)
      const samples = Array.from(whole.labels, (label, index) => ({ label, index }))
      const places = stratifiedSplit(samples, part, parsed.splitSeed)[split].map(({ index }) => index)
      return whole.select(limit === undefined ? places : places.slice(0, checkedLimit(limit)))
    },
  })
}
