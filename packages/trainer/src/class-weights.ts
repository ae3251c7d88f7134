import { ConvzooError, type Dataset } from '@convzoo/core'
import {
  describeValue,
  fieldsOf,
  invalid,
  isOptionsObject,
  nearestNames,
  type Option,
  printable,
  required,
  written,
} from '@convzoo/core/define'

/**
 * What each sample of a class counts in what training makes smaller, by the names of the classes, 1 where nothing is said; or `balanced`:
 * samples / (classes · samples of the class), so that each class counts alike.
 */
export type ClassWeights = 'balanced' | Readonly<Record<string, number>>

/** The weights of classes, or how they follow from the data. */
export const classWeightsOption: Option<string | Readonly<Record<string, number>>, ClassWeights> = written(
  {
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'object', additionalProperties: { type: 'number', minimum: 0 } },
    ],
  },
  required('balanced, or numbers of at least 0 by the names of classes, such as cat=2,dog=0.5', (value) => {
    if (value === 'balanced') return value
    const given = typeof value === 'string' ? weightsIn(value) : value
    if (!isOptionsObject(given)) return invalid
    const weights: Record<string, number> = {}
    for (const [name, weight] of Object.entries(fieldsOf(given))) {
      if (typeof weight !== 'number' || !(weight >= 0) || !Number.isFinite(weight)) return invalid
      weights[name] = weight
    }
    return Object.keys(weights).length === 0 ? invalid : weights
  }),
)

/** The weights of a line; a name may hold what it likes but a comma. */
function weightsIn(line: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    line.split(',').map((part) => {
      const [, name = part, value = ''] = /^(.*)=([^=]*)$/.exec(part) ?? []
      return [name.trim(), value.trim() === '' ? value : Number(value)]
    }),
  )
}

/**
 * The weight of each class, in the order of the dataset's classes.
 *
 * @throws ConvzooError of kind `option` for a class that there is not or if none counts, of kind `data` if weights are to be balanced and the dataset does not
 * say what its samples are.
 */
export function classWeightsOf(given: ClassWeights, dataset: Dataset): Float32Array {
  if (given === 'balanced') return balancedWeights(dataset)
  const { classes } = dataset
  const unknown = Object.keys(given).find((name) => !classes.includes(name))
  if (unknown !== undefined) {
    const near = nearestNames(unknown, classes)
    throw new ConvzooError({
      kind: 'option',
      message: `The option "classWeights" names a class that there is not.`,
      expected: `names of the classes: ${classes
        .slice(0, 10)
        .map((name) => printable(name))
        .join(', ')}`,
      received: printable(unknown),
      ...(near.length === 0 ? {} : { hint: `did you mean ${near.map((name) => printable(name)).join(' or ')}?` }),
    })
  }
  const weights = Float32Array.from(classes, (name) => (Object.hasOwn(given, name) ? (given[name] ?? 1) : 1))
  if (weights.some((weight) => weight > 0)) return weights
  throw new ConvzooError({
    kind: 'option',
    message: 'The option "classWeights" leaves nothing to learn.',
    expected: 'a class whose weight is above 0',
    received: describeValue(given),
  })
}

function balancedWeights(dataset: Dataset): Float32Array {
  const counts = countsOf(labelsOf(dataset, 'classWeights'), dataset.classes.length)
  const present = counts.filter((count) => count > 0).length
  return Float32Array.from(counts, (count) => (count === 0 ? 1 : dataset.length / (present * count)))
}

function countsOf(labels: ArrayLike<number>, classes: number): readonly number[] {
  const counts = new Array<number>(classes).fill(0)
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index] ?? 0
    counts[label] = (counts[label] ?? 0) + 1
  }
  return counts
}

/**
 * The class of each sample.
 *
 * @throws ConvzooError of kind `data` if the dataset does not say it, or says what cannot be.
 */
export function labelsOf({ name, labels, length, classes }: Dataset, option: string): ArrayLike<number> {
  const isClass = (label: unknown): boolean =>
    typeof label === 'number' && Number.isInteger(label) && label >= 0 && label < classes.length
  if (labels !== undefined && labels.length === length && Array.from(labels).every(isClass)) return labels
  throw new ConvzooError({
    kind: 'data',
    message: `The dataset ${printable(name)} does not say which class each sample is of, which the option "${option}" needs.`,
    expected: `labels: ${length} whole numbers from 0 to ${classes.length - 1}`,
    received: describeValue(labels),
    hint: 'give the dataset a member labels, as arrayDataset and those of @convzoo/data have, or leave the option out',
  })
}
