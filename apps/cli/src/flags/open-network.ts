import { watchedBy } from '../terminal/progress.js'
import { openScreen } from '../terminal/screen.js'
import type { EngineChoice } from './engine-flags.js'
import { oneNetwork, saidOfWeights, type WeightsFlags } from './weights-flags.js'

/** Opens the run or the weights that a command names, and shows how far it is. */
export async function openNetwork(command: string, run: string | undefined, flags: WeightsFlags, engine: EngineChoice) {
  const { openWeights } = await import('@convzoo/run')
  return openWeights(oneNetwork(command, flags, run), {
    ...saidOfWeights(flags),
    ...engine(),
    ...watchedBy(await openScreen()),
  })
}
