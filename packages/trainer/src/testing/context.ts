import type { TrainingContext } from '@convzoo/core'
import { Watch } from '../callbacks/watch.js'
import { Stop } from '../stop.js'
import { network, trainer } from './brighter.js'

/** What a callback gets of a trainer that has not begun. */
export function contextOfNew(): TrainingContext {
  const trained = trainer()
  const writeState = trained.writeWeights.bind(trained)
  return new Watch({ trainer: trained, model: network(), writeState }, new Stop()).context
}
