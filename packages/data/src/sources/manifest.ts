import { existsSync } from 'node:fs'
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path'
import { ConvzooError, type Split } from '@convzoo/core'
import { classNames, defineOptions, isError, optional, requireArguments, text } from '@convzoo/core/define'
import { linesOf, parseJson } from '@convzoo/files'
import type { BadImage } from '../images/index.js'
import { unreadByName } from '../images/unread-formats.js'
import { labelOf } from './labels.js'
import { someNames } from './note.js'
import { splitOptions } from './options.js'
import { splitNamed } from './split-names.js'
import { type ImageSplits, type NamedImage, noContents, type SplitOptions, splitsOf } from './splits.js'

export interface ManifestOptions extends SplitOptions {
  /** The classes in their order; those that occur, by name, otherwise. */
  readonly classes?: readonly string[]
}

const options = defineOptions({ ...splitOptions, classes: optional(classNames) })

/** One image of a manifest. */
interface Entry {
  readonly image: string
  readonly className: string
  readonly split: Split | undefined
}

/** What may hold an image's path, and its class; the first that is there does. */
const imageKeys = ['image', 'path', 'file', 'file_name'] as const
const labelKeys = ['label', 'class'] as const

/**
 * The images of a JSONL manifest: a line for each, such as `{"image": "cats/1.jpg", "label": "cat", "split": "train"}`. The path may stand
 * in `path`, `file` or `file_name`, the class in `class`. Paths are relative to the manifest; `\` separates folders as `/` does. `split` is `train`, `val` or `test` in their
 * usual spellings; lines without one are to train on; without it in any line a part of each class is set aside for validation.
 *
 * @throws ConvzooError of kind `file` if it cannot be read, of kind `data` if it names no image, of kind `option` for a bad option.
 * @example
 * const { train, validation, test } = await manifest('animals.jsonl')
 */
export async function manifest(path: string, given: ManifestOptions = {}): Promise<ImageSplits> {
  requireArguments('manifest', { path: [text, path] })
  const { classes, ...division } = options.parse('manifest', given)
  const folder = dirname(resolve(path))
  const name = basename(path)
  const contents = noContents()
  const called = new Map<Split, string>([['train', 'train']])
  const paths = new Set<string>()
  const again: string[] = []
  for await (const { text, number } of linesOf(path, { expected: 'a JSONL manifest' })) {
    if (text.trim() === '') continue
    const entry = entryOf(text)
    if ('reason' in entry) {
      contents.refused.train.push({ name: entry.image ?? `${name}:${number}`, reason: entry.reason })
      continue
    }
    const { className, split = 'train' } = entry
    const image = asItLies(folder, entry.image)
    if (isOfWindowsAlone(image)) {
      contents.refused.train.push({
        name: image,
        reason: 'a path of Windows, from its drive on: name images relative to the manifest',
      })
      continue
    }
    called.set(split, split)
    const file: NamedImage = { path: resolve(folder, image), name: image, key: keyIn(folder, image), className }
    if (paths.has(file.path)) again.push(image)
    paths.add(file.path)
    contents.images[split].push(file)
  }
  if (contents.images.train.length === 0) throw noImages(path, called, contents.refused.train)
  const notes = again.length === 0 ? [] : [`named in more than one line: ${someNames([...new Set(again)])}`]
  return splitsOf({ ...contents, name, called, classes, notes }, division)
}

/**
 * A path as this system reads it. One of Windows (`cats\1.jpg`), or with space around it, means the same everywhere, unless a file has
 * that very name.
 */
function asItLies(folder: string, image: string): string {
  const plain = image.trim().replaceAll('\\', '/')
  if (plain === image || plain === '' || existsSync(resolve(folder, image))) return image
  return plain
}

/** Whether a path starts with a drive (`C:/photos`) where there are none. */
const isOfWindowsAlone = (image: string): boolean => process.platform !== 'win32' && /^[a-z]:\//i.test(image)

/** What an image is called wherever the manifest lies with its images; an absolute path to elsewhere is what it is. */
function keyIn(folder: string, image: string): string {
  const key = relative(folder, resolve(folder, image)).replaceAll('\\', '/')
  return isAbsolute(image) && key.startsWith('..') ? image : key
}

/** What a line says, or why it says nothing. */
function entryOf(text: string): Entry | { readonly reason: string; readonly image?: string } {
  let value: unknown
  try {
    value = parseJson(text)
  } catch (error) {
    return { reason: isError(error) ? error.message : 'not JSON' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { reason: 'not an object' }
  const line = new Map<string, unknown>(Object.entries(value))
  const image = firstOf(line, imageKeys)
  if (typeof image !== 'string' || image === '') return { reason: 'without a path in "image"' }
  if (image.includes('\0')) return { reason: 'a path with a zero character, which no file has' }
  const given = firstOf(line, labelKeys)
  if (given === undefined || given === null) return { reason: 'without a class in "label"' }
  const label = labelOf(given)
  if ('reason' in label) return label
  const unread = unreadByName(image)
  if (unread !== undefined) return { reason: unread.reason, image }
  const said = line.get('split')
  if (said === undefined || said === null || (typeof said === 'string' && said.trim() === ''))
    return { image, ...label, split: undefined }
  const split = typeof said === 'string' ? splitNamed(said) : undefined
  if (split === undefined) return { reason: `a split that is none of train, val and test: ${JSON.stringify(said)}` }
  return { image, ...label, split }
}

const firstOf = (line: ReadonlyMap<string, unknown>, keys: readonly string[]): unknown =>
  line.get(keys.find((key) => line.has(key)) ?? '')

function noImages(path: string, called: ReadonlyMap<Split, string>, refused: readonly BadImage[]): ConvzooError {
  const [first] = refused
  const others = [...called.keys()].filter((split) => split !== 'train')
  const received = others.length > 0 ? `lines of the split ${others.join(' and ')} alone` : undefined
  return new ConvzooError({
    kind: 'data',
    message: `${path} names no image to train on.`,
    expected: 'lines such as {"image": "cats/1.jpg", "label": "cat"}',
    ...(first === undefined
      ? received === undefined
        ? {}
        : { received }
      : { received: `${first.name}: ${first.reason}` }),
  })
}
