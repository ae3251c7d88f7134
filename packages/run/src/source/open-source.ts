import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConvzooError } from '@convzoo/core'
import type { DataSource, DatasetName, DownloadProgress } from '@convzoo/data'
import { given } from '../config/given.js'
import type { Warn } from './run-data.js'

/** The sets that are known by name; the package that finds them is loaded when one is asked for. */
const datasetNames = ['mnist', 'fashion-mnist', 'cifar10', 'cifar100'] as const satisfies readonly DatasetName[]

/** What a source may be, for people. */
export const sourceDescription = `${datasetNames.join(', ')}, a folder of photographs, a .tar or its http address, a .jsonl`

/** A source wherever the process is started: a path is made whole. `./mnist` is a folder, `mnist` the set. */
export const wholeSource = (text: string): string =>
  isName(text) || /^https?:/i.test(text) || isOfWindowsAlone(text) ? text : resolve(text)

/** Whether a path starts with a drive or a share of Windows, and this is another system: a run came from there. */
const isOfWindowsAlone = (path: string): boolean => process.platform !== 'win32' && /^(?:[a-z]:[\\/]|\\\\)/i.test(path)

const isName = (text: string): text is DatasetName => datasetNames.some((name) => name === text)

/** What says where the images come from. */
export interface SourceSettings {
  /** The name of a set, a path or an address. */
  readonly source: string
  readonly validationPart?: number | undefined
}

/** Opens where the images come from. Downloads are told of. */
export async function openSource({ source: data, validationPart }: SourceSettings, warn: Warn): Promise<DataSource> {
  const { openData } = await import('@convzoo/data')
  let told = 0
  const onProgress = ({ url, received, total }: DownloadProgress): void => {
    if (received !== total && performance.now() - told < 1000) return
    told = performance.now()
    const of = total === undefined ? '' : ` of ${megabytes(total)}`
    warn(`fetching ${url}: ${megabytes(received)}${of}`)
  }
  if (isName(data) && existsSync(data)) {
    warn(`${data} is the set of that name, not the ${data} in this folder, which is --data ./${data}`)
  }
  return openData(data, { onProgress, onWarning: warn, ...given({ validationPart }) })
}

/**
 * Opens where the images of a run come from.
 *
 * @throws ConvzooError of kind `file` that says what to do if they are no longer there.
 */
export async function openRunSource(settings: SourceSettings, warn: Warn): Promise<DataSource> {
  return await openSource(settings, warn).catch((error: unknown) => {
    if (!ConvzooError.isInstance(error) || error.kind !== 'file') throw error
    const mend = isOfWindowsAlone(settings.source)
      ? 'the run comes from Windows: give the place of its images here by --data'
      : 'where they have been moved, give their new place by --data'
    throw new ConvzooError({ ...error.toFields(), mend: error.mend === undefined ? mend : `${error.mend}; ${mend}` })
  })
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
