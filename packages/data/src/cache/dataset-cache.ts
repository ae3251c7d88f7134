import type { Pixels } from '../augment/image.js'
import type { PictureForm } from '../augment/placement.js'
import type { Keeping } from './kept-picture.js'
import { type OpenedCache, openCache } from './open-cache.js'
import { type CacheKind, type CacheOptions, requireCache } from './options.js'
import type { CacheStart } from './picture-cache.js'

/** A dataset's cache, as the thread sees it that asks workers for batches. */
export class DatasetCache {
  readonly #dataset: string
  readonly #kind: CacheKind
  readonly #bytes: number | undefined
  readonly #warn: (line: string) => void
  /** The pictures that are in memory, by form and index. */
  readonly #pictures = new Map<PictureForm, Map<number, Pixels>>()
  #opened: OpenedCache | undefined
  #opening: Promise<void> | undefined
  #hasWarned = false

  /** @throws ConvzooError of kind `option`. */
  constructor(dataset: string, options: CacheOptions) {
    this.#dataset = dataset
    this.#kind = requireCache(options)
    this.#bytes = options.cacheBytes
    this.#warn = options.onWarning ?? ((line) => process.emitWarning(line))
  }

  /** What workers must know. */
  get start(): CacheStart | undefined {
    return this.#opened?.start
  }

  /** Makes room, once: when pictures are first asked for, so that others have taken what they need. */
  async open(maker: string): Promise<void> {
    const kind = this.#kind
    if (kind === 'none') return
    this.#opening ??= openCache(kind, this.#bytes, maker).then((opened) => {
      this.#opened = opened
      this.report(opened)
    })
    await this.#opening
  }

  get(form: PictureForm, index: number): Pixels | undefined {
    return this.#pictures.get(form)?.get(index)
  }

  add(form: PictureForm, index: number, picture: Pixels | undefined): void {
    if (picture === undefined) return
    const pictures = this.#pictures.get(form) ?? new Map<number, Pixels>()
    this.#pictures.set(form, pictures.set(index, picture))
  }

  /** Says, once, what keeps pictures from being kept. */
  report({ trouble, isFull = false }: Pick<Keeping, 'trouble' | 'isFull'>): void {
    if (this.#hasWarned || (trouble === undefined && !isFull)) return
    this.#hasWarned = true
    this.#warn(
      trouble === undefined
        ? `The cache of decoded images is full: ${gigabytes(this.#opened?.bytes ?? 0)} in ${this.#place}. The other images of ${this.#dataset} are decoded each time, unless the option "cacheBytes" (--cache-size) allows more.`
        : `No more decoded images of ${this.#dataset} are kept in ${this.#place}: ${trouble}.`,
    )
  }

  get #place(): string {
    return this.#opened?.folder ?? 'memory'
  }
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(bytes < 1e10 ? 2 : 0)} GB`
