import type { Model } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import { checkpointBytes, type Trainer } from '@convzoo/trainer'
import type { RunSettings } from '../config/config.js'

/** Beside the newest: the best one, and one that is being written. */
const besideNewest = 2

/** `1.2 MB`, or `3.4 kB` of what is small. */
const written = (bytes: number): string =>
  bytes < 1e5 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`

/** What checkpoints lose whose weights are rounded. */
const losses = {
  float32: [],
  bfloat16: ['16 of the 24 bits of each weight, and of what the optimizer keeps'],
  float16: ['13 of the 24 bits of each weight, and more of those below 0.00006'],
} as const

/** Bytes that a run takes of the disk at most, but for records and pictures, and what of them a checkpoint and the finished weights are. */
export function diskOf(
  { state }: Pick<Trainer, 'state'>,
  { weights }: Pick<Model, 'weights'>,
  { checkpoints: { storage, keep } }: Pick<RunSettings, 'checkpoints'>,
): { readonly most: number; readonly checkpoint: number; readonly finished: number } {
  const checkpoint = checkpointBytes(state, storage)
  const finished = weights.reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0)
  return { most: (keep + besideNewest) * checkpoint + finished, checkpoint, finished }
}

/**
 * What a run takes of the disk: its checkpoints and its weights; records and pictures are small beside them. And what is lost where
 * checkpoints hold rounded weights.
 */
export function diskLines(...[trainer, model, settings]: Parameters<typeof diskOf>): readonly string[] {
  const { storage, keep } = settings.checkpoints
  const { most, checkpoint, finished } = diskOf(trainer, model, settings)
  return [
    `disk    up to ${written(most)}: checkpoints of ${written(checkpoint)}, of which the newest ${keep === 2 ? 'two' : keep} and the best stay, and weights of ${written(finished)}`,
    ...losses[storage].map(
      (lost) => `storage checkpoints in ${storage} lose ${lost}: a run that is resumed ends otherwise`,
    ),
  ]
}
