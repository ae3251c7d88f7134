import { printable } from '@convzoo/core/define'
import { RunFolder, type Trainer } from '@convzoo/trainer'
import type { RunSettings } from '../config/config.js'
import type { Told } from '../listener.js'

/** Gives a trainer the weights that its run starts from. */
type StartingWeights = (trainer: Trainer, told: Told) => Promise<void>

/**
 * The newest weights of the run that another one starts from: those that fit by name and shape are taken, and it is said which others there
 * were. Undefined where the network starts from its seed.
 *
 * @throws ConvzooError of kind `file` if that is no run or has no weights; of kind `state`, later, if none of them fits.
 */
export async function startingWeights({ network: { from } }: RunSettings): Promise<StartingWeights | undefined> {
  if (from === undefined) return undefined
  const folder = await RunFolder.open(from)
  const newest = await folder.newestWeights()
  return async (trainer, told) => {
    told.warn(newest.warnings)
    const match = await newest.read((tensors) => trainer.writeWeights(tensors, { partial: true }))
    const { taken, left, missing, misshapen } = match
    const anew = [...missing, ...misshapen.map(({ name }) => name)]
    const starting = anew.length === 0 ? '' : `; from the seed: ${named(anew)}`
    const unused = left.length === 0 ? '' : `; not used: ${named(left)}`
    told.log(`weights ${taken.length} of ${printable(from)}${starting}${unused}`)
  }
}

const mostNamed = 5

function named(names: readonly string[]): string {
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : ''
  return `${names
    .slice(0, mostNamed)
    .map((name) => printable(name))
    .join(', ')}${more}`
}
