import type { Dataset, Model, Shape } from '@convzoo/core'
import type { Ops, Value } from '@convzoo/core/define'
import { outputShapeOf } from '../activations.js'
import { batchOf, type Network, type ParsedLooking } from '../network.js'
import { compute, numbersOf } from '../passes.js'
import type { Stage } from './stages.js'

/** What bounds the numbers of a unit: nothing from above where it is rectified, both sides of a sigmoid or a tanh. */
export type Bounds = 'rectified' | 'sigmoid' | 'tanh' | 'none'

/** What the units of a layer gave over all places of all images. */
export interface UnitStatistics {
  readonly layer: string
  readonly bounds: Bounds
  readonly units: number
  readonly images: number
  /** Numbers of one unit in one image. */
  readonly places: number
  /** The least and the largest number that each unit gave. */
  readonly least: Float64Array
  readonly most: Float64Array
  readonly mean: Float64Array
  readonly deviation: Float64Array
  /** The part of the places at which a unit is above 0. */
  readonly firing: Float64Array
  /** The part of the places at which a unit is within a hundredth of a bound. */
  readonly saturated: Float64Array
}

/** Within this part of its range a unit is at its bound. */
const margin = 0.01

/** Of one image, each unit: its least and largest number, sums, and how often it is above 0 and at a bound. */
const measures = ['least', 'most', 'sum', 'squares', 'firing', 'saturated'] as const
type Measure = (typeof measures)[number]

/** Goes through images once, and sums up what each unit of each stage gives. */
export async function unitStatistics(
  network: Network,
  stages: readonly Stage[],
  { dataset, places, ...looking }: ParsedLooking & { readonly dataset: Dataset; readonly places: readonly number[] },
): Promise<readonly UnitStatistics[]> {
  const { model } = network
  const sums = stages.map((stage) => new RunningStatistics(model, stage))
  const skipped = new Map<number, ReadonlySet<number>>()
  await compute(network, {
    ...looking,
    count: places.length,
    ask: ({ ops, builder, layer }) =>
      Object.fromEntries(
        stages.flatMap(({ output }, stage) => {
          const value = layer(output)
          const bounds = boundsOf(builder.node(value).primitive)
          const asked = measured(ops, value, bounds)
          sums[stage]?.measure(
            bounds,
            measures.filter((name) => asked[name] !== undefined),
          )
          return Object.entries(asked).map(([name, sum]) => [`${stage}/${name}`, sum])
        }),
      ),
    inputs: async (from, size) => {
      const batch = await batchOf(dataset, places.slice(from, from + size))
      skipped.set(from, batch.skipped)
      return { images: batch.images }
    },
    take: (outputs, from, size) => {
      for (const [stage, each] of sums.entries()) {
        const own = Object.fromEntries(each.measures.map((name) => [name, numbersOf(outputs, `${stage}/${name}`)]))
        for (let row = 0; row < size; row++) if (skipped.get(from)?.has(row) !== true) each.add(own, row)
      }
      skipped.delete(from)
    },
  })
  return sums.map((each) => each.statistics())
}

function boundsOf(primitive: string): Bounds {
  if (primitive === 'relu') return 'rectified'
  return primitive === 'sigmoid' || primitive === 'tanh' ? primitive : 'none'
}

/** Of a value [N, h, w, units] or [N, units], numbers [N, units]. */
function measured(ops: Ops, value: Value, bounds: Bounds): Readonly<Partial<Record<Measure, Value>>> {
  const axes = value.shape.slice(1, -1).map((_, axis) => axis + 1)
  const over = (x: Value): Value => (axes.length === 0 ? x : ops.sum(x, { axes }))
  const largest = (x: Value): Value => (axes.length === 0 ? x : ops.max(x, { axes }))
  const isAbove = (limit: number): Value => ops.select(ops.greater(value, limit), 1, 0)
  const [low, high] = bounds === 'sigmoid' ? [margin, 1 - margin] : [-1 + 2 * margin, 1 - 2 * margin]
  const isBounded = bounds === 'sigmoid' || bounds === 'tanh'
  return {
    least: ops.negate(largest(ops.negate(value))),
    most: largest(value),
    sum: over(value),
    squares: over(ops.square(value)),
    firing: over(isAbove(0)),
    ...(isBounded ? { saturated: over(ops.subtract(1, ops.subtract(isAbove(low), isAbove(high)))) } : {}),
  }
}

/** Sums over images as they come. */
class RunningStatistics {
  readonly #layer: string
  readonly #shape: Shape
  readonly #units: number
  #bounds: Bounds = 'none'
  /** What is measured of it. */
  #measures: readonly Measure[] = []
  #images = 0
  readonly #totals: Readonly<Record<Measure, Float64Array>>

  constructor(model: Model, { layer, output }: Stage) {
    this.#layer = layer
    this.#shape = outputShapeOf(model, output)
    this.#units = this.#shape.at(-1) ?? 1
    const of = (start: number) => new Float64Array(this.#units).fill(start)
    const [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    this.#totals = { least: of(least), most: of(most), sum: of(0), squares: of(0), firing: of(0), saturated: of(0) }
  }

  measure(bounds: Bounds, names: readonly Measure[]): void {
    this.#bounds = bounds
    this.#measures = names
  }

  get measures(): readonly Measure[] {
    return this.#measures
  }

  add(found: Readonly<Record<string, Float32Array>>, row: number): void {
    this.#images++
    const from = row * this.#units
    for (const name of this.#measures) {
      const [total, own] = [this.#totals[name], found[name]]
      for (let unit = 0; unit < this.#units; unit++) {
        const [before, value] = [total[unit] ?? 0, own?.[from + unit] ?? Number.NaN]
        total[unit] =
          name === 'least' ? Math.min(before, value) : name === 'most' ? Math.max(before, value) : before + value
      }
    }
  }

  statistics(): UnitStatistics {
    const { least, most, sum, squares, firing, saturated } = this.#totals
    const places = this.#shape.slice(0, -1).reduce((product, side) => product * side, 1)
    const count = Math.max(1, places * this.#images)
    const mean = sum.map((each) => each / count)
    return {
      ...{
        layer: this.#layer,
        bounds: this.#bounds,
        units: this.#units,
        images: this.#images,
        places,
        least,
        most,
        mean,
      },
      deviation: squares.map((each, unit) => Math.sqrt(Math.max(0, each / count - (mean[unit] ?? 0) ** 2))),
      firing: firing.map((each) => each / count),
      saturated: saturated.map((each) => each / count),
    }
  }
}
