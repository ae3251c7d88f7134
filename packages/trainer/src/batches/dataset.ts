import {
  ConvzooError,
  type Dataset,
  describeValue,
  formatShape,
  invalid,
  type Model,
  printable,
  sameShape,
  unusableOption,
} from '@convzoo/core'
import { datasetOption } from '../options.js'
import { checkedClassNames, meetClasses, metClassesLines } from './class-names.js'
import { mappedDataset } from './mapped-dataset.js'

/** What a model takes. */
interface FittingOptions {
  readonly model: Model
  /** Names of its outputs in their order, where they are known. */
  readonly classes: readonly string[] | undefined
  /** Whether the dataset may have some of the classes only. */
  readonly some: boolean
}

/** A dataset as the model takes it, and what to say of it, a line each. */
interface FittingDataset {
  readonly dataset: Dataset
  readonly lines: readonly string[]
}

/**
 * Makes a dataset fit a model: its classes are matched by name. Where the model's names are not known, their number has to do.
 *
 * @throws ConvzooError of kind `option` if it is none, of kind `data` if it is empty, says no count of its samples, or has other
 * classes, of kind `shape` if its
 * images or the number of its classes do not fit.
 */
export function fittingDataset(dataset: Dataset, { model, classes, some }: FittingOptions): FittingDataset {
  if (datasetOption.parse(dataset, '') === invalid) {
    throw unusableOption('"dataset"', { expected: datasetOption.expected, received: describeValue(dataset) })
  }
  const images = model.inputs[0]?.shape ?? []
  const name = printable(dataset.name)
  if (!sameShape(dataset.imageShape, images)) {
    throw new ConvzooError({
      kind: 'shape',
      message: `The images of ${name} do not fit the input of ${model.name}.`,
      expected: formatShape(images),
      received: formatShape(dataset.imageShape),
      mend: 'load the dataset with the image shape of the model, or make the model with that of the dataset',
    })
  }
  const own = checkedClassNames(dataset.classes, `The dataset ${name}`, 'data')
  const outputs = model.output.shape[0] ?? 0
  if (classes === undefined && own.length !== outputs) {
    throw new ConvzooError({
      kind: 'shape',
      message: `${name} and ${model.name} differ in the number of classes.`,
      expected: `${outputs}, as the model gives`,
      received: String(own.length),
      mend: `make the model with ${own.length} classes`,
    })
  }
  const met = classes === undefined ? undefined : meetClasses({ name: dataset.name, classes: own }, classes, some)
  requireCounts(dataset, name)
  if (classes === undefined || met === undefined) return { dataset, lines: [] }
  const isSame = met.places.every((place, index) => place === index) && met.places.length === classes.length
  return {
    dataset: isSame ? dataset : mappedDataset(dataset, classes, met.places),
    lines: metClassesLines(dataset.name, met),
  }
}

/** A dataset whose numbers are none would be gone through in no step at all. */
function requireCounts({ length, concurrency }: Dataset, name: string): void {
  if (length === 0) {
    throw new ConvzooError({ kind: 'data', message: `The dataset ${name} is empty.`, expected: 'at least 1 sample' })
  }
  const counts = { length, ...(concurrency === undefined ? {} : { concurrency }) }
  for (const [member, count] of Object.entries(counts)) {
    if (Number.isSafeInteger(count) && count >= 1) continue
    throw new ConvzooError({
      kind: 'data',
      message: `The ${member} of the dataset ${name} is no count.`,
      expected: 'a whole number of at least 1',
      received: describeValue(count),
    })
  }
}
