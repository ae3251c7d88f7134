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
  'standing-still',
] as const

export type FindingKind = (typeof findingKinds)[number]

/** Something that may be wrong with a layer. */
export interface Finding {
  readonly kind: FindingKind
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
  /** The mean share of the responses of a first layer that its strides alias. */
  aliased: 0.5,
  /** How many times smaller or larger than that of the middle layer a ratio may be. */
  ratio: 1000,
} as const

/** What is wrong, as the numbers say. */
export function findingsOf(layers: readonly LayerDiagnosis[], aliased: readonly Aliasing[]): readonly Finding[] {
  return [
    ...layers.flatMap(({ statistics }) => (statistics === undefined ? [] : ofUnits(statistics))),
    ...layers.flatMap(duplicates),
    ...aliased.flatMap(tooCoarse),
    ...outOfLine(layers, 'gradientRatio'),
    ...outOfLine(layers, 'updateRatio'),
  ]
}

const percent = (part: number): string => `${(100 * part).toFixed(part < 0.1 ? 1 : 0)} %`

/** The first few of a list of places. */
const some = (units: readonly number[]): string =>
  `${units.slice(0, 12).join(', ')}${units.length > 12 ? ` and ${units.length - 12} more` : ''}`

function ofUnits(statistics: UnitStatistics): readonly Finding[] {
  const { layer, units, mean } = statistics
  const lost = placesWhere(units, (unit) => !Number.isFinite(mean[unit]))
  if (lost.length === 0) return [...deadUnits(statistics), ...saturatedUnits(statistics)]
  return [
    {
      ...{ kind: 'not-finite', layer, units: lost, measured: lost.length / units, limit: 0 },
      says: `${lost.length} of the ${units} units of ${layer} give numbers that are not finite: ${some(lost)}.`,
      advice: 'Train again from an earlier checkpoint, with a lower learning rate or with clipped gradients.',
    },
  ]
}

/** Units that give the same number whatever they see. */
function deadUnits({ layer, units, least, most, bounds }: UnitStatistics): readonly Finding[] {
  const range = (unit: number): number => (most[unit] ?? 0) - (least[unit] ?? 0)
  const whole =
    most.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY) -
    least.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const dead = placesWhere(units, (unit) => !(range(unit) > limits.range * whole))
  if (dead.length === 0) return []
  const never = bounds === 'rectified' && dead.every((unit) => most[unit] === 0)
  return [
    {
      ...{ kind: 'dead-units', layer, units: dead, measured: dead.length / units, limit: 0 },
      says: `${dead.length} of the ${units} units of ${layer} ${never ? 'never fire' : 'give the same number for all images'} (${percent(dead.length / units)}): ${some(dead)}.`,
      advice:
        'Lower the learning rate or warm it up, start with smaller biases or heNormal kernels, normalise batches before the rectifier, or use leakyRelu or elu; a layer whose units mostly die may as well be narrower.',
    },
  ]
}

/** Units at their bounds, and rectified ones that are never rectified and hardly change. */
function saturatedUnits(statistics: UnitStatistics): readonly Finding[] {
  const { layer, units, bounds, least, most, mean, deviation, saturated } = statistics
  const isConstant = (unit: number): boolean => least[unit] === most[unit]
  const found = placesWhere(units, (unit) => {
    if (isConstant(unit)) return false
    if (bounds === 'rectified')
      return (least[unit] ?? 0) > 0 && (deviation[unit] ?? 0) < limits.variation * (mean[unit] ?? 0)
    return (bounds === 'sigmoid' || bounds === 'tanh') && (saturated[unit] ?? 0) >= limits.saturated
  })
  if (found.length === 0) return []
  const what =
    bounds === 'rectified'
      ? `are above 0 everywhere in all images and change by less than ${percent(limits.variation)} of what they give`
      : `are at a bound of their ${bounds} at ${percent(limits.saturated)} of the places or more`
  return [
    {
      ...{ kind: 'saturated-units', layer, units: found, measured: found.length / units, limit: 0 },
      says: `${found.length} of the ${units} units of ${layer} ${what} (${percent(found.length / units)}): ${some(found)}.`,
      advice:
        bounds === 'rectified'
          ? 'Subtract the mean of the images, start biases at 0, decay weights, or normalise batches before the rectifier.'
          : `Start with smaller kernels, normalise what goes into the ${bounds}, lower the learning rate, or use relu, which has no upper bound.`,
    },
  ]
}

function duplicates({ layer, duplicates: pairs }: LayerDiagnosis): readonly Finding[] {
  const [first] = [...pairs].sort((a, b) => b.similarity - a.similarity)
  if (first === undefined) return []
  const units = [...new Set(pairs.flatMap(({ filters }) => filters))].sort((a, b) => a - b)
  const named = pairs.slice(0, 6).map(({ filters: [a, b] }) => `${a} and ${b}`)
  return [
    {
      ...{ kind: 'duplicate-filters', layer, units, measured: first.similarity, limit: limits.similarity },
      says: `${pairs.length === 1 ? 'Two filters' : `${pairs.length} pairs of filters`} of ${layer} look for the same (cosine up to ${first.similarity.toFixed(4)}): ${named.join('; ')}${pairs.length > named.length ? '; …' : ''}.`,
      advice:
        'Use fewer filters, start from other random numbers (kernels that start alike stay alike), or add dropout or weight decay.',
    },
  ]
}

function tooCoarse({ layer, kernelSize, strides, share }: Aliasing): readonly Finding[] {
  if (share < limits.aliased) return []
  return [
    {
      ...{ kind: 'aliasing', layer, units: [], measured: share, limit: limits.aliased },
      says: `${percent(share)} of what the filters of ${layer} (${kernelSize.join('×')}) answer to is finer than its strides of ${strides.join('×')} can hold, and is aliased.`,
      advice: `Use smaller strides and, with them, a smaller window, as ZFNet's 7×7 with strides of 2 instead of AlexNet's 11×11 with 4 (Zeiler & Fergus 2014, §4.1), or pool after the layer instead.`,
    },
  ]
}

/** Layers whose ratio is far from that of the middle one. */
function outOfLine(layers: readonly LayerDiagnosis[], name: 'gradientRatio' | 'updateRatio'): readonly Finding[] {
  const known = layers.flatMap((each) => {
    const ratio = each[name]
    return ratio === undefined ? [] : [{ layer: each.layer, ratio }]
  })
  const middle = [...known.map(({ ratio }) => ratio)].sort((a, b) => a - b)[known.length >> 1] ?? 0
  const what = name === 'gradientRatio' ? 'gradient' : 'way of a step'
  return known.flatMap(({ layer, ratio }): Finding[] => {
    const times = middle > 0 ? ratio / middle : ratio === 0 ? 0 : 1
    const about = { layer, units: [], measured: times }
    const numbers = `${ratio.toExponential(1)} of its weights, where the middle layer's is ${middle.toExponential(1)}`
    if (Number.isNaN(ratio) || times > limits.ratio) {
      return [
        {
          ...{ ...about, kind: 'large-gradient', limit: limits.ratio },
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

const placesWhere = (units: number, isOne: (unit: number) => boolean): readonly number[] =>
  Array.from({ length: units }, (_, unit) => unit).filter(isOne)
