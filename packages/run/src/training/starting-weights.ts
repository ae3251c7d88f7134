import type { WeightMatch } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import { openSafetensors } from '@convzoo/safetensors'
import { RunFolder, type Trainer } from '@convzoo/trainer'
import type { RunSettings } from '../config/config.js'
import type { Told } from '../listener.js'

/** Gives a trainer the weights that its run starts from. */
type StartingWeights = (trainer: Trainer, told: Told) => Promise<void>

/**
 * The newest weights of the run that another one starts from, or those of a safetensors file: those that fit by name and shape are taken, and
 * it is said which others there were. Undefined where the network starts from its seed.
 *
 * @throws ConvzooError of kind `file` if that is no run or has no weights; of kind `state`, later, if none of them fits.
 */
export async function startingWeights({ network: { from } }: RunSettings): Promise<StartingWeights | undefined> {
  if (from === undefined) return undefined
  if (from.endsWith('.safetensors')) return fromFile(from)
  const folder = await RunFolder.open(from)
  const newest = await folder.newestWeights()
  return async (trainer, told) => {
    told.warn(newest.warnings)
    const match = await newest.read((tensors) => trainer.writeWeights(tensors, { partial: true }))
    told.log(wordsOf(from, match))
  }
}

/** Those of a file, such as {@link importWeights} writes or a run ends with. */
async function fromFile(path: string): Promise<StartingWeights> {
  // Before anything else is made.
  await (await openSafetensors(path)).close()
  return async (trainer, told) => {
    const file = await openSafetensors(path)
    try {
      told.log(wordsOf(path, await trainer.writeWeights(file.read(), { partial: true })))
    } finally {
      await file.close()
    }
  }
}

function wordsOf(from: string, { taken, left, missing, misshapen }: WeightMatch): string {
  const anew = [...missing, ...misshapen.map(({ name }) => name)]
  const starting = anew.length === 0 ? '' : `; from the seed: ${named(anew)}`
  const unused = left.length === 0 ? '' : `; not used: ${named(left)}`
  return `weights ${taken.length} of ${printable(from)}${starting}${unused}`
}

const mostNamed = 5

function named(names: readonly string[]): string {
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : ''
  return `${names
    .slice(0, mostNamed)
    .map((name) => printable(name))
    .join(', ')}${more}`
}
