import {
  ConvzooError,
  type Dataset,
  describeValue,
  formatShape,
  invalid,
  type Model,
  sameShape,
  unusableOption,
} from '@convzoo/core'
import { datasetOption } from '../options.js'

/**
 * Refuses a dataset that the model cannot take.
 *
 * @throws ConvzooError of kind `option` if it is none, of kind `data` if it is empty, of kind `shape` if its images or classes do not fit.
 */
export function requireFittingDataset(dataset: Dataset, model: Model): void {
  if (datasetOption.parse(dataset, '') === invalid) {
    throw unusableOption('"dataset"', { expected: datasetOption.expected, received: describeValue(dataset) })
  }
  const images = model.inputs[0]?.shape ?? []
  if (!sameShape(dataset.imageShape, images)) {
    throw new ConvzooError({
      kind: 'shape',
      message: `The images of ${dataset.name} do not fit the input of ${model.name}.`,
      expected: formatShape(images),
      received: formatShape(dataset.imageShape),
      mend: 'load the dataset with the image shape of the model, or make the model with that of the dataset',
    })
  }
  const classes = model.output.shape[0] ?? 0
  if (dataset.classes.length !== classes) {
    throw new ConvzooError({
      kind: 'shape',
      message: `${dataset.name} and ${model.name} differ in the number of classes.`,
      expected: `${classes}, as the model gives`,
      received: String(dataset.classes.length),
      mend: `make the model with ${dataset.classes.length} classes`,
    })
  }
  if (dataset.length === 0) {
    throw new ConvzooError({
      kind: 'data',
      message: `The dataset ${dataset.name} is empty.`,
      expected: 'at least 1 sample',
    })
  }
}
