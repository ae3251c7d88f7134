import { ConvzooError, type Dataset, type Score } from '@convzoo/core'
import { batchMakers, naturalOrder, prefetch } from './batches/index.js'
import { ConfusionMatrix, RunningScore } from './metrics/index.js'
import { requireOutput } from './outputs.js'
import type { Session } from './session.js'

/** How well a model does on a dataset. */
export interface Evaluation extends Score {
  /** Counts: rows are true classes, columns predicted ones, in the dataset's order of classes. */
  readonly confusion: number[][]
}

/** Goes through a dataset in its order. */
export async function evaluateDataset(
  session: Session,
  dataset: Dataset,
  batchSize: number,
  signal?: AbortSignal,
): Promise<Evaluation> {
  const running = new RunningScore()
  const confusion = new ConfusionMatrix(dataset.classes.length)
  for await (const { item } of prefetch(batchMakers(dataset, naturalOrder(dataset.length), batchSize))) {
    signal?.throwIfAborted()
    const { images, targets, size } = item
    const outputs = await session.run('evaluate', size, { images, targets })
    const scored = {
      losses: requireOutput(outputs, 'losses'),
      probabilities: requireOutput(outputs, 'probabilities'),
      targets,
    }
    running.add(scored)
    confusion.add(scored)
  }
  const { score } = running
  if (!Number.isFinite(score.loss)) {
    throw new ConvzooError({
      kind: 'numeric',
      message: `The loss on ${dataset.name} is not finite.`,
      expected: 'a finite number',
      received: String(score.loss),
      mend: 'look for weights or images that are not finite numbers',
    })
  }
  return { ...score, confusion: confusion.rows }
}
