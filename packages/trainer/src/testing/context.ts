import type { TrainingContext } from '@convzoo/core'
import { Watch } from '../callbacks/watch.js'
import { Stand } from '../stand.js'
import { Stop } from '../stop.js'
import { network, trainer } from './brighter.js'

/** What a callback gets of a trainer that has not begun. */
export function contextOfNew(): TrainingContext {
  const trained = trainer()
  const writeState = async (tensors: Parameters<TrainingContext['writeState']>[0]): Promise<void> =>
    void (await trained.writeWeights(tensors))
  return new Watch({ trainer: trained, stand: new Stand(), model: network(), writeState }, new Stop()).context
}
