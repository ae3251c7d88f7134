// Layouts of photographs as people have them, each as a folder and as a tar archive: the answer must be the same. Where a source has no
// validation split of its own, what is set aside is counted with what it is taken from.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { filesOf, writeTar } from './pictures.mjs'
import { refuse, same, says, succeed, writeFiles } from './sandbox.mjs'

/** `count` pictures in a folder. */
const some = (folder, count = 4, extension = 'jpg') =>
  Array.from({ length: count }, (_, index) => `${folder}/${index}.${extension}`)

/** Two classes below a folder. */
const pets = (folder = '') => ['cat', 'dog'].flatMap((name) => some(`${folder}${name}`))

const two = { cat: 4, dog: 4 }

/** What a layout must give: images of each class by split, `own` where it has no splits; or what a refusal says. */
const layouts = [
  ['classes alone', pets(), { own: two }],
  ['classes in one folder around them', pets('pets/'), { own: two }],
  ['classes in two folders around them', pets('archive/pets/'), { own: two }],
  ['train and val', [...pets('train/'), ...pets('val/')], { train: two, validation: two }],
  ['train and validation', [...pets('train/'), ...pets('validation/')], { train: two, validation: two }],
  ['train and valid', [...pets('train/'), ...pets('valid/')], { train: two, validation: two }],
  ['train and dev', [...pets('train/'), ...pets('dev/')], { train: two, validation: two }],
  ['train and test', [...pets('train/'), ...pets('test/')], { train: two, test: two }],
  ['Train and Test', [...pets('Train/'), ...pets('Test/')], { train: two, test: two }],
  [
    'TRAIN, VAL and TEST',
    [...pets('TRAIN/'), ...pets('VAL/'), ...pets('TEST/')],
    { train: two, validation: two, test: two },
  ],
  [
    'train, val and test',
    [...pets('train/'), ...pets('val/'), ...pets('test/')],
    { train: two, validation: two, test: two },
  ],
  ['Training and Testing', [...pets('Training/'), ...pets('Testing/')], { train: two, test: two }],
  ['training and validation', [...pets('training/'), ...pets('validation/')], { train: two, validation: two }],
  [
    'seg_train/seg_train and seg_test/seg_test',
    [...pets('seg_train/seg_train/'), ...pets('seg_test/seg_test/')],
    { train: two, test: two },
  ],
  [
    'splits within a folder around them',
    [...pets('pets/train/'), ...pets('pets/val/'), ...pets('pets/test/')],
    { train: two, validation: two, test: two },
  ],
  ['splits within two folders', [...pets('a/b/train/'), ...pets('a/b/test/')], { train: two, test: two }],
  ['train alone', pets('train/'), { own: two }],
  ['val and test without train', [...pets('val/'), ...pets('test/')], { refused: /train/i }],
  ['test alone', pets('test/'), { refused: /train/i }],
  [
    'a class called train beside others',
    [...some('car'), ...some('train'), ...some('plane')],
    { own: { car: 4, plane: 4, train: 4 } },
  ],
  ['splits whose pictures lie in no classes', [...some('test'), ...some('train')], { refused: /class/ }],
  [
    'a class in deeper folders',
    [...some('cat/siamese'), ...some('cat/tabby'), ...some('dog')],
    { own: { cat: 8, dog: 4 } },
  ],
  [
    'a class in deeper folders, within splits',
    [...some('train/cat/siamese'), ...some('train/dog'), ...some('val/cat/tabby'), ...some('val/dog')],
    { train: two, validation: two },
  ],
  ['one class', some('cat'), { notTrained: /one class|1 class|single class/i }],
  [
    'one class in train and val',
    [...some('train/cat'), ...some('val/cat')],
    { notTrained: /one class|1 class|single class/i },
  ],
  ['pictures without a class', some('.').map((path) => path.slice(2)), { refused: /class/ }],
  ['no pictures', ['cat/a.txt', 'dog/b.txt'], { refused: /image|picture/ }],
  ['hidden and system files', [...pets(), '.DS_Store', 'cat/._0.jpg', '.hidden/0.jpg', 'cat/.x.jpg'], { own: two }],
  ['what macOS adds', [...pets(), '__MACOSX/cat/._0.jpg', '__MACOSX/dog/0.jpg', 'cat/.DS_Store'], { own: two }],
  ['what Windows adds', [...pets(), 'cat/Thumbs.db', 'dog/desktop.ini', 'Thumbs.db'], { own: two, bad: 0 }],
  [
    'labels, captions and a licence beside pictures',
    [...pets(), 'labels.csv', 'README.md', 'cat/captions.txt', 'dog/notes.json', 'LICENSE'],
    { own: two, bad: 0 },
  ],
  ['formats that are known and not read', [...pets(), 'cat/9.bmp', 'dog/9.heic'], { own: two, says: /convert/i }],
  [
    'numbers as classes',
    ['2', '10', '1'].flatMap((name) => some(name)),
    { own: { 1: 4, 2: 4, 10: 4 }, order: ['1', '2', '10'] },
  ],
  [
    'numbers and names as classes',
    ['10', '1a', '2', 'b', 'a'].flatMap((name) => some(name)),
    { own: { '1a': 4, 10: 4, 2: 4, a: 4, b: 4 } },
  ],
  ['classes of any script', ['кот', '犬', 'größe'].flatMap((name) => some(name)), { own: { größe: 4, кот: 4, 犬: 4 } }],
  [
    'one name in two Unicode forms',
    [...some('train/caf\u00e9'), ...some('train/tea'), ...some('val/cafe\u0301'), ...some('val/tea')],
    { train: { café: 4, tea: 4 }, validation: { café: 4, tea: 4 } },
  ],
  ['names that objects have', ['constructor', 'toString', '__proto__'].flatMap((name) => some(name)), { classes: 3 }],
  [
    'names with spaces and dots',
    ['big cat', 'v1.2 dog'].flatMap((name) => some(name)),
    { own: { 'big cat': 4, 'v1.2 dog': 4 } },
  ],
  [
    'keys with dots',
    ['cat', 'dog'].flatMap((name) => [1, 2, 3].map((day) => `${name}/photo.2020.01.0${day}.jpg`)),
    { own: { cat: 3, dog: 3 } },
  ],
  ['extensions in capitals', [...some('cat', 4, 'JPG'), ...some('dog', 4, 'JPEG')], { own: two }],
  ['several formats', [...some('cat', 4, 'png'), ...some('dog', 4, 'webp')], { own: two }],
  ['classes of test that train lacks', [...pets('train/'), ...pets('test/'), ...some('test/wolf')], { says: /wolf/ }],
]

/** Images of each class, as `data inspect --json` has them, in all splits that a source was divided into by us. */
const counts = (report, names) => {
  const sum = {}
  for (const name of names) {
    for (const [label, count] of Object.entries(report[name]?.perClass ?? {})) sum[label] = (sum[label] ?? 0) + count
  }
  return sum
}

const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)))

async function check(
  place,
  source,
  { own, refused, notTrained = refused, says: pattern, order, bad, classes, ...splits },
) {
  if (notTrained !== undefined) {
    if (refused !== undefined) await refuse(place, ['data', 'inspect', source], refused)
    await refuse(
      place,
      ['train', 'nin', '--data', source, '--input', '67x67x3', '--run', join(place, 'run')],
      notTrained,
    )
    return
  }
  const { stdout, stderr } = await succeed(place, ['data', 'inspect', source, '--json'])
  const report = JSON.parse(stdout)
  if (own !== undefined) {
    same(sorted(counts(report, ['train', 'validation'])), sorted(own), 'images of each class')
    same(report.test === undefined, true, 'there is no test split')
  }
  for (const [name, expected] of Object.entries(splits)) {
    same(sorted(counts(report, [name])), sorted(expected), `images of each class in ${name}`)
  }
  if (Object.keys(splits).length > 0) {
    for (const name of ['train', 'validation', 'test']) same(name in report, name in splits, `there is ${name}`)
  }
  if (classes !== undefined) same(Object.keys(report.train.perClass).length, classes, 'classes')
  if (order !== undefined)
    same(report.train.perClass === undefined ? [] : order, Object.keys(report.train.perClass), 'order')
  if (bad !== undefined) same(report.train.bad.length, bad, 'broken files')
  if (pattern !== undefined) says(stdout + stderr, pattern)
}

export const kind = 'layouts'

export const cases = layouts.flatMap(([name, paths, expected]) => [
  {
    name: `${name}, as a folder`,
    async run(place) {
      const folder = join(place, 'photographs')
      mkdirSync(folder)
      writeFiles(folder, await filesOf(paths))
      await check(place, folder, expected)
    },
  },
  {
    name: `${name}, as a tar`,
    async run(place) {
      const archive = join(place, 'photographs.tar')
      await writeTar(archive, await filesOf(paths))
      await check(place, archive, expected)
    },
  },
])
