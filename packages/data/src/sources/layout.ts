import { ConvzooError, type Split } from '@convzoo/core'
import { splitNames } from '@convzoo/core/define'
import { type Folder, foldersIn, folderTree, holdsFolders, pathOf, picturesBelow } from './folder-tree.js'
import { inOneForm } from './names.js'
import { someNames } from './note.js'
import { isAside, splitsAmong } from './split-names.js'

/** How the folders of a source are read. */
export interface Layout {
  readonly kind: 'layout'
  /** The folder of each split, whose folders are its classes. Without splits: one, called `train`. */
  readonly levels: ReadonlyMap<Split, Folder>
  /** Folders that are neither: their pictures are left out. */
  readonly aside: readonly Folder[]
  /** How it was read, where that is not plain. */
  readonly notes: readonly string[]
}

/** Folders that cannot be read in one way, and what to do about it. */
export interface Unclear {
  readonly kind: 'unclear'
  readonly received: string
  readonly hint: string
}

/**
 * Which folders are splits and which are classes, by the paths of a source's pictures alone: so a folder, an archive of it and one in
 * another folder are read alike. Names propose and contents decide: a split holds folders of pictures, a class holds pictures.
 */
export function layoutOf(paths: Iterable<readonly string[]>): Layout | Unclear {
  const root = folderTree(paths)
  const top = belowWrappers(root, (name) => splitsAmong([name]).size > 0)
  const layout = readLevels(top)
  if (layout.kind === 'unclear') return layout
  const classes = classesIn(layout)
  const split = classes.find(({ folders }) => new Set(splitsAmong([...folders.keys()]).values()).size > 1)
  if (split !== undefined) {
    return unclear(
      `splits below ${namesOf([split])}, which would be a class: ${namesOf(foldersIn(split))}`,
      'give the folder that holds the splits, with the classes in them',
    )
  }
  const notes = top === root ? [] : [`the classes are read below the folder ${pathOf(top)}, which holds all of them`]
  return { ...layout, notes: [...notes, ...layout.notes, ...nestingNotes(classes)] }
}

/**
 * The same, or an error.
 *
 * @throws ConvzooError of kind `data` that says what was found, where it is not clear what is meant.
 */
export function requireLayout(source: string, paths: Iterable<readonly string[]>): Layout {
  const layout = layoutOf(paths)
  if (layout.kind === 'layout') return layout
  throw new ConvzooError({
    kind: 'data',
    message: `${source} does not say which of its pictures are of which class.`,
    expected: 'a folder for each class, such as cat/1.jpg and dog/1.jpg, or such folders in train, val and test',
    received: layout.received,
    hint: layout.hint,
  })
}

/** A folder that holds nothing but one folder of folders is passed: `flowers/flowers/rose/1.jpg`, `archive/dataset/train/…`. */
function belowWrappers(from: Folder, isEnd: (name: string) => boolean): Folder {
  let at = from
  while (at.folders.size === 1) {
    const [only] = foldersIn(at)
    if (only === undefined || !holdsFolders(only) || isEnd(only.name)) return at
    // A class with pictures of its own and folders of more, or a wrapper in which a picture or two were forgotten.
    if (only.pictures > 0 && (only.folders.size === 1 || 2 * only.pictures > picturesBelow(only))) return at
    at = only
  }
  return at
}

type Levels = Layout | Unclear

function readLevels(top: Folder): Levels {
  const folders = foldersIn(top)
  const named = splitsAmong(folders.map(({ name }) => name))
  const splits = folders.filter(({ name }) => named.has(name))
  const others = folders.filter(({ name }) => !named.has(name))
  const nested = splits.filter(holdsFolders)
  const flat = splits.filter((folder) => !holdsFolders(folder))
  if (nested.length === 0) return readFlat(top, flat, others)
  const twice = splitNames.find((split) => nested.filter(({ name }) => named.get(name) === split).length > 1)
  if (twice !== undefined) {
    const both = nested.filter(({ name }) => named.get(name) === twice)
    return unclear(
      `several folders for the split ${twice}: ${namesOf(both)}`,
      'put them together, or rename all but one',
    )
  }
  const bySplit = new Map(nested.map((folder) => [named.get(folder.name) ?? 'train', folder]))
  return bySplit.has('train') ? readDivided(bySplit, flat, others) : readBesideClasses(top, bySplit, flat, others)
}

/** No folder with the name of a split holds folders: either all are classes, or splits whose pictures have none. */
function readFlat(top: Folder, flat: readonly Folder[], others: readonly Folder[]): Levels {
  if (flat.length === 0) {
    if (others.length > 0) return layout(new Map([['train', top]]))
    return unclear(
      `${top.pictures} pictures in no folder of a class`,
      'put the pictures of each class into a folder of its name',
    )
  }
  if (others.length === 0) {
    return unclear(
      `pictures directly in ${namesOf(flat)}, and no folders of classes`,
      'put the pictures of each class into a folder of its name there',
    )
  }
  const verb = flat.length === 1 ? 'is a class' : 'are classes'
  return layout(new Map([['train', top]]), {
    notes: [`${namesOf(flat)} ${verb}, no split: pictures lie directly in it, as in ${namesOf(others)}`],
  })
}

/** There are folders to train on, and perhaps others. */
function readDivided(bySplit: ReadonlyMap<Split, Folder>, flat: readonly Folder[], others: readonly Folder[]): Levels {
  const strangers = others.filter(({ name }) => !isAside(name))
  const likeClasses = strangers.filter(({ pictures }) => pictures > 0)
  if (bySplit.size === 1 && flat.length === 0 && likeClasses.length > 0) {
    const train = namesOf([...bySplit.values()])
    return unclear(
      `${train} with folders of pictures, as if it were a split, beside ${namesOf(likeClasses)} with pictures, as if all were classes`,
      `move the other folders out if ${train} is the split, or its pictures up if it is a class`,
    )
  }
  const train = belowWrappersOfSplit(bySplit.get('train'), undefined)
  const known = new Set(train?.folders.keys())
  const levels = new Map<Split, Folder>()
  for (const split of splitNames) {
    const level = split === 'train' ? train : belowWrappersOfSplit(bySplit.get(split), known)
    if (level !== undefined) levels.set(split, level)
  }
  const aside = [...flat, ...others]
  return layout(levels, { aside, notes: asideNotes(flat, others) })
}

/** What lies in a split, below wrappers such as the second of `seg_train/seg_train/…`. */
function belowWrappersOfSplit(split: Folder | undefined, classes: ReadonlySet<string> | undefined): Folder | undefined {
  if (split === undefined) return undefined
  return belowWrappers(split, (name) => classes?.has(name) === true)
}

/** `cat`, `dog` and `test/cat`, `test/dog`: those at the top are to train on. Without such, there is nothing to train on. */
function readBesideClasses(
  top: Folder,
  bySplit: ReadonlyMap<Split, Folder>,
  flat: readonly Folder[],
  others: readonly Folder[],
): Levels {
  const held = [...bySplit.values()]
  const classes = new Set([...flat, ...others].map(({ name }) => name))
  const levels = new Map<Split, Folder>([['train', top]])
  for (const [split, folder] of bySplit) {
    const level = belowWrappersOfSplit(folder, classes)
    const shared = [...(level?.folders.keys() ?? [])].filter((name) => classes.has(name))
    if (level === undefined || shared.length < 2) {
      const beside = classes.size === 0 ? 'and no train' : `beside ${namesOf([...flat, ...others])}`
      return unclear(
        `${namesOf(held)} with folders of pictures, ${beside}: nothing that says what to train on`,
        'put the classes to train on into a folder train',
      )
    }
    levels.set(split, level)
  }
  return layout(levels, {
    notes: [
      `${namesOf(held)} beside the classes holds the same classes: it is read as a split, the others are trained on`,
    ],
  })
}

function asideNotes(flat: readonly Folder[], others: readonly Folder[]): readonly string[] {
  const notes: string[] = []
  const count = (folders: readonly Folder[]): string => {
    const pictures = folders.reduce((sum, folder) => sum + picturesBelow(folder), 0)
    return pictures === 1 ? '1 picture is' : `${pictures} pictures are`
  }
  if (flat.length > 0) notes.push(`${namesOf(flat)} holds pictures in no folder of a class: ${count(flat)} left out`)
  if (others.length > 0) notes.push(`${namesOf(others)} is no split: ${count(others)} left out`)
  return notes
}

/** The folders that are classes to train on. */
function classesIn({ levels, aside }: Layout): readonly Folder[] {
  const level = levels.get('train')
  const others = new Set([...levels.values(), ...aside])
  return level === undefined ? [] : foldersIn(level).filter((folder) => !holds(others, folder))
}

/** Whether one of some folders is this one, or lies in it. */
const holds = (folders: Iterable<Folder>, { parts }: Folder): boolean =>
  [...folders].some((each) => parts.every((part, at) => each.parts[at] === part))

/** Said where every class holds nothing but folders: then another level may have been meant. */
function nestingNotes(classes: readonly Folder[]): readonly string[] {
  if (classes.length === 0 || classes.some(({ pictures, folders }) => pictures > 0 || folders.size < 2)) return []
  const [first] = classes
  const below = first === undefined ? [] : foldersIn(first)
  return [
    `${namesOf(classes)} hold only folders (${namesOf(below)}): they are the classes, with all that lies in them; for the folders below as classes, move those up`,
  ]
}

const namesOf = (folders: readonly Folder[]): string => someNames(folders.map(({ name }) => name))

const layout = (
  levels: ReadonlyMap<Split, Folder>,
  { aside = [], notes = [] }: Partial<Pick<Layout, 'aside' | 'notes'>> = {},
): Layout => ({ kind: 'layout', levels, aside, notes })

const unclear = (received: string, hint: string): Unclear => ({ kind: 'unclear', received, hint })

/** The splits of a source whose classes do not stand in folders, such as those of labelled shards: by the folders at its top. */
export interface SplitFolders {
  /** Empty where there are no such folders. */
  readonly called: ReadonlyMap<Split, string>
  /** The split of a path; undefined if it lies in none of them. */
  of(path: readonly string[]): Split | undefined
}

export function splitFolders(paths: Iterable<readonly string[]>): SplitFolders {
  let top = folderTree(paths)
  while (top.pictures === 0 && top.folders.size === 1) {
    const [only] = foldersIn(top)
    if (only === undefined || splitsAmong([only.name]).size > 0) break
    top = only
  }
  const named = splitsAmong([...top.folders.keys()])
  if (new Set(named.values()).size < 2) return { called: new Map(), of: () => 'train' }
  const depth = top.parts.length
  return {
    called: new Map([...named].map(([name, split]) => [split, name])),
    of: (path) => (path.length - 1 > depth ? named.get(inOneForm(path[depth] ?? '')) : undefined),
  }
}

/** Where a picture belongs: its split, its class, and what it is called from its split's folder on; or why nowhere. */
export type Place =
  | { readonly kind: 'class'; readonly split: Split; readonly folder: string; readonly rest: readonly string[] }
  | { readonly kind: 'none'; readonly split: Split; readonly rest: readonly string[] }
  | { readonly kind: 'aside' }

/** Says of any path where a layout puts it. */
export function placesOf({ levels, aside }: Layout): (path: readonly string[]) => Place {
  const left = aside.map(({ parts }) => parts)
  // The deepest first: the folder of a split may lie in that of the classes to train on.
  const deepest = [...levels].sort(([, a], [, b]) => b.parts.length - a.parts.length)
  return (path) => {
    const folders = path.slice(0, -1).map(inOneForm)
    const isBelow = (parts: readonly string[]): boolean => parts.every((part, at) => folders[at] === part)
    if (left.some(isBelow)) return { kind: 'aside' }
    for (const [split, { parts }] of deepest) {
      if (!isBelow(parts)) continue
      const rest = path.slice(parts.length)
      const [folder] = rest
      return folder === undefined || rest.length < 2
        ? { kind: 'none', split, rest }
        : { kind: 'class', split, folder, rest }
    }
    return { kind: 'none', split: 'train', rest: path }
  }
}
