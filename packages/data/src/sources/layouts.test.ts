import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Split } from '@convzoo/core'
import { splitNames } from '@convzoo/core/define'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImageListing } from '../images/index.js'
import { archive } from '../testing/archives.js'
import { writeFiles } from '../testing/folders.js'
import { imageFolder } from './image-folder.js'
import type { ImageSplits, SplitOptions } from './splits.js'
import { tarShards } from './tar-shards.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-layouts-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

/** `{a,b}/{1,2}.jpg` is four names, `{1..3}` is 1, 2 and 3; in the table `·` is a space of a name. */
function expand(pattern: string): readonly string[] {
  const match = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(pattern)
  if (match === null) return [pattern]
  const [, before = '', inside = '', after = ''] = match
  const [first, last] = inside.split('..').map(Number)
  const choices =
    last === undefined || first === undefined || Number.isNaN(last)
      ? inside.split(',')
      : Array.from({ length: last - first + 1 }, (_, step) => String(first + step))
  return choices.flatMap((choice) => expand(`${before}${choice}${after}`))
}

/** How a layout should be read: `class count` by class, in the order of the classes. */
interface Expected {
  readonly train: string
  readonly validation?: string
  readonly test?: string
  /** Each is in a note. */
  readonly notes?: readonly RegExp[]
  readonly refused?: readonly string[]
  readonly foreign?: readonly string[]
}

type Case = readonly [what: string, files: string, expected: Expected | RegExp]

const two = { train: 'cat 2, dog 2' }
const trainAndTest = { train: 'cat 2, dog 2', test: 'cat 2, dog 2' }
const trainAndValidation = { train: 'cat 2, dog 2', validation: 'cat 2, dog 2' }
const three = { ...trainAndValidation, test: 'cat 2, dog 2' }
const animals = '{cat,dog}/{1,2}.jpg'

const layouts: readonly Case[] = [
  // Classes alone.
  ['folders of classes', animals, two],
  ['classes that are digits, by their value', '{10,9,0,1}/1.jpg', { train: '0 1, 1 1, 9 1, 10 1' }],
  ['classes that hold numbers', 'class{10,9,1}/1.jpg', { train: 'class1 1, class9 1, class10 1' }],
  ['classes nested deeper', 'cat/{siamese,persian}/1.jpg dog/{1,2}.jpg', two],
  [
    'classes that hold only folders',
    '{animals,plants}/{a,b}/1.jpg',
    { train: 'animals 2, plants 2', notes: [/animals and plants hold only folders \(a and b\)/] },
  ],
  [
    'classes that hold the same folders, none of them a split',
    '{cat,dog}/{indoor,outdoor}/1.jpg',
    { ...two, notes: [/cat and dog hold only folders/] },
  ],
  ['a wrapper folder', `flowers/flowers/${animals}`, { ...two, notes: [/below the folder flowers\/flowers/] }],
  ['a wrapper with a forgotten cover', `flowers/${animals} flowers/cover.jpg`, { ...two, refused: ['cover.jpg'] }],
  ['pictures beside the classes', `${animals} cover.jpg`, { ...two, refused: ['cover.jpg'] }],
  ['one class alone', 'cat/{1..3}.jpg', { train: 'cat 3', notes: [/there is one class, cat/] }],
  ['one class alone in a wrapper', 'pets/cat/{1..3}.jpg', { train: 'cat 3', notes: [/there is one class, cat/] }],
  [
    'one class with pictures of its own and folders',
    'cat/{1..5}.jpg cat/kittens/{6,7}.jpg',
    { train: 'cat 7', notes: [/one class/] },
  ],
  ['pictures in no folder', '{1..3}.jpg', /3 pictures in no folder of a class/],
  // Splits and their names.
  ['train and val', `{train,val}/${animals}`, trainAndValidation],
  ['train and test', `{train,test}/${animals}`, trainAndTest],
  ['train, val and test', `{train,val,test}/${animals}`, three],
  ['train, valid and test', `{train,valid,test}/${animals}`, three],
  ['train, validation and test', `{train,validation,test}/${animals}`, three],
  ['train and dev', `{train,dev}/${animals}`, trainAndValidation],
  ['train and eval', `{train,eval}/${animals}`, trainAndValidation],
  ['train and holdout', `{train,holdout}/${animals}`, trainAndTest],
  ['train and hold-out', `{train,hold-out}/${animals}`, trainAndTest],
  ['capitals', `{Train,Test}/${animals}`, trainAndTest],
  ['only capitals', `{TRAIN,VAL,TEST}/${animals}`, three],
  ['Training and Testing', `{Training,Testing}/${animals}`, trainAndTest],
  ['training, validation and evaluation', `{training,validation,evaluation}/${animals}`, three],
  ['words around the names', `{training_set,test_set}/${animals}`, trainAndTest],
  ['words joined to the names', `{TrainData,ValidationData}/${animals}`, trainAndValidation],
  ['words before the names', `{images_train,images_val}/${animals}`, trainAndValidation],
  ['years behind the names', `{train2017,val2017}/${animals}`, trainAndValidation],
  ['the name of the set before the names', `{fruits_train,fruits_test}/${animals}`, trainAndTest],
  ['doubled folders', `{seg_train/seg_train,seg_test/seg_test}/${animals}`, trainAndTest],
  [
    'doubled folders and one of no class',
    `{seg_train/seg_train,seg_test/seg_test}/${animals} seg_pred/seg_pred/{1..9}.jpg`,
    { ...trainAndTest, notes: [/seg_pred is no split: 9 pictures are left out/] },
  ],
  ['splits in a wrapper', `archive/dataset/{train,val}/${animals}`, trainAndValidation],
  ['a wrapper in each split', `{train,test}/images/${animals}`, trainAndTest],
  ['train alone', `train/${animals}`, two],
  ['a wrapper around train alone', `data/train/${animals}`, two],
  [
    'a split of one class of many',
    `train/${animals} test/dog/3.jpg`,
    { ...two, test: 'dog 1', notes: [/the test split has no image of cat/] },
  ],
  [
    'a test split of one class that holds folders',
    `train/${animals} test/cat/{siamese,persian}/1.jpg`,
    { ...two, test: 'cat 2' },
  ],
  [
    'a test split with a class of its own',
    `train/${animals} test/{cat,bird}/3.jpg`,
    {
      ...two,
      test: 'cat 1',
      refused: ['bird/3.jpg'],
      notes: [/the test split has images of what is no class to train on.*bird/],
    },
  ],
  [
    'a test split of other classes alone',
    `train/${animals} test/{bird,fish}/3.jpg`,
    /test holds no image of a class that is trained on[\s\S]*cat and dog/,
  ],
  [
    'a test split without classes',
    `train/${animals} test/{1..4}.jpg`,
    { ...two, notes: [/test holds pictures in no folder of a class: 4 pictures/] },
  ],
  [
    'a folder beside the splits',
    `{train,val}/${animals} extra_pictures/{1,2}.jpg`,
    { ...trainAndValidation, notes: [/extra_pictures is no split: 2 pictures are left out/] },
  ],
  [
    'a test split beside the classes',
    `${animals} test/{cat,dog}/3.jpg`,
    { ...two, test: 'cat 1, dog 1', notes: [/test beside the classes/] },
  ],
  ['val and test alone', `{val,test}/${animals}`, /test and val with folders of pictures, and no train/],
  ['test alone', `test/${animals}`, /test with folders of pictures, and no train/],
  ['two folders to train on', `{train,Training,test}/${animals}`, /several folders for the split train/],
  ['splits without classes', '{train,test}/{1,2}.jpg', /pictures directly in t.*, and no folders of classes/],
  ['train without classes', 'train/{1,2}.jpg', /pictures directly in train/],
  [
    'splits below the classes',
    '{cat,dog}/{train,test}/{1,2}.jpg',
    /splits below cat, which would be a class: test and train/,
  ],
  ['several sets', `{pets,farm}/{train,test}/${animals}`, /splits below farm, which would be a class/],
  ['a set beside another folder', `set/{train,test}/${animals} samples/1.jpg`, /splits below set/],
  ['splits without classes in a wrapper', 'set/{train,test}/{1,2}.jpg', /pictures directly in t/],
  [
    'pictures to train on and notes for boxes',
    '{train,valid}/images/{1..3}.jpg {train,valid}/labels/1.txt',
    {
      train: 'images 3',
      validation: 'images 3',
      foreign: ['labels/', 'labels/', 'labels/1.txt', 'labels/1.txt'],
      notes: [/one class, images/],
    },
  ],
  // A class with the name of a split.
  [
    'a class called train beside other classes',
    '{car,train,plane}/{1,2}.jpg',
    { train: 'car 2, plane 2, train 2', notes: [/train is a class, no split/] },
  ],
  ['classes called train and test beside another', '{train,test,other}/1.jpg', { train: 'other 1, test 1, train 1' }],
  [
    'a class called train in splits',
    '{train,test}/{car,train,plane}/{1,2}.jpg',
    { train: 'car 2, plane 2, train 2', test: 'car 2, plane 2, train 2' },
  ],
  [
    'a folder called train with folders, beside classes',
    'train/{steam,diesel}/1.jpg {car,plane}/{1,2}.jpg',
    /as if it were a split, beside car and plane/,
  ],
  ['a class that begins like a split', '{test_tube,flask}/{1,2}.jpg', { train: 'flask 2, test_tube 2' }],
  [
    'classes in pairs that end like splits',
    '{a_train,a_test,other}/{1,2}.jpg',
    { train: 'a_test 2, a_train 2, other 2' },
  ],
  // Names.
  ['forms of Unicode, in one', 'Ma\u0308use/1.jpg M\u00e4use/2.jpg dog/{1,2}.jpg', { train: 'M\u00e4use 2, dog 2' }],
  [
    'forms of Unicode, in splits',
    'train/Ma\u0308use/1.jpg train/dog/1.jpg test/M\u00e4use/2.jpg',
    { train: 'M\u00e4use 1, dog 1', test: 'M\u00e4use 1' },
  ],
  [
    'space around names',
    'train/{cat·,dog}/1.jpg test/{cat,·dog}/1.jpg',
    { train: 'cat 1, dog 1', test: 'cat 1, dog 1' },
  ],
  ['any script', '{\u732b,\u72ac,\ud83d\ude00}/1.jpg', { train: '\u72ac 1, \u732b 1, \ud83d\ude00 1' }],
  ['names of objects', '{constructor,__proto__,toString}/1.jpg', { train: '__proto__ 1, constructor 1, toString 1' }],
  ['dots in the names of pictures', 'cat/photo.2020.01.{01..12}.jpg dog/1.jpg', { train: 'cat 12, dog 1' }],
  ['dots in the names of classes', '{v1.0,v1.1}/1.jpg', { train: 'v1.0 1, v1.1 1' }],
  // Hidden and foreign files.
  ['hidden folders and files', `${animals} .cache/a/1.jpg cat/._1.jpg cat/.hidden.jpg`, two],
  ['what macOS adds to archives', `${animals} __MACOSX/cat/._1.jpg __MACOSX/dog/1.jpg`, two],
  ['thumbnails of a disk station', `${animals} cat/@eaDir/1.jpg/thumb.jpg`, two],
  ['checkpoints of notebooks', `${animals} .ipynb_checkpoints/1-checkpoint.jpg cat/.ipynb_checkpoints/1.jpg`, two],
  [
    'tables, thumbnails and captions',
    `${animals} labels.csv Thumbs.db cat/desktop.ini cat/1.txt cat/1.xml dog/clip.mp4 annotations.json`,
    {
      ...two,
      foreign: [
        'labels.csv',
        'Thumbs.db',
        'cat/desktop.ini',
        'cat/1.txt',
        'cat/1.xml',
        'dog/clip.mp4',
        'annotations.json',
      ],
      notes: [/7 files are no pictures and left out/],
    },
  ],
  [
    'a folder of annotations',
    `Images/${animals} Annotations/cat/1.xml`,
    { ...two, foreign: ['Annotations/cat/1.xml'] },
  ],
  [
    'masks beside pictures',
    `${animals} cat/1.mask.png dog/2.seg.png`,
    { ...two, foreign: ['cat/1.mask.png', 'dog/2.seg.png'] },
  ],
  [
    'formats that are not read',
    `${animals} cat/3.heic cat/4.BMP dog/5.jxl dog/6.svg dog/7.nef`,
    { ...two, refused: ['cat/3.heic', 'cat/4.BMP', 'dog/5.jxl', 'dog/6.svg', 'dog/7.nef'] },
  ],
]

/** What a source holds, as the table has it. */
function summary(splits: ImageSplits): Record<string, unknown> {
  const listings = splitNames.flatMap((split) => {
    const listing = splits[split]
    return listing === undefined ? [] : [[split, listing] as const]
  })
  const keysOf = (what: 'refused' | 'foreign'): readonly string[] =>
    listings.flatMap(([, listing]) => (listing[what] ?? []).map(({ name }) => name.replace(/^set\.tar\//, '')))
  return {
    ...Object.fromEntries(listings.map(([split, listing]) => [split, countsOf(listing)])),
    refused: [...keysOf('refused')].sort(),
    foreign: [...keysOf('foreign')].sort(),
  }
}

const countsOf = ({ classes, images }: ImageListing): string =>
  classes
    .map((name, label) => ({ name, count: images.filter((image) => image.label === label).length }))
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${name} ${count}`)
    .join(', ')

/** The same files in each kind of source. */
const readers: Readonly<Record<string, (files: readonly string[], options: SplitOptions) => Promise<ImageSplits>>> = {
  folder: (files, options) => {
    const root = join(folder, 'set')
    writeFiles(root, Object.fromEntries(files.map((name) => [name, `contents of ${name}`])))
    return imageFolder(root, options)
  },
  tar: async (files, options) => {
    const path = join(folder, 'set.tar')
    writeFiles(folder, { 'set.tar': await archive(files.map((name) => [{ name }, `contents of ${name}`])) })
    return tarShards(path, options)
  },
  'tar made by `tar -c .`': async (files, options) => {
    const path = join(folder, 'set.tar')
    const members = files.map((name) => [{ name: `./${name}` }, `contents of ${name}`] as const)
    writeFiles(folder, { 'set.tar': await archive([[{ name: './', type: 'directory' }], ...members]) })
    return tarShards(path, options)
  },
}

describe.each(Object.entries(readers))('a %s with', (_, read) => {
  it.each(layouts)('%s', async (_what, files, expected) => {
    const names = files
      .split(' ')
      .flatMap(expand)
      .map((name) => name.replaceAll('·', ' '))
    if (expected instanceof RegExp) {
      return await expect(read(names, {})).rejects.toMatchObject({
        kind: 'data',
        message: expect.stringMatching(expected),
      })
    }
    const { notes = [], refused = [], foreign = [], ...splits } = expected
    const found = await read(names, splits.validation === undefined ? { validationSplit: 0 } : {})
    const ending = (list: readonly string[]): readonly string[] => [...list].sort()
    const { refused: foundRefused, foreign: foundForeign, ...foundSplits } = summary(found)
    expect(foundSplits).toEqual(splits)
    expect(shortened(foundRefused, refused)).toEqual(ending(refused))
    expect(shortened(foundForeign, foreign)).toEqual(ending(foreign))
    for (const note of notes) expect(found.notes).toContainEqual(expect.stringMatching(note))
  })
})

/** Reports of archives name members from the root on, those of folders from the split on. */
function shortened(found: unknown, expected: readonly string[]): readonly string[] {
  const names = Array.isArray(found) ? found.map(String) : []
  return names.map((name) => expected.find((each) => name === each || name.endsWith(`/${each}`)) ?? name).sort()
}

describe('a source that is not divided', () => {
  const classes = (options: SplitOptions): Promise<ImageSplits> => {
    const root = join(folder, 'set')
    writeFiles(root, Object.fromEntries(expand('{cat,dog}/{1..10}.jpg').map((name) => [name, name])))
    return imageFolder(root, options)
  }

  it('gives a part of each class to validate on, or none', async () => {
    expect(summary(await classes({}))).toMatchObject({ train: 'cat 8, dog 8', validation: 'cat 2, dog 2' })
    expect(summary(await classes({ validationSplit: 0.5 }))).toMatchObject({ validation: 'cat 5, dog 5' })
    expect(Object.keys(await classes({ validationSplit: 0 }))).toEqual(['train', 'notes'])
  })

  it.each<[SplitOptions, RegExp]>([
    [JSON.parse('{"validationpart": 0.1}'), /no option "validationpart"/],
    [{ validationSplit: 1 }, /"validationSplit"/],
    [{ validationSplit: -0.1 }, /"validationSplit"/],
    [{ validationSplit: Number.NaN }, /"validationSplit"/],
    [{ splitSeed: 1.5 }, /"splitSeed"/],
  ])('refuses %j', async (options, message) => {
    await expect(classes(options)).rejects.toMatchObject({ kind: 'option', message: expect.stringMatching(message) })
  })
})

describe('a source with splits of its own', () => {
  const divided = (splits: readonly Split[], options: SplitOptions): Promise<ImageSplits> => {
    const root = join(folder, 'set')
    const names = splits.flatMap((split) => expand(`${split}/{cat,dog}/{1..10}.jpg`))
    writeFiles(root, Object.fromEntries(names.map((name) => [name, name])))
    return imageFolder(root, options)
  }

  it('has no part to set aside where it has a validation split', async () => {
    await expect(divided(['train', 'validation'], { validationSplit: 0.1 })).rejects.toMatchObject({
      kind: 'option',
      message: expect.stringContaining('"validationSplit" does not fit set'),
    })
  })

  it('without one, but to test on, has some set aside where that is asked for', async () => {
    expect(Object.keys(await divided(['train', 'test'], {})).sort()).toEqual(['notes', 'test', 'train'])
    expect(summary(await divided(['train', 'test'], { validationSplit: 0.1 }))).toMatchObject({
      train: 'cat 9, dog 9',
      validation: 'cat 1, dog 1',
      test: 'cat 10, dog 10',
    })
  })
})
