import { ConvzooError } from '@convzoo/core'
import type { BadImage, ImageListing } from './reference.js'

/** What happens when an image cannot be read. */
export const badImagePolicies = ['skip', 'fail'] as const
export type BadImagePolicy = (typeof badImagePolicies)[number]

export interface BadImageOptions {
  /** `skip` by default: another image takes its place, and it is reported. */
  readonly onBadImage?: BadImagePolicy | undefined
  /** So many are skipped; one more is an error. A tenth of the images by default. */
  readonly maxBad?: number | undefined
}

/** The images of a dataset that could not be read, counted once each. */
export class BadImages {
  readonly #policy: BadImagePolicy
  readonly #most: number
  readonly #dataset: string
  readonly #found = new Map<number, BadImage>()
  readonly #refused: readonly BadImage[]
  /** So many of those that were refused while listing count. */
  readonly #counted: number

  /** `used` images of a listing. Where no bound is given, what the listing refused counts as much less as fewer are used. */
  constructor({ name, images, refused }: ImageListing, used: number, { onBadImage = 'skip', maxBad }: BadImageOptions) {
    this.#dataset = name
    this.#policy = onBadImage
    this.#most = maxBad ?? Math.ceil(used / 10)
    this.#refused = refused
    this.#counted = maxBad === undefined ? Math.floor((refused.length * used) / images.length) : refused.length
    this.#check(refused.at(0))
  }

  has(index: number): boolean {
    return this.#found.has(index)
  }

  /** All so far, in the order of the listing. */
  get report(): readonly BadImage[] {
    const found = [...this.#found].sort(([a], [b]) => a - b).map(([, image]) => image)
    return [...this.#refused, ...found]
  }

  /**
   * Counts an image.
   *
   * @throws ConvzooError of kind `data` if the policy is to fail, or there are too many.
   */
  add(index: number, image: BadImage): void {
    this.#found.set(index, image)
    this.#check(image)
  }

  #check(latest: BadImage | undefined): void {
    const count = this.#counted + this.#found.size
    if (latest === undefined || (this.#policy === 'skip' && count <= this.#most)) return
    const { name, reason } = latest
    throw new ConvzooError({
      kind: 'data',
      message:
        this.#policy === 'fail'
          ? `An image of ${this.#dataset} cannot be used: ${name}.`
          : `${count} images of ${this.#dataset} cannot be used, the latest: ${name}.`,
      expected: this.#policy === 'fail' ? 'only images that can be read' : `at most ${this.#most} that cannot`,
      received: reason,
      hint: '`convzoo data inspect` lists all of them; remove or replace them, or allow more with the option "maxBad" (--max-bad)',
    })
  }
}
