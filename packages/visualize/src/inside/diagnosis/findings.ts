import type { Aliasing } from './aliasing.js'
import type { DuplicateFilters } from './duplicates.js'
import type { UnitStatistics } from './units.js'

/** What may be wrong inside of a network. */
export const findingKinds = [
  'not-finite',
  'dead-units',
  'saturated-units',
  'duplicate-filters',
  'aliasing',
  'small-gradient',
  'large-gradient',
  'large-step',
  'standing-still',
] as const

export type FindingKind = (typeof findingKinds)[number]

/** Whether a finding calls for something, or is what healthy networks have, too: a few units or filters of many. */
export type Severity = 'warning' | 'note'

/** Something that may be wrong with a layer. */
export interface Finding {
  readonly kind: FindingKind
  readonly severity: Severity
  readonly layer: string
  /** Units or filters that it is about; none where it is about the layer. */
  readonly units: readonly number[]
  /** What was measured: a part of the units for those, a share of responses, a ratio to the middle layer. */
  readonly measured: number
  /** From where on it is a finding. */
  readonly limit: number
  /** What was found, with its numbers, in a sentence. */
  readonly says: string
  /** What to try. */
  readonly advice: string
}

/** What is measured of a layer. */
export interface LayerDiagnosis {
  readonly layer: string
  /** What it gives for one image, after what rectifies it; undefined for the layer that the network ends in. */
  readonly statistics: UnitStatistics | undefined
  /** How many filters a convolution has, or units another layer. */
  readonly filters: number
  readonly duplicates: readonly DuplicateFilters[]
  /** The norm of the gradient of the loss beside that of the weights; undefined where there is none to measure. */
  readonly gradientRatio: number | undefined
  /** How far the weights went in each step since an earlier state, beside their norm; undefined where there is none. */
  readonly updateRatio: number | undefined
}

/** From where on something is found. */
export const limits = {
  /** Of what all units of a layer range over, a unit that ranges over no more than this part does not answer to images. */
  range: 1e-6,
  /** A part of the places at which a unit of a sigmoid or a tanh is at a bound. */
  saturated: 0.95,
  /** Deviation beside the mean of a unit that is never rectified: below, it says nearly the same of all images. */
  variation: 0.25,
  /** The cosine of the angle between two filters. */
  similarity: 0.98,
  /**
   * The mean share of the responses of a first layer that its strides alias. With photographs and filters as they start it is 0.16 to 0.2 for windows
   * of 7 and 11 with strides of 4, and 0.04 to 0.09 for windows of 3 to 11 with strides of 2.
   */
  aliased: 0.125,
  /** The same of images as sharp as noise, which is a note: windows as they start have 1 − 1 / s², so 0.75 with strides of 2 and 0.94 with 4. */
  sharpest: 0.85,
  /** A loss below which there is nothing left to learn. */
  learnt: 0.01,
  /** How many times smaller or larger than that of the middle layer a ratio may be. */
  ratio: 1000,
  /** Fewer than this part of a layer's units or filters are a note. */
  few: 0.1,
} as const

/** What is wrong, as the numbers say. */
export function findingsOf(
  layers: readonly LayerDiagnosis[],
  aliased: readonly Aliasing[],
  loss: number | undefined,
): readonly Finding[] {
  return [
    ...layers.flatMap(({ statistics }) => (statistics === undefined ? [] : ofUnits(statistics))),
    ...layers.flatMap(duplicates),
    ...aliased.flatMap(tooCoarse),
    // Of a network that has nothing left to learn no gradient is left, either.
    ...outOfLine(layers, 'gradientRatio', (loss ?? 0) > limits.learnt),
    ...outOfLine(layers, 'updateRatio', false),
  ]
}

const percent = (part: number): string => `${(100 * part).toFixed(part < 0.1 ? 1 : 0)} %`

const severityOf = (part: number): Severity => (part < limits.few ? 'note' : 'warning')

/** The first few of a list of places. */
const some = (units: readonly number[]): string =>
  `${units.slice(0, 12).join(', ')}${units.length > 12 ? ` and ${units.length - 12} more` : ''}`

function ofUnits(statistics: UnitStatistics): readonly Finding[] {
  const { units, mean, images, places } = statistics
  // One number says nothing of how a unit changes.
  if (images * places < 2) return []
  const lost = placesWhere(units, (unit) => !Number.isFinite(mean[unit]))
  if (lost.length === 0) return [...deadUnits(statistics), ...saturatedUnits(statistics)]
  return aboutUnits(statistics, {
    kind: 'not-finite',
    found: lost,
    severity: 'warning',
    does: ['gives numbers that are not finite', 'give numbers that are not finite'],
    advice: 'Train again from an earlier checkpoint, with a lower learning rate or with clipped gradients.',
  })
}

/** Units that give the same number whatever they see. */
function deadUnits(statistics: UnitStatistics): readonly Finding[] {
  const { units, least, most, bounds, images } = statistics
  const whole =
    most.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY) -
    least.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const found = placesWhere(units, (unit) => !((most[unit] ?? 0) - (least[unit] ?? 0) > limits.range * whole))
  const never = bounds === 'rectified' && found.every((unit) => most[unit] === 0)
  return aboutUnits(statistics, {
    kind: 'dead-units',
    found,
    does: never
      ? [`never fires in ${images} images`, `never fire in ${images} images`]
      : [`gives the same number for all of ${images} images`, `give the same number for all of ${images} images`],
    advice:
      'Lower the learning rate or warm it up, start with smaller biases or heNormal kernels, normalise batches before the rectifier, or use leakyRelu or elu; a layer whose units mostly die may as well be narrower.',
  })
}

/** Units at their bounds, and rectified ones that are never rectified and hardly change. */
function saturatedUnits(statistics: UnitStatistics): readonly Finding[] {
  const { units, bounds, least, most, mean, deviation, saturated } = statistics
  if (bounds === 'none') return []
  const isRectified = bounds === 'rectified'
  const found = placesWhere(units, (unit) => {
    if (least[unit] === most[unit]) return false
    const hardlyChanges = (deviation[unit] ?? 0) < limits.variation * (mean[unit] ?? 0)
    return isRectified ? (least[unit] ?? 0) > 0 && hardlyChanges : (saturated[unit] ?? 0) >= limits.saturated
  })
  const everywhere = `above 0 everywhere in all images, where they change by less than ${percent(limits.variation)}`
  const bound = `at a bound of their ${bounds} at ${percent(limits.saturated)} of the places or more`
  const what = isRectified ? everywhere : bound
  return aboutUnits(statistics, {
    kind: 'saturated-units',
    found,
    does: [`is ${what}`, `are ${what}`],
    advice: isRectified
      ? 'Subtract the mean of the images, start biases at 0, decay weights, or normalise batches before the rectifier.'
      : `Start with smaller kernels, normalise what goes into the ${bounds}, lower the learning rate, or use relu, which has no upper bound.`,
  })
}

interface AboutUnits {
  readonly kind: FindingKind
  readonly found: readonly number[]
  /** By their part of the layer, unless it is given. */
  readonly severity?: Severity
  /** What one of them does, and what several do. */
  readonly does: readonly [string, string]
  readonly advice: string
}

/** A finding about some units of a layer; none where there are no such units. */
function aboutUnits({ layer, units }: UnitStatistics, about: AboutUnits): readonly Finding[] {
  const { kind, found, does, advice } = about
  if (found.length === 0) return []
  const measured = found.length / units
  const says = `${found.length} of the ${units} units of ${layer} ${does[found.length === 1 ? 0 : 1]} (${percent(measured)}): ${some(found)}.`
  return [
    { kind, layer, units: found, measured, limit: 0, says, advice, severity: about.severity ?? severityOf(measured) },
  ]
}

function duplicates({ layer, filters, duplicates: pairs }: LayerDiagnosis): readonly Finding[] {
  const [first] = [...pairs].sort((a, b) => b.similarity - a.similarity)
  if (first === undefined) return []
  const units = [...new Set(pairs.flatMap(({ filters }) => filters))].sort((a, b) => a - b)
  const named = pairs.slice(0, 6).map(({ filters: [a, b] }) => `${a} and ${b}`)
  return [
    {
      ...{
        kind: 'duplicate-filters',
        severity: severityOf(units.length / filters),
        layer,
        units,
        measured: first.similarity,
        limit: limits.similarity,
      },
      says: `${pairs.length === 1 ? 'Two filters' : `${pairs.length} pairs of filters`} of ${layer} look for the same (cosine up to ${first.similarity.toFixed(4)}): ${named.join('; ')}${pairs.length > named.length ? '; …' : ''}.`,
      advice:
        'Use fewer filters, start from other random numbers (kernels that start alike stay alike), or add dropout or weight decay.',
    },
  ]
}

function tooCoarse({ layer, kernelSize, strides, share, sharpest }: Aliasing): readonly Finding[] {
  const isSeen = share >= limits.aliased
  if (!isSeen && sharpest < limits.sharpest) return []
  const grid = `what its strides of ${strides.join('×')} can hold`
  const filters = `the filters of ${layer} (${kernelSize.join('×')})`
  return [
    {
      ...{ kind: 'aliasing', severity: isSeen ? 'warning' : 'note', layer, units: [] },
      ...(isSeen ? { measured: share, limit: limits.aliased } : { measured: sharpest, limit: limits.sharpest }),
      says: isSeen
        ? `${percent(share)} of what ${filters} answer to is finer than ${grid}, and is aliased.`
        : `${percent(sharpest)} of ${filters} is finer than ${grid}: sharp images are aliased. Of these images it is ${percent(share)}.`,
      advice:
        "Use smaller strides and, with them, a smaller window, as ZFNet's 7×7 with strides of 2 instead of AlexNet's 11×11 with 4 (Zeiler & Fergus 2014, §4.1), or pool after the layer instead.",
    },
  ]
}

/** Layers whose ratio is far from that of the middle one; where it is 0 in all of them, they are only where it should not be. */
function outOfLine(
  layers: readonly LayerDiagnosis[],
  name: 'gradientRatio' | 'updateRatio',
  isMissed: boolean,
): readonly Finding[] {
  const known = layers.flatMap((each) => {
    const ratio = each[name]
    return ratio === undefined ? [] : [{ layer: each.layer, ratio }]
  })
  if (known.every(({ ratio }) => ratio === 0) && !isMissed) return []
  const middle = known.map(({ ratio }) => ratio).sort((a, b) => a - b)[known.length >> 1] ?? 0
  const what = name === 'gradientRatio' ? 'gradient' : 'way of a step'
  return known.flatMap(({ layer, ratio }): Finding[] => {
    const times = middle > 0 ? ratio / middle : ratio === 0 ? 0 : 1
    const about = { severity: 'warning', layer, units: [], measured: times } as const
    const numbers = `${ratio.toExponential(1)} of its weights, where the middle layer's is ${middle.toExponential(1)}`
    if (Number.isNaN(ratio) || times > limits.ratio) {
      return [
        {
          ...{ ...about, kind: name === 'gradientRatio' ? 'large-gradient' : 'large-step', limit: limits.ratio },
          says: `The ${what} of ${layer} is ${numbers}.`,
          advice: 'Clip gradients by their global norm, warm the learning rate up, or start with larger kernels there.',
        },
      ]
    }
    if (times >= 1 / limits.ratio && ratio > 0) return []
    return [
      name === 'gradientRatio'
        ? {
            ...{ ...about, kind: 'small-gradient', limit: 1 / limits.ratio },
            says: `Hardly any gradient arrives at ${layer}: ${numbers}.`,
            advice:
              'Look for dead or saturated units behind it, start with heNormal kernels, normalise batches, or add a shortcut around what lies between it and the loss.',
          }
        : {
            ...{ ...about, kind: 'standing-still', limit: 1 / limits.ratio },
            says: `${layer} stands still: a step moves it by ${numbers}.`,
            advice: 'Raise its learning rate by a parameter group, or see what its gradient says.',
          },
    ]
  })
}

/** The units of a layer that findings of a kind name. */
export const placesOf = (findings: readonly Finding[], layer: string, kind: FindingKind): readonly number[] =>
  findings.find((each) => each.layer === layer && each.kind === kind)?.units ?? []

const placesWhere = (units: number, isOne: (unit: number) => boolean): readonly number[] =>
  Array.from({ length: units }, (_, unit) => unit).filter(isOne)
