import type { DataSource, DatasetName } from '@convzoo/data'
import { given } from '../training/used-options.js'

/** The sets that are known by name; the package that finds them is loaded when one is asked for. */
export const datasetNames = ['mnist', 'fashion-mnist', 'cifar10', 'cifar100'] as const satisfies readonly DatasetName[]

/** What says where the images come from. */
export interface SourceSettings {
  readonly dataset: DatasetName
  /** A folder, an archive, a manifest or an address, instead of a set that is known by name. */
  readonly data: string | undefined
  readonly validationPart: number | undefined
}

/** Opens where the images come from. Downloads are told of on stderr. */
export async function openSource({ dataset, data, validationPart }: SourceSettings): Promise<DataSource> {
  const { namedData, openData } = await import('@convzoo/data')
  let told = 0
  const onProgress = ({ url, received, total }: { url: string; received: number; total: number | undefined }): void => {
    if (received !== total && performance.now() - told < 1000) return
    told = performance.now()
    const of = total === undefined ? '' : ` of ${megabytes(total)}`
    process.stderr.write(`fetching ${url}: ${megabytes(received)}${of}\n`)
  }
  return data === undefined
    ? namedData(dataset, { onProgress })
    : openData(data, { onProgress, ...given({ validationPart }) })
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
