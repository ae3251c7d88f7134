import { ConvzooError } from '@convzoo/core'
import type { DataSource } from '@convzoo/data'
import type { UsedPlan } from '../plan.js'
import { openRunSource } from './open-source.js'
import type { Warn } from './run-data.js'

/**
 * Opens the images that a network was trained on.
 *
 * @throws ConvzooError of kind `option` if it is not known which: a file of weights knows of none; of kind `file` if they are not there.
 */
export async function openOwnSource({ settings: { data } }: UsedPlan, warn: Warn): Promise<DataSource> {
  const { source } = data
  if (source !== undefined) return openRunSource({ ...data, source }, warn)
  throw new ConvzooError({
    kind: 'option',
    message: 'A file of weights has no images of its own.',
    expected: 'images to look at: files, or a source such as a folder of photographs',
    received: 'none',
    hint: 'give files to predict, or --data <source>; run.evaluate("flowers") in a program',
  })
}
