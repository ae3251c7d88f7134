import { ConvzooError, type Preprocessing } from '@convzoo/core'
import type { CacheOptions, DataSource } from '@convzoo/data'
import type { RunSettings } from '../config/config.js'
import { given } from '../config/given.js'
import type { RunPlan } from '../plan.js'

type CacheSettings = Partial<Pick<RunSettings['data'], 'cache' | 'cacheSize'>>

const hasCache = ({ cache = 'none' }: CacheSettings): boolean => cache !== 'none'

/**
 * How a run's decoded photographs are kept. Those that it looks at once are kept only where others find them later.
 *
 * @throws ConvzooError of kind `option` if a size is given for no cache.
 */
export function cacheOptionsOf(settings: CacheSettings, looks: 'once' | 'often'): CacheOptions {
  const { cache = 'none', cacheSize } = settings
  if (cache === 'none' && cacheSize !== undefined) throw sizeOfNothing(cacheSize)
  if (cache === 'none' || (cache === 'memory' && looks === 'once')) return {}
  return { cache, ...given({ cacheBytes: cacheSize === undefined ? undefined : cacheSize * 1e9 }) }
}

/** The settings of a resumed run: a size that was given for a cache goes with it. */
export function withoutUnusedSize<Settings extends CacheSettings>(settings: Settings, isSizeGiven: boolean): Settings {
  return hasCache(settings) || isSizeGiven ? settings : { ...settings, cacheSize: undefined }
}

function sizeOfNothing(cacheSize: number): ConvzooError {
  return new ConvzooError({
    kind: 'option',
    message: 'An option does not go with --cache none.',
    expected: 'no --cache-size',
    received: `--cache-size ${cacheSize}`,
    hint: 'leave it out, or choose another cache',
  })
}

/** Whether decoding takes time that a cache would spare. */
export const couldCache = (settings: CacheSettings, source: DataSource): boolean =>
  source.images !== undefined && !hasCache(settings)

/** What to say of a resumed run whose images come from elsewhere than before: nothing if they are the same. */
export function changedCacheLines(saved: RunPlan, settings: CacheSettings, source: DataSource): readonly string[] {
  if (source.images === undefined || !sizesVary(saved.preprocessing)) return []
  if (hasCache(saved.settings.data) === hasCache(settings)) return []
  return [
    'With --cache, randomResizedCrop resizes photographs that were decoded at their full size; without it they are shrunk while they are decoded, which rounds otherwise: the last bits of the result may differ.',
  ]
}

const sizesVary = ({ augmentation = [] }: Preprocessing): boolean =>
  augmentation.some(({ type }) => type === 'randomResizedCrop')
