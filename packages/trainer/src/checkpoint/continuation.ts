import type { Position } from '../stand.js'
import type { TrainedOn } from './data-identity.js'
import { changedData, changedDataLine, isOtherOrder, isSameData } from './data-identity.js'
import { requireSameSettings, type Settings } from './settings.js'

/** Where training stands, and what it was done with. */
interface Stand {
  readonly position: Position
  readonly data: TrainedOn | undefined
  /** The checkpoint that was loaded since the last training. */
  readonly loadedFrom: string | undefined
}

/** Where training goes on, with what, and what to say of it. */
interface Continuation {
  readonly position: Position
  readonly data: TrainedOn
  readonly line?: string
}

/**
 * Decides whether training may go on with data. Between epochs a trainer takes any, unless it is to go on from a checkpoint; within an
 * epoch, only those that the epoch began with.
 *
 * @throws ConvzooError of kind `state` if they are others and may not be, or the batch size is another than that of the checkpoint.
 */
export function continuation(
  { position, data: saved, loadedFrom }: Stand,
  now: Omit<TrainedOn, 'since'>,
  allowChangedData: boolean,
): Continuation {
  if (saved === undefined) return { position, data: { ...now, since: position } }
  if (loadedFrom !== undefined) requireSameSettings(sizeOf(saved), sizeOf(now), loadedFrom)
  if (isSameData(saved.identity, now.identity)) {
    const since = saved.batchSize === now.batchSize ? (saved.since ?? position) : position
    return { position, data: { ...now, since } }
  }
  if (loadedFrom === undefined && position.sample === 0) return { position, data: { ...now, since: position } }
  if (!allowChangedData) throw changedData(saved.identity, now.identity, loadedFrom)
  const again = position.sample > 0 && isOtherOrder(saved.identity, now.identity)
  const from = again ? { ...position, sample: 0 } : position
  return { position: from, data: { ...now, since: from }, line: changedDataLine(saved.identity, now.identity, again) }
}

const sizeOf = ({ batchSize, sampling }: Omit<TrainedOn, 'since'>): Settings => ({
  'batch size': String(batchSize),
  ...(sampling === undefined ? {} : { sampling }),
})

/** What makes the last bits of a result differ, where a checkpoint was made elsewhere. */
export const environmentWarnings = (path: string, madeBy: string, now: string): readonly string[] =>
  madeBy === now ? [] : [`${path} was made by ${madeBy}; this is ${now}: the last bits of the result may differ.`]
