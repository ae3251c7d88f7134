import type { Inputs, NamedTensor, Outputs } from '@convzoo/core'
import { applyGradientsName, zeroGradientsName } from '@convzoo/core/engine'
import type { PlacedBatch } from './batches/index.js'
import type { Scored } from './metrics/index.js'
import { requireOutput } from './outputs.js'
import type { Session } from './session.js'

/** What a step gave, sample by sample, and whether it was finite: if it was not, nothing of it stays. */
export interface StepOutputs extends Omit<Scored, 'targets'> {
  readonly losses: Float32Array
  readonly finite: boolean
  /** Of all gradients together, before they are clipped; where the program tells it, and it is finite. */
  readonly gradientNorm?: number
}

/** What a step takes beside its batch. */
export interface StepInputs {
  readonly seed: Uint32Array
  readonly step: number
  /** What a sample counts by its class, where classes count otherwise. */
  readonly classWeights?: Float32Array
  /** Learning rate and the like. */
  readonly scalars: Readonly<Record<string, number>>
}

/** The sizes of the micro-batches of a batch: as large as may be, and the rest. */
export function microBatchSizes(size: number, microBatchSize: number): readonly number[] {
  return Array.from({ length: Math.ceil(size / microBatchSize) }, (_, index) =>
    Math.min(microBatchSize, size - index * microBatchSize),
  )
}

/** A step at once. In a section of the session that changes. */
export async function stepAtOnce(session: Session, batch: PlacedBatch, inputs: StepInputs): Promise<StepOutputs> {
  return toldBy(await session.run('train', batch.size, stepInputs(batch, inputs)))
}

/** What the function of a whole step takes. */
export const stepInputs = (
  { images, targets, sampleIndices }: PlacedBatch,
  { scalars, ...more }: StepInputs,
): Inputs => ({ images, targets, sampleIndices, ...more, ...scalars })

/** What it gave. */
export const toldBy = (outputs: Outputs): StepOutputs => ({
  losses: Float32Array.from(requireOutput(outputs, 'losses')),
  probabilities: requireOutput(outputs, 'probabilities'),
  finite: requireOutput(outputs, 'finite')[0] === 1,
  ...gradientNormOf(outputs),
})

/** The squares of large gradients may leave what float32 holds where the gradients do not. */
function gradientNormOf({ gradientNorm }: Outputs): Pick<StepOutputs, 'gradientNorm'> {
  const norm = gradientNorm?.[0]
  return norm === undefined || !Number.isFinite(norm) ? {} : { gradientNorm: norm }
}

/**
 * A step whose gradients are summed over micro-batches, so that only one of them has to fit into memory; the update follows once, by their
 * mean. In a section of the session that changes. Whatever ends it before the update leaves the state as it was.
 */
export async function stepInMicroBatches(
  session: Session,
  batch: PlacedBatch,
  { scalars, ...more }: StepInputs,
  microBatchSize: number,
): Promise<StepOutputs> {
  const { size } = batch
  const losses = new Float32Array(size)
  let probabilities = new Float32Array()
  // Layers move their statistics with each micro-batch.
  const statistics = await collected(session.read(statisticsOf(session)))
  const giveUp = async (): Promise<void> => {
    await session.call(zeroGradientsName, {})
    await session.write(statistics)
  }
  try {
    let done = 0
    for (const { from, count, inputs } of microBatches(batch, microBatchSize)) {
      const outputs = await session.run('accumulate', count, { ...inputs, ...more })
      const each = requireOutput(outputs, 'probabilities')
      if (from === 0) probabilities = new Float32Array((each.length / count) * size)
      losses.set(requireOutput(outputs, 'losses'), from)
      probabilities.set(each, (each.length / count) * from)
      done += count
      if (requireOutput(outputs, 'finite')[0] === 1) continue
      await giveUp()
      return { losses: losses.subarray(0, done), probabilities, finite: false }
    }
    const applied = await session.call(applyGradientsName, { samples: size, ...scalars })
    const finite = requireOutput(applied, 'finite')[0] === 1
    if (!finite) await giveUp()
    return { losses, probabilities, finite, ...gradientNormOf(applied) }
  } catch (error) {
    // Where the engine does nothing any more, its error is the one to tell.
    await giveUp().catch(() => undefined)
    throw error
  }
}

/** A part of a batch. */
interface MicroBatch {
  readonly from: number
  readonly count: number
  readonly inputs: Inputs
}

/** The micro-batches of a batch, one after the other. */
export function* microBatches(
  { images, targets, sampleIndices, size }: PlacedBatch,
  microBatchSize: number,
): Generator<MicroBatch> {
  let from = 0
  for (const count of microBatchSizes(size, microBatchSize)) {
    const rows = <T extends Float32Array | Uint32Array>(values: T) => {
      const row = values.length / size
      return values.slice(from * row, (from + count) * row)
    }
    yield { from, count, inputs: { images: rows(images), targets: rows(targets), sampleIndices: rows(sampleIndices) } }
    from += count
  }
}

const statisticsOf = ({ state }: Session): readonly string[] =>
  state.filter(({ role }) => role === 'statistic').map(({ name }) => name)

async function collected(tensors: AsyncIterable<NamedTensor>): Promise<readonly NamedTensor[]> {
  const all: NamedTensor[] = []
  for await (const tensor of tensors) all.push(tensor)
  return all
}
