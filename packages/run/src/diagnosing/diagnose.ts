import { printable } from '@convzoo/core/define'
import { confusions } from '@convzoo/trainer'
import type { PageSection } from '@convzoo/visualize/inside'
import { captionOf } from '../opened/draw-mistakes.js'
import { evaluateRun, type RunEvaluation } from '../opened/evaluate.js'
import type { OpenedNetwork } from '../opened/opened-network.js'
import { openEvaluated } from '../source/evaluated.js'
import { drawFilters } from '../visualizing/first-filters.js'
import { drawMistakeMaps } from '../visualizing/mistake-maps.js'
import { type Look, lookInto, picturesOf, plainPlan, type VisualizedPicture } from '../visualizing/pictures.js'
import type { ParsedRunDiagnoseOptions } from './options.js'

/** Something that may be wrong with a layer of a network. */
export interface DiagnosedFinding {
  /** `dead-units`, `saturated-units`, `duplicate-filters`, `aliasing`, `small-gradient`, … */
  readonly kind: string
  /** A note is what healthy networks have, too. */
  readonly severity: 'warning' | 'note'
  readonly layer: string
  /** Units or filters that it is about; none where it is about the layer. */
  readonly units: readonly number[]
  readonly measured: number
  /** From where on it is a finding. */
  readonly limit: number
  /** What was found, with its numbers, in a sentence. */
  readonly says: string
  /** What to try. */
  readonly advice: string
}

/** A class that is taken for another. */
export interface ConfusedClasses {
  readonly truth: string
  readonly predicted: string
  /** So many of its images. */
  readonly count: number
  /** And so large a part of them. */
  readonly part: number
}

/** What may be wrong inside of a network, and how it errs. */
export interface RunDiagnosis {
  /** A sentence that says whether anything is wrong. */
  readonly verdict: string
  readonly findings: readonly DiagnosedFinding[]
  readonly evaluation: RunEvaluation
  /** Which classes are taken for which, the most often first. */
  readonly confused: readonly ConfusedClasses[]
  /** The first filters, and what the network looked at for its worst mistakes. */
  readonly pictures: readonly VisualizedPicture[]
  /** HTML that loads nothing and shows all of this. */
  readonly page: string
}

/** Images at a time in an evaluation. */
const batchSize = 100

/** Pairs of classes that are listed. */
const mostConfused = 10

/** Measures what may be wrong, and shows it. */
export async function diagnoseNetwork(run: OpenedNetwork, options: ParsedRunDiagnoseOptions): Promise<RunDiagnosis> {
  const { samples, mistakes, data, split, limit } = options
  const images = { data, split, limit }
  const look = await lookInto(run)
  const { inside, network } = look
  const evaluation = await evaluateRun(run, { ...images, batchSize, crops: 'one', mistakes, metrics: undefined })
  const { dataset, classes } = evaluation
  const history = await run.history()
  const diagnosis = await inside.diagnose(network, {
    dataset,
    samples,
    classes,
    ...(history.length < 2 ? {} : { history }),
    onProgress: run.told.progress('looked into'),
  })
  const nameOf = (label: number): string => classes[label] ?? String(label)
  const confused = confusions(evaluation.confusion)
    .slice(0, mostConfused)
    .map((each) => ({ ...each, truth: nameOf(each.truth), predicted: nameOf(each.predicted) }))
  const filters = inside.lastMaps(network.model) === undefined ? [] : [await drawFilters(look)]
  const seen = await mistakesOf(run, look, { evaluation, images })
  const sections: readonly PageSection[] = [
    ...(filters.length === 0 ? [] : [{ heading: 'What the first layer looks for', figures: filters }]),
    {
      heading: 'Classes that are confused',
      says: scoreOf(evaluation),
      ...(confused.length === 0 ? {} : { table: confusedTable(confused) }),
    },
    ...(seen.length === 0 ? [] : [{ heading: 'Where it looked when it was wrong', figures: seen }]),
  ]
  return {
    verdict: inside.verdictOf(diagnosis),
    findings: diagnosis.findings,
    evaluation,
    confused,
    pictures: [...filters, ...seen],
    page: inside.diagnosisPage(`${run.name}: a diagnosis`, diagnosis, sections),
  }
}

const percent = (part: number): string => `${(100 * part).toFixed(1)} %`

const scoreOf = ({ top1, samples, split }: RunEvaluation): string =>
  `${percent(top1)} of ${samples} images (${split}) are taken for what they are.`

const confusedTable = (confused: readonly ConfusedClasses[]) => ({
  columns: ['class', 'taken for', 'images', 'of the class'],
  rows: confused.map(({ truth, predicted, count, part }) => [
    printable(truth),
    printable(predicted),
    String(count),
    percent(part),
  ]),
})

/** Each mistake with what spoke for the class that it was taken for, and what for its own. */
async function mistakesOf(
  run: OpenedNetwork,
  look: Look,
  {
    evaluation: { dataset, classes, mistakes = [] },
    images,
  }: { readonly evaluation: RunEvaluation; readonly images: Parameters<typeof openEvaluated>[1] },
): Promise<readonly VisualizedPicture[]> {
  if (mistakes.length === 0) return []
  const plain = plainPlan(run.plan)
  const shown = plain === undefined ? dataset : run.keep((await openEvaluated(plain, images, run.told.warn)).dataset)
  const places = mistakes.map(({ index }) => index)
  const pictureOf = await picturesOf(run.plan.preprocessing, shown, places)
  const maps = await drawMistakeMaps(look, dataset, mistakes, pictureOf)
  return mistakes.flatMap((mistake, index): VisualizedPicture[] => {
    const png = maps?.pngs[index]
    if (maps === undefined || png === undefined) return []
    const [is, seenAs] = captionOf(mistake, classes)
    const caption = `Image ${mistake.index} ${is}, ${seenAs}: what spoke for the one it was taken for, and what for its own (Grad-CAM at ${maps.layer})`
    return [{ name: `mistake-${index + 1}`, png, caption }]
  })
}
