/** Folders and files that systems and programs leave among pictures, in lower case. Names with a leading dot are hidden anyway. */
const systemNames = new Set([
  '__macosx',
  '__pycache__',
  '@eadir',
  '#recycle',
  '#snapshot',
  '$recycle.bin',
  'system volume information',
  'lost+found',
])

/**
 * Whether a file or folder is none of the user's: hidden by a leading dot (`.git`, `.ipynb_checkpoints`, `._photo.jpg`), or made by a
 * system (`__MACOSX`, `@eaDir`). It is passed over without a word, in every source.
 */
export function isHiddenName(name: string): boolean {
  return name.startsWith('.') || systemNames.has(name.toLowerCase())
}

/** A name in the one form in which names are compared: macOS writes ü as u and two dots. */
export const inOneForm = (name: string): string => name.normalize('NFC')

/**
 * Whether a text was made of bytes that are not UTF-8 (Latin-1, UTF-16): what stands for them is no name, and the same for different ones.
 */
export const isDamaged = (text: string): boolean => /[\0\ufffd]|\p{Surrogate}/u.test(text)

/**
 * The parts of a path in an archive: `./cat//1.jpg` is cat, 1.jpg. Some programs on Windows write `cat\1.jpg`, which is the same; beside
 * a `/` a `\` is a character like any other.
 */
export const partsOf = (path: string): readonly string[] =>
  path.split(path.includes('/') ? '/' : /[/\\]/).filter((part) => part !== '' && part !== '.')

/** The last part of a path without its last extension, and what lies before it: `cat/photo.2020.jpg` is `cat/photo.2020`. */
export function stemOf(path: string): string {
  const start = path.lastIndexOf('/') + 1
  const dot = path.lastIndexOf('.')
  return dot > start ? path.slice(0, dot) : path
}

/** A path up to the first dot of its last part, which WebDataset calls the key: `cat/0.mask.png` is `cat/0`. */
export function keyOf(path: string): string {
  const dot = path.indexOf('.', path.lastIndexOf('/') + 2)
  return dot < 0 ? path : path.slice(0, dot)
}

/** The extension in lower case, without its dot; '' where there is none. */
export const extensionOf = (path: string): string => path.slice(stemOf(path).length + 1).toLowerCase()
