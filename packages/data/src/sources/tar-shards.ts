import { basename, dirname } from 'node:path'
import { ConvzooError } from '@convzoo/core'
import type { BadImage } from '../images/index.js'
import { localShard, type ShardEvents } from './local-shard.js'
import { type ImageSplits, listingOf, type NamedImage, type SplitOptions, splitListing } from './splits.js'
import { indexTar } from './tar-index.js'

export interface TarShardOptions extends SplitOptions, ShardEvents {
  /** What labels mean: `.cls` 0 is the first. The labels themselves, in their order, otherwise. */
  readonly classes?: readonly string[]
}

/** Labels are indices of classes; a larger one is a mistake. */
const mostClasses = 2 ** 16

/**
 * The images of tar shards in the WebDataset convention, plain or gzipped, local or at http addresses: `0001.jpg` and `0001.cls`, a
 * class's index, or a `0001.json` with `label`; without either the member's folder is its class. `{000..123}` in a name stands for all of
 * these. What is remote or gzipped is kept in the cache as plain tar.
 *
 * @throws ConvzooError of kind `file` if a shard cannot be read or fetched, of kind `data` if there is no image.
 * @example
 * const { train, validation } = await tarShards('shards/train-{000..003}.tar')
 */
export async function tarShards(
  pattern: string,
  { classes, onProgress, onWarning, ...options }: TarShardOptions = {},
): Promise<ImageSplits> {
  const images: NamedImage[] = []
  const refused: BadImage[] = []
  for (const shard of expandBraces(pattern)) {
    const path = await localShard(shard, {
      ...(onProgress === undefined ? {} : { onProgress }),
      ...(onWarning === undefined ? {} : { onWarning }),
    })
    const index = await indexTar(path)
    refused.push(...index.refused)
    for (const { key, image, label } of index.samples) {
      const className = label === undefined ? basename(dirname(key)) : named(label, classes)
      if (/^\d+$/.test(className) && Number(className) >= mostClasses) {
        refused.push({ name: image.name, reason: `a label outside the classes: ${className}` })
      } else images.push({ path, ...image, className })
    }
  }
  const listing = listingOf(basename(pattern), images, refused, classes)
  if (listing.images.length === 0) {
    throw new ConvzooError({
      kind: 'data',
      message: `${pattern} holds no image with a class.`,
      expected: 'members such as 0001.jpg with 0001.cls, or cat/0001.jpg',
      ...(refused[0] === undefined ? {} : { received: `${refused[0].name}: ${refused[0].reason}` }),
    })
  }
  return splitListing(listing, options)
}

/** An index becomes the name of the class, where names are known. */
function named(label: string, classes: readonly string[] | undefined): string {
  if (classes === undefined || !/^\d+$/.test(label)) return label
  return classes[Number(label)] ?? label
}

/** `a-{08..11}` is a-08, a-09, a-10 and a-11. */
export function expandBraces(pattern: string): readonly string[] {
  const match = /^(.*?)\{(\d+)\.\.(\d+)\}(.*)$/.exec(pattern)
  if (match === null) return [pattern]
  const [, before = '', first = '', last = '', after = ''] = match
  const count = Number(last) - Number(first) + 1
  if (count < 1 || count > 1e5) {
    throw new ConvzooError({
      kind: 'option',
      message: `The name ${pattern} stands for no sensible number of shards.`,
      expected: 'a range that rises, such as {000..123}',
      received: `{${first}..${last}}`,
    })
  }
  return Array.from(
    { length: count },
    (_, index) => `${before}${String(Number(first) + index).padStart(first.length, '0')}${after}`,
  ).flatMap(expandBraces)
}
