import { basename } from 'node:path'
import { ConvzooError, type Split } from '@convzoo/core'
import {
  classNames,
  defineOptions,
  functionOf,
  optional,
  requireArguments,
  splitNames,
  text,
} from '@convzoo/core/define'
import type { DownloadProgress } from '../download/index.js'
import { type Layout, layoutOf, requireLayout, splitFolders } from './layout.js'
import { localShard, type ShardEvents } from './local-shard.js'
import { someNames } from './note.js'
import { splitOptions } from './options.js'
import { type LeftFile, type Picture, placeFiles, type SourceFiles } from './source-files.js'
import { type Contents, type ImageSplits, noContents, type SplitOptions, splitsOf } from './splits.js'
import { indexTar, type LeftMember, type TarContents } from './tar-index.js'
import { captions, type LabelledSamples, labelledSamples, labelsThatTell } from './webdataset.js'

export interface TarShardOptions extends SplitOptions, ShardEvents {
  /** What labels mean: `.cls` 0 is the first. The labels themselves, in their order, otherwise. */
  readonly classes?: readonly string[]
}

const options = defineOptions({
  ...splitOptions,
  classes: optional(classNames),
  onProgress: optional(functionOf<(progress: DownloadProgress) => void>()),
  onWarning: optional(functionOf<(line: string) => void>()),
})

/** A `.cls` holds the index of a class; a larger one is a mistake. */
const mostClasses = 2 ** 16

/** Names that braces may stand for. */
const mostShards = 100_000

/** A shard, and what is in it. */
interface Shard extends TarContents {
  /** Its file's name, before the names of its members in reports. */
  readonly shard: string
  readonly path: string
}

/**
 * The images of tar shards, plain or gzipped, local or at http addresses. In the WebDataset convention: `0001.jpg` with `0001.cls`, a
 * class's index or name, or with a `0001.json` or `0001.txt` that says the class; without such files as an image folder, with the same
 * splits and classes. `{000..123}` in a name stands for all of these. What is remote or gzipped is kept in the cache as plain tar.
 *
 * @throws ConvzooError of kind `file` if a shard cannot be read or fetched, of kind `data` if there is no image with a class, of kind
 * `option` for a bad option.
 * @example
 * const { train, validation } = await tarShards('shards/train-{000..003}.tar')
 */
export async function tarShards(pattern: string, given: TarShardOptions = {}): Promise<ImageSplits> {
  requireArguments('tarShards', { pattern: [text, pattern] })
  const { classes, onProgress, onWarning, ...division } = options.parse('tarShards', given)
  const events = {
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(onWarning === undefined ? {} : { onWarning }),
  }
  const shards: Shard[] = []
  for (const shard of expandBraces(pattern)) {
    const path = await localShard(shard, events)
    shards.push({ shard: basename(shard), path, ...(await indexTar(path)) })
  }
  const name = basename(pattern)
  const reading = readingOf(pattern, shards, classes)
  const { images, refused } = reading
  if (images.train.length === 0) throw noImages(pattern, reading, [...refused.train, ...shards.flatMap(refusedOf)])
  const replaced = shards.flatMap((shard) => shard.replaced.map((member) => nameIn(shard, member)))
  const notes =
    replaced.length === 0 ? [] : [`several times in an archive, of which the last is taken: ${someNames(replaced)}`]
  return splitsOf({ ...reading, name, classes, notes: [...reading.notes, ...notes] }, division)
}

type Reading = Contents & { readonly called: ReadonlyMap<Split, string>; readonly notes: readonly string[] }

function readingOf(pattern: string, shards: readonly Shard[], classes: readonly string[] | undefined): Reading {
  const pictures = shards.flatMap((shard) => shard.pictures)
  const labels = shards.flatMap((shard) => shard.labels)
  const paths = pictures.map(({ name }) => name.split('/'))
  const layout = layoutOf(paths)
  const classFolders = layout.kind === 'layout' ? (layout.levels.get('train')?.folders.size ?? 0) : 0
  const telling = new Set(labelsThatTell(pictures, labels, classFolders))
  if (telling.size > 0) {
    const chosen = shards.map((shard) => ({ ...shard, labels: shard.labels.filter((label) => telling.has(label)) }))
    return byLabels(chosen, shards, paths, classes)
  }
  if (pictures.length === 0) return { ...noContents(), called: new Map(), notes: [] }
  return byFolders(shards, requireLayout(pattern, paths))
}

/** Each image is of the class that stands beside it; folders only tell the split. */
function byLabels(
  chosen: readonly Shard[],
  shards: readonly Shard[],
  paths: readonly (readonly string[])[],
  classes: readonly string[] | undefined,
): Reading {
  const contents = noContents()
  const splits = splitFolders(paths)
  const called = new Map<Split, string>([['train', 'train'], ...splits.called])
  for (const [at, shard] of chosen.entries()) {
    const { samples, refused, foreign } = labelledSamples(shard.pictures, shard.labels)
    const leave = (what: 'refused' | 'foreign', left: readonly LeftMember[]): void => {
      for (const { name, reason } of left) {
        contents[what][splits.of(name.split('/')) ?? 'train'].push({ name: nameIn(shard, name), reason })
      }
    }
    leave('refused', [...shard.refused, ...refused])
    leave('foreign', [...shard.foreign, ...foreign, ...captions(shards[at]?.labels ?? [], shard.labels)])
    addSamples(contents, shard, samples, splits.of, classes)
  }
  return { ...contents, called, notes: [] }
}

function addSamples(
  { images, refused }: Contents,
  shard: Shard,
  samples: LabelledSamples['samples'],
  splitOf: (path: readonly string[]) => Split | undefined,
  classes: readonly string[] | undefined,
): void {
  for (const { name: member, offset, length, className: label, kind } of samples) {
    const split = splitOf(member.split('/'))
    const name = nameIn(shard, member)
    const isIndex = /^\d+$/.test(label)
    const className = isIndex ? (classes?.[Number(label)] ?? label) : label
    if (split === undefined) refused.train.push({ name, reason: 'in no folder of a split' })
    else if (kind === 'cls' && isIndex && Number(label) >= mostClasses) {
      refused[split].push({ name, reason: `a label outside the classes: ${label}` })
    } else images[split].push({ path: shard.path, offset, length, name, key: member, className })
  }
}

/** An archive of an image folder: read as the folder would be. */
function byFolders(shards: readonly Shard[], layout: Layout): Reading {
  const all = noContents()
  for (const shard of shards) {
    const partsOf = (name: string): readonly string[] => name.split('/')
    const left = (members: readonly LeftMember[]): readonly LeftFile[] =>
      members.map(({ name, reason }) => ({ parts: partsOf(name), reason }))
    const files: SourceFiles = {
      pictures: shard.pictures.map(
        ({ name, offset, length }): Picture => ({ path: shard.path, offset, length, parts: partsOf(name) }),
      ),
      refused: left(shard.refused),
      foreign: left([...shard.foreign, ...captions(shard.labels, [])]),
      folders: foldersOf(shard),
    }
    const placed = placeFiles(files, layout, (parts) => nameIn(shard, parts.join('/')))
    for (const split of splitNames) {
      append(all.images[split], placed.images[split])
      append(all.refused[split], placed.refused[split])
      append(all.foreign[split], placed.foreign[split])
    }
  }
  const called = new Map([...layout.levels].map(([split, { parts }]) => [split, parts[0] ?? split]))
  return { ...all, called, notes: layout.notes }
}

/** Its folders, whether they are members themselves or not; in those of its pictures there is nothing to miss. */
function foldersOf({ folders, foreign, labels, refused }: Shard): readonly (readonly string[])[] {
  const found = new Map(folders.map((parts) => [parts.join('/'), parts]))
  for (const { name } of [...foreign, ...labels, ...refused]) {
    const parts = name.split('/')
    if (parts.includes('..')) continue
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth)
      found.set(folder.join('/'), folder)
    }
  }
  return [...found.values()]
}

/** Without `push(...)`, which ends at some hundred thousand. */
function append<T>(to: T[], from: readonly T[]): void {
  for (const each of from) to.push(each)
}

/** What a report calls a member. */
const nameIn = ({ shard }: Shard, member: string): string => (member === '' ? shard : `${shard}/${member}`)

const refusedOf = (shard: Shard): readonly LeftMember[] =>
  [...shard.refused, ...shard.foreign].map(({ name, reason }) => ({ name: nameIn(shard, name), reason }))

function noImages(pattern: string, { images }: Contents, refused: readonly LeftMember[]): ConvzooError {
  const others = (['validation', 'test'] as const).filter((split) => images[split].length > 0)
  const first = others.length > 0 ? { name: others.join(' and '), reason: 'images, but none to train on' } : refused[0]
  return new ConvzooError({
    kind: 'data',
    message: `${pattern} holds no image with a class.`,
    expected: 'members such as 0001.jpg with 0001.cls, or cat/0001.jpg',
    ...(first === undefined ? {} : { received: `${first.name}: ${first.reason}` }),
  })
}

/** `a-{08..11}` is a-08, a-09, a-10 and a-11. */
export function expandBraces(pattern: string): readonly string[] {
  const match = /^(.*?)\{(\d+)\.\.(\d+)\}(.*)$/.exec(pattern)
  if (match === null) return [pattern]
  const [, before = '', first = '', last = '', after = ''] = match
  const count = Number(last) - Number(first) + 1
  const ends = expandBraces(after)
  if (count < 1 || count * ends.length > mostShards) {
    throw new ConvzooError({
      kind: 'option',
      message: `The name ${pattern} stands for no sensible number of shards.`,
      expected: `a range that rises, such as {000..123}, and at most ${mostShards} shards in all`,
      received: `{${first}..${last}}${ends.length > 1 ? `, ${ends.length} times` : ''}`,
    })
  }
  return Array.from(
    { length: count },
    (_, index) => `${before}${String(Number(first) + index).padStart(first.length, '0')}`,
  ).flatMap((start) => ends.map((end) => `${start}${end}`))
}
