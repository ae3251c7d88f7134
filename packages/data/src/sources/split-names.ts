import type { Split } from '@convzoo/core'
import { inOneForm } from './names.js'

const roles: ReadonlyMap<string, Split> = new Map([
  ['train', 'train'],
  ['training', 'train'],
  ['val', 'validation'],
  ['valid', 'validation'],
  ['validation', 'validation'],
  ['validate', 'validation'],
  ['dev', 'validation'],
  ['eval', 'validation'],
  ['evaluation', 'validation'],
  ['test', 'test'],
  ['testing', 'test'],
  ['holdout', 'test'],
])

/** Words that say nothing of what a folder of pictures holds. */
const fillers = new Set(['set', 'sets', 'split', 'data', 'dataset', 'datasets', 'seg', 'the'])
for (const word of ['image', 'img', 'picture', 'photo', 'file', 'sample', 'folder', 'class', 'jpg', 'jpeg', 'png']) {
  fillers.add(word).add(`${word}s`)
}
fillers.add('classes')

/** The words of a name, in lower case, without what says nothing: `seg_train`, `TrainSet` and `train2017` are all `train`. */
function wordsOf(name: string): readonly string[] {
  return inOneForm(name)
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => word.replace(/\d+$/, ''))
    .map((word) => (roles.has(word) || fillers.has(word) ? word : word.replace(/(?:set|data|images|imgs)$/, '')))
    .filter((word) => word !== '' && !fillers.has(word))
}

/** The split that a word of a manifest names, in any case; undefined if it names none. */
export const splitNamed = (name: string): Split | undefined => roles.get(name.trim().toLowerCase())

/**
 * Which of the names of folders beside each other name splits: `train`, `Training`, `seg_train`, `train_images`; and where the same words
 * stand before or behind several, as in `flowers_train` beside `flowers_test`. What the folders hold is not looked at.
 */
export function splitsAmong(names: readonly string[]): ReadonlyMap<string, Split> {
  const found = new Map<string, Split>()
  const affixed: { readonly name: string; readonly split: Split; readonly rest: string }[] = []
  for (const name of names) {
    const words = wordsOf(name)
    const plain = roles.get(words.join(''))
    const [first = '', last = ''] = [words[0], words.at(-1)]
    const split = roles.get(last) ?? roles.get(first)
    if (plain !== undefined) found.set(name, plain)
    else if (split !== undefined) {
      const rest = (roles.has(last) ? words.slice(0, -1) : words.slice(1)).join(' ')
      affixed.push({ name, split, rest })
    }
  }
  for (const { name, split, rest } of affixed) {
    if (affixed.some((other) => other.rest === rest && other.split !== split)) found.set(name, split)
  }
  evaluateBesideValidation(found)
  return found
}

/** Where there are folders to validate on and to evaluate on, and none to test on, the latter is the test split. */
function evaluateBesideValidation(found: Map<string, Split>): void {
  if ([...found.values()].includes('test')) return
  const looked = [...found].filter(([, split]) => split === 'validation').map(([name]) => name)
  const evaluated = looked.filter((name) => wordsOf(name).some((word) => word.startsWith('eval')))
  if (looked.length === 2 && evaluated.length === 1) found.set(evaluated[0] ?? '', 'test')
}

/** Folders for pictures that nobody has put into classes, which stand beside splits. */
const asideWords = new Set([
  'pred',
  'predict',
  'prediction',
  'predictions',
  'unlabeled',
  'unlabelled',
  'inference',
  'extra',
  'submission',
  'demo',
])

/** Whether a folder's name says that its pictures are of no split. */
export const isAside = (name: string): boolean => {
  const words = wordsOf(name)
  return words.length > 0 && words.every((word) => asideWords.has(word))
}
