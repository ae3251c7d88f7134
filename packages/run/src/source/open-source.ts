import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConvzooError } from '@convzoo/core'
import {
  type DatasetDefinition,
  fieldsOf,
  functionOf,
  internalError,
  isDatasetDefinition,
  isOptionsObject,
  matching,
  requireArguments,
} from '@convzoo/core/define'
import type { DataSource, DatasetName, DownloadProgress } from '@convzoo/data'
import { pathOption } from '@convzoo/files'
import { loadProvided, type Plugin } from '@convzoo/plugins'
import { given } from '../config/given.js'
import { installedPlugins } from '../plugins/installed.js'
import { datasetNames } from './dataset-names.js'
import type { Warn } from './run-data.js'

/** What a source may be, for people. */
export const sourceDescription = `${datasetNames.join(', ')}, a folder of photographs, a .tar or its http address, a .jsonl`

/** A source wherever the process is started: a path is made whole. `./mnist` is a folder, `mnist` the set. */
export function wholeSource(source: string): string {
  requireArguments('wholeSource', { source: [pathOption, source] })
  const isWhole =
    isName(source) || datasetPlugin(source) !== undefined || /^https?:/i.test(source) || isOfWindowsAlone(source)
  return isWhole ? source : resolve(source)
}

const contract = 'dataset/v1'

/** The installed package that provides a set of images of this name. */
const datasetPlugin = (name: string): Plugin | undefined =>
  /^[\w-]+$/.test(name)
    ? installedPlugins().plugins.find(({ provides }) => provides[contract].includes(name))
    : undefined

/**
 * The definition of a set of images that an installed package provides; undefined where the source is none.
 *
 * @throws ConvzooError of kind `registry` if the package cannot be used.
 */
export async function datasetDefinition(source: string): Promise<DatasetDefinition | undefined> {
  requireArguments('datasetDefinition', { source: [pathOption, source] })
  const plugin = isName(source) ? undefined : datasetPlugin(source)
  if (plugin === undefined) return undefined
  const provided = await loadProvided(plugin, contract, source)
  if (isDatasetDefinition(provided)) return provided
  throw internalError(`The dataset ${source} has a definition that is none.`)
}

/** Whether a path starts with a drive or a share of Windows, and this is another system: a run came from there. */
const isOfWindowsAlone = (path: string): boolean => process.platform !== 'win32' && /^(?:[a-z]:[\\/]|\\\\)/i.test(path)

const isName = (text: string): text is DatasetName => datasetNames.some((name) => name === text)

/** What says where the images come from. */
export interface SourceSettings {
  /** The name of a set, a path or an address. */
  readonly source: string
  readonly validationSplit?: number | undefined
  /** Those of a set that a plugin provides. */
  readonly options?: Readonly<Record<string, unknown>> | undefined
}

const sourceSettings = matching(
  'where images come from: { source, … }',
  (given): given is SourceSettings => isOptionsObject(given) && typeof fieldsOf(given).source === 'string',
)

/** Opens where the images come from. Downloads are told of. */
export async function openSource(settings: SourceSettings, warn: Warn): Promise<DataSource> {
  requireArguments('openSource', { settings: [sourceSettings, settings], warn: [functionOf<Warn>(), warn] })
  const { source: data, validationSplit, options } = settings
  const { openData, sourceOf } = await import('@convzoo/data')
  const definition = await datasetDefinition(data)
  if (definition !== undefined) return sourceOf(definition, options, given({ validationSplit }))
  if (options !== undefined && Object.keys(options).length > 0) throw noOptions(data, options)
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
  return openData(data, { onProgress, onWarning: warn, ...given({ validationSplit }) })
}

/**
 * Opens where the images of a run come from.
 *
 * @throws ConvzooError of kind `file` that says what to do if they are no longer there.
 */
export async function openRunSource(settings: SourceSettings, warn: Warn): Promise<DataSource> {
  return await openSource(settings, warn).catch((error: unknown) => {
    if (!ConvzooError.isInstance(error) || error.kind !== 'file') throw error
    const hint = isOfWindowsAlone(settings.source)
      ? 'the run comes from Windows: give the place of its images here by --data'
      : 'where they have been moved, give their new place by --data'
    throw new ConvzooError({ ...error.toFields(), hint: error.hint === undefined ? hint : `${error.hint}; ${hint}` })
  })
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

function noOptions(source: string, options: object): ConvzooError {
  return new ConvzooError({
    kind: 'option',
    message: `The data ${source} take no options: no plugin provides them.`,
    expected: 'no "options" of the data',
    received: Object.keys(options).join(', '),
    hint: 'leave them out, or name a set that a plugin provides',
  })
}
