import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConvzooError } from '@convzoo/core'
import type { DataSource, DatasetName, DownloadProgress } from '@convzoo/data'
import { warn } from '../terminal/output.js'
import { given } from '../training/used-options.js'

/** The sets that are known by name; the package that finds them is loaded when one is asked for. */
const datasetNames = ['mnist', 'fashion-mnist', 'cifar10', 'cifar100'] as const satisfies readonly DatasetName[]

/** How the command line takes a source. */
export const sourceFlag = {
  description: `${datasetNames.join(', ')}, a folder of photographs, a .tar or its http address, a .jsonl`,
  /** A path is kept whole, so that a run finds its images from any folder: `./mnist` is a folder, `mnist` the set. */
  read: (text: string): string =>
    isName(text) || /^https?:/i.test(text) || isOfWindowsAlone(text) ? text : resolve(text),
} as const

/** Whether a path starts with a drive or a share of Windows, and this is another system: a run came from there. */
const isOfWindowsAlone = (path: string): boolean => process.platform !== 'win32' && /^(?:[a-z]:[\\/]|\\\\)/i.test(path)

const isName = (text: string): text is DatasetName => datasetNames.some((name) => name === text)

/** What says where the images come from. */
export interface SourceSettings {
  /** The name of a set, a path or an address. */
  readonly data: string
  readonly validationPart: number | undefined
}

/** Opens where the images come from. Downloads are told of on stderr. */
export async function openSource({ data, validationPart }: SourceSettings): Promise<DataSource> {
  const { openData } = await import('@convzoo/data')
  let told = 0
  const onProgress = ({ url, received, total }: DownloadProgress): void => {
    if (received !== total && performance.now() - told < 1000) return
    told = performance.now()
    const of = total === undefined ? '' : ` of ${megabytes(total)}`
    void warn(`fetching ${url}: ${megabytes(received)}${of}`)
  }
  if (isName(data) && existsSync(data)) {
    void warn(`${data} is the set of that name, not the ${data} in this folder, which is --data ./${data}`)
  }
  return openData(data, { onProgress, onWarning: (line) => void warn(line), ...given({ validationPart }) })
}

/**
 * Opens where the images of a run come from.
 *
 * @throws ConvzooError of kind `file` that says what to do if they are no longer there.
 */
export async function openRunSource(settings: SourceSettings): Promise<DataSource> {
  return await openSource(settings).catch((error: unknown) => {
    if (!ConvzooError.isInstance(error) || error.kind !== 'file') throw error
    const mend = isOfWindowsAlone(settings.data)
      ? 'the run comes from Windows: give the place of its images here by --data'
      : 'where they have been moved, give their new place by --data'
    throw new ConvzooError({ ...error.toFields(), mend: error.mend === undefined ? mend : `${error.mend}; ${mend}` })
  })
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
