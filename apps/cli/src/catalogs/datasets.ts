import type { Dataset, ImageShape, Preprocessing } from '@convzoo/core'

interface LoadOptions {
  readonly split: 'train' | 'test'
  readonly imageShape: ImageShape
  /** The first so many samples. */
  readonly limit?: number
}

/** A dataset that the command line knows by name. */
export interface NamedDataset {
  readonly classes: number
  load(options: LoadOptions): Promise<Dataset>
  preprocessing(): Promise<Preprocessing>
}

export const datasetNames = ['mnist'] as const
export type DatasetName = (typeof datasetNames)[number]

/** Each loads its reader when it is asked for. */
export const datasets: Readonly<Record<DatasetName, NamedDataset>> = {
  mnist: {
    classes: 10,
    load: async (options) => (await import('@convzoo/data')).mnist(options),
    preprocessing: async () => (await import('@convzoo/data')).mnistPreprocessing,
  },
}
