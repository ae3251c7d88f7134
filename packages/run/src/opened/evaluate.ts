import { ConvzooError, type Dataset, type Preprocessing } from '@convzoo/core'
import type { Evaluation } from '@convzoo/trainer'
import type { Choice } from '../plugins/definition.js'
import { installedDefinitions } from '../plugins/definitions.js'
import { badImageLines } from '../source/bad-images.js'
import { openEvaluated } from '../source/evaluated.js'
import type { EvaluatedSplit } from '../source/evaluated-splits.js'
import { makeMetrics } from '../training/metrics.js'
import type { Crops } from './crops.js'
import type { OpenedNetwork } from './opened-network.js'

/** Which images, and how they are looked at. */
export interface EvaluatedImages {
  readonly data: string | undefined
  readonly split: EvaluatedSplit | undefined
  readonly limit: number | undefined
  readonly batchSize: number
  readonly crops: Crops
  readonly mistakes: number | undefined
  readonly metrics: readonly Choice[] | undefined
}

/** How well a run's network does, and on what. */
export interface RunEvaluation extends Evaluation {
  readonly split: EvaluatedSplit
  /** In the order of the network's outputs, as the confusion matrix has them. */
  readonly classes: readonly string[]
  /** What was looked at; it is there until the run is disposed of. */
  readonly dataset: Dataset
}

export async function evaluateRun(run: OpenedNetwork, wanted: EvaluatedImages): Promise<RunEvaluation> {
  const { plan, told } = run
  const { batchSize, crops, mistakes } = wanted
  const metrics = await makeMetrics(wanted.metrics ?? plan.settings.metrics, installedDefinitions())
  if (crops === 'ten') requireCrops(run.name, plan.preprocessing)
  const opened = await openEvaluated(plan, wanted, told.warn)
  const dataset = run.keep(opened.dataset)
  const trainer = await run.ready({ evaluate: [{ samples: dataset.length, batchSize }] })
  const evaluation = await trainer.evaluate(dataset, {
    batchSize,
    metrics,
    views: crops === 'ten' ? 10 : 1,
    onEvaluated: told.progress('evaluated'),
    ...(mistakes === undefined ? {} : { mistakes }),
  })
  told.warn(badImageLines(dataset))
  return { ...evaluation, split: opened.split, classes: trainer.classes ?? dataset.classes, dataset }
}

/** Where images are resized to the input itself, all crops are the same. */
function requireCrops(name: string, { shorterSide }: Preprocessing): void {
  if (shorterSide !== undefined) return
  throw new ConvzooError({
    kind: 'option',
    message: `${name} sees images whole: there are no crops of them.`,
    expected: 'a run that was trained on photographs, or with --shorter-side or --augment paper',
    received: '--crops ten',
    hint: 'leave --crops out',
  })
}
