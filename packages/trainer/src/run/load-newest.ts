import { basename } from 'node:path'
import { ConvzooError } from '@convzoo/core'
import type { Trainer } from '../node-trainer.js'
import type { LoadedCheckpoint } from '../options.js'

/** Where a resumed run goes on. */
export interface Resumed extends LoadedCheckpoint {
  /** The checkpoint that was read; without one the run starts from its beginning. */
  readonly checkpoint: string | undefined
}

/**
 * Loads the first of checkpoints that can be read into a trainer, and says which ones before it cannot be.
 *
 * @throws ConvzooError of kind `file` if there are some but none can be read, of kind `state` if the trainer is another one.
 */
export async function loadNewest(
  trainer: Trainer,
  checkpoints: readonly string[],
): Promise<Resumed & { readonly unreadable: readonly string[] }> {
  const skipped: { readonly checkpoint: string; readonly error: ConvzooError }[] = []
  const unreadable = () => skipped.map(({ checkpoint }) => checkpoint)
  for (const checkpoint of checkpoints) {
    try {
      const { position, warnings } = await trainer.loadCheckpoint(checkpoint)
      const damaged = skipped.map(({ error }) => `${error.message}\n  ${basename(checkpoint)} is used instead.`)
      return { checkpoint, position, warnings: [...damaged, ...warnings], unreadable: unreadable() }
    } catch (error) {
      if (!ConvzooError.isInstance(error) || error.kind !== 'file') throw error
      skipped.push({ checkpoint, error })
    }
  }
  const [first] = skipped
  if (first !== undefined) throw first.error
  return { checkpoint: undefined, position: trainer.position, warnings: [], unreadable: [] }
}
