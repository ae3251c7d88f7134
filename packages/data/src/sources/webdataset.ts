import { labelOf } from './labels.js'
import { inOneForm, keyOf } from './names.js'
import { type LabelKind, type LeftMember, labelKinds, stemKey, type TarLabel, type TarMember } from './tar-index.js'

/** An image of a shard with the label beside it. */
interface LabelledMember extends TarMember {
  readonly className: string
  /** Whether the label came from a `.cls`, where numbers are indices of classes. */
  readonly kind: LabelKind
}

export interface LabelledSamples {
  readonly samples: readonly LabelledMember[]
  readonly refused: readonly LeftMember[]
  readonly foreign: readonly LeftMember[]
}

/** Texts of captions are all different; so many different labels may still be as many classes. */
const fewTexts = 10

/** Texts of so many words or more are sentences, where no two are the same. */
const wordsOfSentence = 4

/**
 * Which files beside images are their labels, in an archive whose folders name `classes` classes: a `.cls` always is one; a JSON object
 * with a class where most images have one, or no folders tell; a text where nothing else tells, unless the texts are captions. None: then
 * images are of the classes of their folders.
 */
export function labelsThatTell(
  pictures: readonly TarMember[],
  labels: readonly TarLabel[],
  classes: number,
): readonly TarLabel[] {
  const stems = new Set(pictures.map(({ name }) => stemKey(name)))
  const keys = new Set(pictures.map(({ name }) => inOneForm(keyOf(name))))
  const beside = labels.filter(
    ({ name, value, kind }) =>
      value !== undefined && (stems.has(stemKey(name)) || (kind === 'cls' && keys.has(stemKey(name)))),
  )
  const of = (kind: LabelKind): readonly TarLabel[] => beside.filter((label) => label.kind === kind)
  const sure = labels.filter(({ kind }) => kind !== 'txt')
  if (of('cls').length > 0) return sure
  const json = of('json').length
  if (json > 0 && (classes < 2 || 2 * json >= stems.size)) return sure
  const texts = of('txt')
  return texts.length > 0 && classes < 2 && !areCaptions(texts) ? labels.filter(({ kind }) => kind === 'txt') : []
}

function areCaptions(texts: readonly TarLabel[]): boolean {
  const different = new Set(texts.map(({ value }) => value)).size
  const sentences = texts.filter(({ value }) => String(value).split(/\s+/).length >= wordsOfSentence)
  if (different === texts.length && 2 * sentences.length > texts.length) return true
  return different > fewTexts && 2 * different > texts.length
}

/** Images of one sample. */
interface Sample {
  readonly key: string
  /** `0.jpg` of the sample 0. */
  readonly exact: TarMember[]
  /** `0.mask.png` of it. */
  readonly compound: TarMember[]
}

/**
 * Puts images and labels together that belong to one sample, as WebDataset names them: `0.jpg`, `0.cls`, `0.mask.png`. The image of a
 * sample is the one without a further dot. Names that hold dots of their own (`photo.2020.jpg` with `photo.2020.cls`) are no such pair.
 */
export function labelledSamples(pictures: readonly TarMember[], labels: readonly TarLabel[]): LabelledSamples {
  const byStem = new Map<string, TarLabel>()
  for (const label of labels) {
    const known = byStem.get(stemKey(label.name))
    if (label.value !== undefined && (known === undefined || isSurer(label, known)))
      byStem.set(stemKey(label.name), label)
  }
  const refused: LeftMember[] = []
  const foreign: LeftMember[] = []
  const samples: LabelledMember[] = []
  const used = new Set<string>()
  for (const sample of samplesOf(pictures, byStem)) {
    used.add(sample.key)
    const image = imageOf(sample, refused, foreign)
    if (image === undefined) continue
    const { name } = image
    const label = byStem.get(sample.key)
    if (label === undefined) {
      refused.push({ name, reason: 'without a label: no .cls, .json or .txt beside it says a class' })
      continue
    }
    const named = labelOf(label.value)
    if ('reason' in named) refused.push({ name, reason: `${named.reason}, in ${label.name}` })
    else samples.push({ ...image, className: named.className, kind: label.kind })
  }
  for (const { name, kind } of labels) {
    if (used.has(stemKey(name))) continue
    if (kind === 'cls') refused.push({ name, reason: 'a label without an image' })
    else foreign.push({ name, reason: 'beside no image' })
  }
  return { samples, refused, foreign }
}

const isSurer = (one: TarLabel, other: TarLabel): boolean =>
  labelKinds.indexOf(one.kind) < labelKinds.indexOf(other.kind)

function samplesOf(pictures: readonly TarMember[], labels: ReadonlyMap<string, TarLabel>): Iterable<Sample> {
  const stems = new Set(pictures.map(({ name }) => stemKey(name)))
  const samples = new Map<string, Sample>()
  for (const picture of pictures) {
    const stem = stemKey(picture.name)
    const short = inOneForm(keyOf(picture.name))
    const key = labels.has(stem) || !(labels.has(short) || stems.has(short)) ? stem : short
    const sample = samples.get(key) ?? { key, exact: [], compound: [] }
    samples.set(key, sample)
    const { exact, compound } = sample
    ;(key === stem ? exact : compound).push(picture)
  }
  return samples.values()
}

/** The image of a sample; undefined where it is not clear which it is. */
function imageOf({ exact, compound }: Sample, refused: LeftMember[], foreign: LeftMember[]): TarMember | undefined {
  const candidates = exact.length > 0 ? exact : compound
  const [image] = candidates
  if (image === undefined) return undefined
  if (candidates.length > 1) {
    const names = candidates.map(({ name }) => name).join(', ')
    for (const { name } of candidates) refused.push({ name, reason: `several images of one sample: ${names}` })
    return undefined
  }
  for (const { name } of exact.length > 0 ? compound : []) {
    foreign.push({ name, reason: `of the sample whose image is ${image.name}` })
  }
  return image
}

/** Files beside images that are not their labels. */
export function captions(labels: readonly TarLabel[], used: readonly TarLabel[]): readonly LeftMember[] {
  const labelling = new Set(used)
  return labels
    .filter((label) => !labelling.has(label))
    .map(({ name }) => ({ name, reason: 'a text beside images, not a label' }))
}
