import { ConvzooError, describeValue } from '@convzoo/core'
import type { Totals } from '../metrics/index.js'
import type { Position } from '../training-steps.js'
import type { Settings } from './settings.js'

/** Says what a safetensors file is meant to be. */
const format = 'convzoo-checkpoint/v1'

/** What a trainer keeps between two steps besides tensors. */
export interface TrainerState {
  readonly position: Position
  /** Sums over the samples of the epoch under way. */
  readonly totals: Totals
  readonly settings: Settings
  /** What the last bits of a result depend on: engine, version, device, processor, threads. */
  readonly environment: string
}

/** The trainer's own part of a checkpoint, as a safetensors file holds it: texts by name, the names sorted. */
export function encodeTrainerState({ position, totals, settings, environment }: TrainerState): Record<string, string> {
  const { step, epoch, sample } = position
  const { samples, loss, top1, top5 } = totals
  const sorted = Object.fromEntries(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)))
  return {
    environment,
    format,
    settings: JSON.stringify(sorted),
    trainer: JSON.stringify({ epoch, running: { loss, samples, top1, top5 }, sample, step }),
  }
}

/**
 * Reads what {@link encodeTrainerState} wrote.
 *
 * @throws ConvzooError of kind `file` if the file is no checkpoint or its metadata are damaged.
 */
export function decodeTrainerState(path: string, metadata: Readonly<Record<string, string>>): TrainerState {
  if (metadata.format !== format) {
    throw new ConvzooError({
      kind: 'file',
      message: `${path} is not a checkpoint.`,
      expected: `a safetensors file whose metadata say ${format}`,
      received: metadata.format === undefined ? 'no format' : describeValue(metadata.format),
      mend: 'give a file from the folder checkpoints of a run',
    })
  }
  const fields = entries(path, metadata.trainer)
  const running = entries(path, JSON.stringify(fields.running))
  const count = (from: Readonly<Record<string, unknown>>, name: string): number => {
    const value = from[name]
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
    throw damagedState(path, `${name} ${describeValue(value)}`)
  }
  const { loss } = running
  if (typeof loss !== 'number') throw damagedState(path, `loss ${describeValue(loss)}`)
  const settings = Object.entries(entries(path, metadata.settings)).map(
    ([name, value]) => [name, String(value)] as const,
  )
  return {
    position: { step: count(fields, 'step'), epoch: count(fields, 'epoch'), sample: count(fields, 'sample') },
    totals: { samples: count(running, 'samples'), loss, top1: count(running, 'top1'), top5: count(running, 'top5') },
    settings: Object.fromEntries(settings),
    environment: metadata.environment ?? 'unknown',
  }
}

function entries(path: string, json: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json ?? '')
    if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value))
  } catch {
    // Not JSON: the error below.
  }
  throw damagedState(path, describeValue(json))
}

function damagedState(path: string, received: string): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `The checkpoint ${path} is damaged.`,
    expected: 'metadata that say where training stands',
    received,
    mend: 'resume from another checkpoint',
  })
}
