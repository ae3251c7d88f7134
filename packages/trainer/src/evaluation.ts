import { ConvzooError, type Dataset, type Score } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import { naturalOrder, prefetchBatches, viewedBatchMakers } from './batches/index.js'
import type { Evaluation } from './evaluation-result.js'
import { classScores, Measured, ViewMean, WorstMistakes, withoutRows } from './metrics/index.js'
import type { EvaluateOptions } from './options.js'
import { requireOutput } from './outputs.js'
import type { Session } from './session.js'
import { patience } from './stop.js'

/** Goes through a dataset in its order; the state stays as it is until the end. */
export function evaluateDataset(session: Session, dataset: Dataset, options: EvaluateOptions): Promise<Evaluation> {
  return session.look(() => scored(session, dataset, options), session.stop(options.signal))
}

async function scored(
  session: Session,
  dataset: Dataset,
  { batchSize, mistakes, metrics = [], views = 1, weights, onEvaluated, signal }: EvaluateOptions,
): Promise<Evaluation> {
  const stop = session.stop(signal)
  const measured = new Measured(dataset.classes.length, metrics)
  const worst = mistakes === undefined ? undefined : new WorstMistakes(mistakes)
  const mean = new ViewMean(views)
  const makers = viewedBatchMakers(dataset, naturalOrder(dataset.length), batchSize, views)
  let done = 0
  for await (const { item } of prefetchBatches(makers, dataset, stop)) {
    const { images, targets, size, sampleIndices, skipped } = item
    const outputs = await session.run(weights === 'average' ? 'evaluateAverages' : 'evaluate', size, {
      images,
      targets,
    })
    const losses = requireOutput(outputs, 'losses')
    const probabilities = requireOutput(outputs, 'probabilities')
    const seen = mean.add({ losses, probabilities })
    if (seen !== undefined) {
      worst?.add({ ...seen, targets }, sampleIndices, skipped)
      measured.add(withoutRows({ ...seen, targets }, skipped))
    }
    dataset.recycle?.(item)
    done += size
    await stop.race(onEvaluated?.(done, dataset.length * views), patience)
    stop.throwIfGiven()
  }
  const score = requireScore(measured.score, dataset)
  const { confusion } = measured
  return {
    ...score,
    confusion,
    byClass: classScores(confusion),
    ...(worst === undefined ? {} : { mistakes: worst.list }),
  }
}

/** A score is of something, and a number. */
function requireScore(score: Score | undefined, { name, length }: Dataset): Score {
  if (score === undefined) throw nothingRead(name, length)
  if (Number.isFinite(score.loss)) return score
  throw new ConvzooError({
    kind: 'numeric',
    message: `The loss on ${printable(name)} is not finite.`,
    expected: 'a finite number',
    received: String(score.loss),
    hint: 'look for weights or images that are not finite numbers',
  })
}

/** No row of a dataset, or of an epoch of it, was an image of its own. */
export function nothingRead(name: string, samples: number): ConvzooError {
  return new ConvzooError({
    kind: 'data',
    message: `None of the images of ${printable(name)} could be read.`,
    expected: 'at least 1 image that can be read',
    received: `${samples} images, all of them skipped`,
    hint: 'look at the images and at what reads them',
  })
}
