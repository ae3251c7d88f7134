import { batchSizesOf } from './batches/index.js'
import type { BatchSizes } from './compiled-sizes.js'
import type { Workload } from './options.js'
import { predictionSizes } from './prediction-sizes.js'
import { trainingSizes } from './step.js'

type Work = Readonly<Record<'train' | 'evaluate' | 'predict', readonly Workload[]>>

/** The batch sizes that work needs. */
export function compiledFor({ train, evaluate, predict }: Work, microBatchSize: number | undefined): BatchSizes {
  const batches = (workloads: readonly Workload[]): readonly number[] =>
    workloads.flatMap(({ samples, batchSize }) => batchSizesOf(samples, batchSize))
  const predictions = (workloads: readonly Workload[]): readonly number[] =>
    workloads.flatMap(({ samples, batchSize }) => predictionSizes(samples, batchSize))
  const byAverages = (workloads: readonly Workload[], wanted: boolean): readonly Workload[] =>
    workloads.filter(({ weights }) => (weights === 'average') === wanted)
  return {
    ...trainingSizes(batches(train), microBatchSize),
    evaluate: batches(byAverages(evaluate, false)),
    evaluateAverages: batches(byAverages(evaluate, true)),
    predict: predictions(byAverages(predict, false)),
    predictAverages: predictions(byAverages(predict, true)),
  }
}
