import { ConvzooError, type Dataset, type Model } from '@convzoo/core'
import {
  describeValue,
  formatShape,
  invalid,
  printable,
  requireSpecification,
  sameShape,
  unusableOption,
} from '@convzoo/core/define'
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
 * @throws ConvzooError of kind `option` if it is none, of kind `specification` if it was written for another contract, of kind `data` if
 * what it says of itself cannot be, it is empty or has other classes, of kind `shape` if its images or the number of its classes do not fit.
 */
export function fittingDataset(dataset: Dataset, { model, classes, some }: FittingOptions): FittingDataset {
  if (datasetOption.parse(dataset, '') === invalid) {
    throw unusableOption('"dataset"', { expected: datasetOption.expected, received: describeValue(dataset) })
  }
  requireFacts(dataset)
  const images = model.inputs[0]?.shape ?? []
  const name = printable(dataset.name)
  if (!sameShape(dataset.imageShape, images)) {
    throw new ConvzooError({
      kind: 'shape',
      message: `The images of ${name} do not fit the input of ${model.name}.`,
      expected: formatShape(images),
      received: formatShape(dataset.imageShape),
      hint: 'load the dataset with the image shape of the model, or make the model with that of the dataset',
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
      hint: `make the model with ${own.length} classes`,
    })
  }
  const met = classes === undefined ? undefined : meetClasses({ name: dataset.name, classes: own }, classes, some)
  if (classes === undefined || met === undefined) return { dataset, lines: [] }
  const isSame = met.places.every((place, index) => place === index) && met.places.length === classes.length
  return {
    dataset: isSame ? dataset : mappedDataset(dataset, classes, met.places),
    lines: metClassesLines(dataset.name, met),
  }
}

/** More samples than these have no order that fits into memory. */
const mostSamples = 2 ** 28

/** A dataset whose facts are none would be gone through in no step at all, or fail in the midst of one. */
function requireFacts({ specification, name, length, imageShape, concurrency }: Dataset): void {
  requireSpecification(`The dataset ${describeValue(name)}`, specification, 'dataset/v1')
  if (length === 0) {
    throw new ConvzooError({ kind: 'data', message: `The dataset ${name} is empty.`, expected: 'at least 1 sample' })
  }
  const fact = (member: string, value: unknown, expected: string, is: (value: unknown) => boolean): void => {
    if (is(value)) return
    throw new ConvzooError({
      kind: 'data',
      message: `The ${member} of the dataset ${typeof name === 'string' ? printable(name) : describeValue(name)} cannot be.`,
      expected,
      received: describeValue(value),
    })
  }
  fact('name', name, 'a text', (value) => typeof value === 'string')
  fact('length', length, `a whole number from 1 to ${mostSamples}`, (value) => isCount(value, mostSamples))
  fact('imageShape', imageShape, '[height, width, channels], each a whole number of at least 1', (value) => {
    return Array.isArray(value) && value.length === 3 && value.every((size) => isCount(size))
  })
  if (concurrency !== undefined) {
    fact('concurrency', concurrency, 'a whole number of at least 1', (value) => isCount(value))
  }
}

const isCount = (value: unknown, most: number = Number.MAX_SAFE_INTEGER): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most
