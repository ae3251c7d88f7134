import { costOf, type Engine, type LayerFunction, renderKeras, type Shape, summarize } from '@convzoo/core'
import {
  boolean,
  defineOptions,
  functionOf,
  isShape,
  matching,
  optional,
  requireArguments,
  sizeOf,
  text,
} from '@convzoo/core/define'
import { functionName, initialState, interpret, interpreterEngine } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { collect, expectClose, expectSameMoves } from './comparison.js'
import { expectGradients } from './finite-differences.js'
import { layerModel, layerProgram, samples } from './layer-program.js'
import { applied, type LayerTrace, traceLayer } from './layer-trace.js'
import { numbers } from './numbers.js'
import { engineMaker, skips, tolerance as toleranceOption } from './options.js'
import { patient } from './patient.js'
import { type Skips, skipping } from './skips.js'

export interface DescribeLayerOptions {
  /** Makes the layer under test, a new one each time. */
  readonly create: () => LayerFunction
  /** The shape of its input without the batch axis, or those of all of its inputs. */
  readonly input: Shape | readonly Shape[]
  /** What the numbers of its inputs lie between; [−1, 1] by default. */
  readonly range?: readonly [number, number]
  /** True if in training what it gives for a sample depends on the others, as batch normalization does; false by default. */
  readonly mixesSamples?: boolean
  /** An engine that has to give the same numbers as the float64 interpreter. */
  readonly engine?: () => Engine
  /** For that engine: largest difference of a tensor's change as a part of it; 1e-4 by default. */
  readonly tolerance?: number
  /** Tests that do not apply, by title, each with the reason. */
  readonly skip?: Skips
}

const isShapes = (given: unknown): given is readonly Shape[] =>
  Array.isArray(given) && given.length > 0 && given.every((each) => isShape(each) && each.length > 0)

const suiteOptions = defineOptions({
  create: functionOf<() => LayerFunction>(),
  input: matching(
    'a shape such as [4, 4, 3], or a list of them',
    (given): given is Shape | readonly Shape[] => isShapes([given]) || isShapes(given),
  ),
  range: optional(
    matching(
      'two numbers, as [least, most]',
      (given): given is readonly [number, number] =>
        Array.isArray(given) && given.length === 2 && given.every(Number.isFinite) && given[0] < given[1],
    ),
    [-1, 1],
  ),
  mixesSamples: optional(boolean, false),
  engine: optional(engineMaker),
  tolerance: toleranceOption,
  skip: skips,
})

/** In inference and in training. */
const modes: readonly (readonly [mode: string, training: boolean])[] = [
  ['inference', false],
  ['training', true],
]

/**
 * The conformance suite of a layer, for vitest: what it gives has its `outputShape`; it declares the same weights each time; gradients of
 * inputs and weights are those of finite differences, and each weight has one; each sample is treated for itself; it trains in a network
 * and stands in summaries; and it gives the same numbers on an engine.
 *
 * @example
 * describeLayer('scale', { create: () => scale({ by: 2 }), input: [4, 4, 3] })
 */
export function describeLayer(name: string, options: DescribeLayerOptions): void {
  requireArguments('describeLayer', { name: [text, name] })
  const { create, input, range, mixesSamples, engine, tolerance, skip } = suiteOptions.parse('describeLayer', options)
  const shapes: readonly Shape[] = isShapes(input) ? input : [input as Shape]
  const symbolic = () => applied(create(), shapes)
  const trace = (count: number, training: boolean) => traceLayer(symbolic(), { samples: count, training, range })
  describe(`layer ${name}`, patient, () => {
    skipping(skip)

    it.each(modes)('gives what its outputShape says, in %s', (_, training) => {
      const { outputShape } = symbolic().application
      for (const count of [1, 2, 5]) expect(trace(count, training).output.shape).toEqual([count, ...outputShape])
    })

    it('declares the same weights each time', () => {
      const declared = () => symbolic().application.owner.weights
      expect(declared()).toEqual(declared())
    })

    it.each(modes)('has the gradients that differences have, in %s', (_, training) => {
      const traced = trace(2, training)
      const { builder, ops, output, inputs, weights, given } = traced
      // Each element of the output counts differently.
      const share = builder.input('share', { shape: output.shape, dtype: 'float32' })
      const still = expectGradients({
        builder,
        ops,
        target: ops.sum(ops.multiply(output, share)),
        sources: { ...inputs, ...weights },
        given: { ...given, share: numbers('share', sizeOf(output.shape), 0.5, 1.5) },
      })
      expect(
        still.filter((source) => Object.hasOwn(weights, source)),
        'trainable weights without a gradient',
      ).toEqual([])
    })

    it.each(modes.filter(([, training]) => !training || !mixesSamples))(
      'treats each sample for itself, in %s',
      (_, training) => {
        const together = trace(samples, training)
        const whole = computed(together, together.given)
        for (let sample = 0; sample < samples; sample++) {
          const alone = trace(1, training)
          const row = (all: ArrayLike<number>) =>
            Array.from(all).slice((sample * all.length) / samples, ((sample + 1) * all.length) / samples)
          const given = Object.entries(together.given).map(([own, data]) => [
            own,
            together.bySample.includes(own) ? row(data) : data,
          ])
          expectClose(computed(alone, Object.fromEntries(given)), row(whole), 1e-12)
        }
      },
    )

    it('stands in summaries, and costs what can be counted', () => {
      const model = layerModel(create(), shapes)
      const { name: own, layer } = symbolic().application.owner
      const row = renderKeras(summarize(model), { cost: costOf(model) })
      expect(row).toMatch(`${own} (${layer.keras}`.slice(0, 20))
    })

    it('trains in a network: steps are finite, and its weights move', async () => {
      const model = layerModel(create(), shapes)
      const { program, batch } = layerProgram(model, range)
      const executable = await interpreterEngine().compile(program)
      const start = [...initialState(program, 1)]
      await executable.writeState(start)
      for (const step of [0, 1]) {
        const { finite } = await executable.run(functionName('train', samples), batch(step))
        expect(finite?.[0], `step ${step} is finite`).toBe(1)
      }
      const after = await collect(executable.readState())
      const trainable = new Set(model.weights.filter((weight) => weight.trainable).map((weight) => weight.name))
      const still = start.filter(({ name: own, data }) => trainable.has(own) && same(after.get(own), data))
      expect(still.map(({ name: own }) => own)).toEqual([])
    })

    if (engine === undefined) return
    it('gives the same numbers on the engine', async () => {
      const { program, batch } = layerProgram(layerModel(create(), shapes), range)
      const start = [...initialState(program, 1)]
      const tested = await engine().compile(program)
      try {
        const truth = await interpreterEngine().compile(program)
        for (const each of [tested, truth]) await each.writeState(start)
        for (const step of [0, 1, 2]) {
          const runs = [tested, truth].map((each) => each.run(functionName('train', samples), batch(step)))
          const [got, wanted] = await Promise.all(runs)
          expectClose(got?.losses ?? [], wanted?.losses ?? [], tolerance)
        }
        await expectSameMoves(program, start, tested, truth, tolerance)
        const runs = [tested, truth].map((each) => each.run(functionName('predict', samples), batch(3)))
        const [got, wanted] = await Promise.all(runs)
        expectClose(got?.probabilities ?? [], wanted?.probabilities ?? [], tolerance)
      } finally {
        await tested.dispose()
      }
    })
  })
}

const same = (a: Float32Array | undefined, b: Float32Array): boolean => b.every((value, index) => value === a?.[index])

/** What the layer gives for these numbers, in double precision. */
function computed({ builder, output }: LayerTrace, inputs: Readonly<Record<string, ArrayLike<number>>>) {
  builder.output('y', output)
  return interpret(builder.finish('layer'), { inputs }).outputs.y?.data ?? new Float64Array()
}
