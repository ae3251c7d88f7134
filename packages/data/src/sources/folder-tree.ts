import { byClassName } from './class-order.js'
import { inOneForm } from './names.js'

/** A folder that holds pictures, itself or in folders below. */
export interface Folder {
  /** In one form of Unicode. */
  readonly name: string
  /** The names of the folders that lead here, from the root, which has none. */
  readonly parts: readonly string[]
  /** How many pictures lie in it, and in no folder below. */
  pictures: number
  readonly folders: Map<string, Folder>
}

/** The folders of pictures, whose paths are given from a root. */
export function folderTree(paths: Iterable<readonly string[]>): Folder {
  const root: Folder = { name: '', parts: [], pictures: 0, folders: new Map() }
  for (const path of paths) {
    let at = root
    for (const part of path.slice(0, -1)) {
      const name = inOneForm(part)
      const below = at.folders.get(name) ?? { name, parts: [...at.parts, name], pictures: 0, folders: new Map() }
      at.folders.set(name, below)
      at = below
    }
    at.pictures++
  }
  return root
}

/** Those directly in a folder, by their names, in whatever order a source gave them. */
export const foldersIn = ({ folders }: Folder): readonly Folder[] =>
  [...folders.values()].sort((a, b) => byClassName(a.name, b.name))

/** How many pictures lie in a folder and below it. */
export const picturesBelow = (folder: Folder): number =>
  foldersIn(folder).reduce((sum, below) => sum + picturesBelow(below), folder.pictures)

/** Whether a folder holds folders of pictures: what a split does, and a class seldom. */
export const holdsFolders = ({ folders }: Folder): boolean => folders.size > 0

/** A folder's path from the root, as a person reads it. */
export const pathOf = ({ parts }: Folder): string => parts.join('/')
