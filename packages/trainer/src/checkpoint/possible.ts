import type { Totals } from '../metrics/index.js'
import type { Position } from '../stand.js'
import type { TrainedOn } from './data-identity.js'

interface Stand {
  readonly position: Position
  readonly totals: Totals
  readonly data: TrainedOn | undefined
}

/** Why training cannot stand there, in words; undefined where it can. */
export function impossible({ position, totals, data }: Stand): string | undefined {
  const { step, epoch, sample } = position
  const { samples, top1, top5, loss } = totals
  if (data === undefined) {
    return step + epoch + sample + samples === 0 ? undefined : `step ${step} of epoch ${epoch} without images`
  }
  const { images } = data.identity
  if (sample > images) return `sample ${sample} of ${images}`
  // Each epoch, and one that was begun, has at least a step.
  if (step < epoch + Math.min(sample, 1)) return `step ${step} in epoch ${epoch}, at sample ${sample}`
  if (data.since !== undefined) {
    const due = stepsAt(position, data.since, images, data.batchSize)
    if (due !== step)
      return `step ${step} where epoch ${epoch}, sample ${sample} is ${due === undefined ? 'none' : `step ${due}`}`
  }
  // An epoch that ended keeps its sums until the next one starts.
  if (sample > 0 && samples !== sample) return `sums over ${samples} samples at sample ${sample}`
  if (top1 > top5 || top5 > samples) return `${top1} and ${top5} of ${samples} samples right`
  if (samples === 0 && loss !== 0) return `a loss of ${loss} over no sample`
  return undefined
}

/** The number of steps that lead to a place, if these images and this batch size are used since another; undefined if none do. */
function stepsAt({ epoch, sample }: Position, since: Position, images: number, batchSize: number): number | undefined {
  const within = (from: number, to: number): number | undefined => {
    const whole = to === images || (to - from) % batchSize === 0
    return to >= from && whole ? Math.ceil((to - from) / batchSize) : undefined
  }
  if (since.sample > images || epoch < since.epoch) return undefined
  if (epoch === since.epoch) {
    const steps = within(since.sample, sample)
    return steps === undefined ? undefined : since.step + steps
  }
  const rest = within(since.sample, images) ?? 0
  const between = (epoch - since.epoch - 1) * Math.ceil(images / batchSize)
  const steps = within(0, sample)
  return steps === undefined ? undefined : since.step + rest + between + steps
}
