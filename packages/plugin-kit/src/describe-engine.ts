import { type Engine, type Inputs, type Outputs, sgdw, zeros } from '@convzoo/core'
import {
  defineOptions,
  isFloat32Array,
  numberAbove,
  optional,
  requireArguments,
  sizeOf,
  text,
} from '@convzoo/core/define'
import {
  functionName,
  type Graph,
  GraphBuilder,
  initialState,
  interpret,
  interpreterEngine,
  opsFor,
  type Program,
  primitives,
  type StateSpec,
  seedWords,
} from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { collect, expectClose, expectSameMoves, open, type TestedEngine } from './comparison.js'
import { describeTraining } from './describe-training.js'
import { numbers } from './numbers.js'
import { engineMaker, skips, tolerance as toleranceOption } from './options.js'
import { patient } from './patient.js'
import { type PrimitiveCase, primitiveCases } from './primitive-cases.js'
import { type Skips, skipping } from './skips.js'
import { batchSize, smallProgram } from './small-network.js'

export interface DescribeEngineOptions {
  /** Makes the engine under test. */
  readonly create: () => Engine
  /** Largest difference as a part of the largest value: 1e-4 for float32 on a CPU. */
  readonly tolerance?: number
  /** Milliseconds that a test may take: 60,000. More is for what compiles on the processor what a GPU would run. */
  readonly timeout?: number
  /** Tests that do not apply, by title or by `group > title`, each with the reason. */
  readonly skip?: Skips
}

const suiteOptions = defineOptions({
  create: engineMaker,
  tolerance: toleranceOption,
  timeout: optional(numberAbove(0), patient.timeout),
  skip: skips,
})

/**
 * The conformance suite of an engine, for vitest: every primitive and training steps of a small network against the float64
 * interpreter, and the promises of the contract: assignments commit together or not at all, state goes out and in, bad calls are
 * refused.
 *
 * @example
 * describeEngine('onnx cpu', { create: () => onnx({ device: 'cpu' }) })
 */
export function describeEngine(name: string, options: DescribeEngineOptions): void {
  requireArguments('describeEngine', { name: [text, name] })
  const { skip, ...tested } = suiteOptions.parse('describeEngine', options)
  describe(`engine ${name}`, { timeout: tested.timeout }, () => {
    skipping(skip)
    describePrimitives(tested)
    describeTraining(tested)
    describeState(tested)
  })
}

const nameOf = (primitive: string, { title }: PrimitiveCase): string => `${primitive}: ${title}`

const allCases = Object.keys(primitives).flatMap((primitive) => {
  const cases = Object.entries(primitiveCases).find(([known]) => known === primitive)?.[1] ?? []
  return cases.map((each) => ({ name: nameOf(primitive, each), primitive, each }))
})

const randomCase: Graph = (() => {
  const builder = new GraphBuilder()
  const seed = builder.input('seed', { shape: [2], dtype: 'uint32' })
  const step = builder.input('step', { shape: [], dtype: 'uint32' })
  const sampleIndices = builder.input('sampleIndices', { shape: [3], dtype: 'uint32' })
  builder.output('y', builder.apply('random', [seed, step, sampleIndices], { stream: 'dropout', sampleShape: [5] }))
  return builder.finish('random numbers')
})()

const randomInputs = {
  seed: Uint32Array.from(seedWords(2 ** 40 + 7)),
  step: 3,
  sampleIndices: Uint32Array.from([5, 0, 9]),
}

/** Odd inputs are state, even ones inputs of the function: engines meet both. */
function graphOf({ name, each }: (typeof allCases)[number]): { readonly graph: Graph; readonly state: StateSpec[] } {
  const builder = new GraphBuilder()
  const ops = opsFor(builder)
  const state: StateSpec[] = []
  const values = each.shapes.map((shape, index) => {
    if (index % 2 === 0) return builder.input(`x${index}`, { shape, dtype: 'float32' })
    state.push({ name: `${name} x${index}`, shape, dtype: 'float32', role: 'weight', initializer: zeros })
    return builder.state(`${name} x${index}`, { shape, dtype: 'float32' })
  })
  builder.output('y', each.build(ops, values))
  return { graph: builder.finish(name), state }
}

function describePrimitives(tested: TestedEngine): void {
  describe('primitives', () => {
    const made = allCases.map((one) => ({ ...one, ...graphOf(one) }))
    const program: Program = {
      state: made.flatMap(({ state }) => state),
      functions: Object.fromEntries(
        [...made.map(({ graph }) => graph), randomCase].map((graph) => [graph.name, graph]),
      ),
    }
    const draw = (name: string, index: number, { shapes, from = -1, to = 1 }: PrimitiveCase): Float32Array =>
      numbers(`${name} ${index}`, sizeOf(shapes[index] ?? []), from, to)
    const opened = open(tested, program)

    it('has a case for every primitive', () => {
      const covered = new Set(made.map(({ primitive }) => primitive))
      expect(Object.keys(primitives).filter((primitive) => !covered.has(primitive))).toEqual([])
    })

    it.each(made)('$name', async ({ name, graph, state, each }) => {
      const executable = opened()
      const data = each.shapes.map((_, index) => draw(name, index, each))
      const given = (odd: boolean) =>
        data.flatMap((values, index) => ((index % 2 === 1) === odd ? [[index, values] as const] : []))
      await executable.writeState(
        given(true).map(([index, values]) => ({
          name: `${name} x${index}`,
          shape: each.shapes[index] ?? [],
          data: values,
        })),
      )
      const inputs = Object.fromEntries(given(false).map(([index, values]) => [`x${index}`, values]))
      const stateValues = new Map(given(true).map(([index, values]) => [`${name} x${index}`, values] as const))
      expect(stateValues.size).toBe(state.length)
      const wanted = interpret(graph, { inputs, state: stateValues }).outputs.y?.data ?? []
      const got = (await executable.run(name, inputs)).y ?? []
      expectClose(got, wanted, tested.tolerance)
    })

    it('draws exactly the random numbers that core draws', async () => {
      const got = await opened().run(randomCase.name, randomInputs)
      const wanted = interpret(randomCase, {
        inputs: { ...randomInputs, step: [randomInputs.step] },
        precision: 'float32',
      })
      expect([...(got.y ?? [])]).toEqual([...(wanted.outputs.y?.data ?? [])])
    })
  })
}

function describeState(tested: TestedEngine): void {
  describe('state', () => {
    const { program, batch } = smallProgram({
      optimizer: sgdw({ weightDecay: 5e-4, momentum: 0.9, learningRate: 0.05 }),
    })
    const train = functionName('train', batchSize)
    const opened = open(tested, program)
    const start = [...initialState(program, 1)]

    it('gives back bit for bit what was written', async () => {
      await opened().writeState(start)
      const read = await collect(opened().readState())
      expect([...read.keys()]).toEqual(program.state.map(({ name }) => name))
      for (const { name, data } of start) expect(read.get(name), name).toEqual(data)
    })

    it('commits nothing of a step that is not finite', async () => {
      await opened().writeState(start)
      const inputs = batch(0)
      const images = inputs.images
      if (!isFloat32Array(images)) throw new Error('The batch has no images.')
      const outputs = await opened().run(train, { ...inputs, images: images.map(() => Number.POSITIVE_INFINITY) })
      expect(outputs.finite?.[0]).toBe(0)
      const read = await collect(opened().readState())
      for (const { name, data } of start) expect(read.get(name), name).toEqual(data)
    })

    it.each(['into', 'out of'] as const)(
      'goes on where another engine stopped, %s the engine under test',
      async (way) => {
        const truth = await interpreterEngine().compile(program)
        const other = await interpreterEngine().compile(program)
        const [first, second] = way === 'into' ? [other, opened()] : [opened(), other]
        await truth.writeState(start)
        await first.writeState(start)
        for (const step of [0, 1]) await first.run(train, batch(step))
        await second.writeState(first.readState())
        for (const step of [2, 3]) await second.run(train, batch(step))
        for (const step of [0, 1, 2, 3]) await truth.run(train, batch(step))
        await expectSameMoves(program, start, second, truth, tested.tolerance)
      },
    )

    it('repeats a step bit for bit', async () => {
      const once = async () => {
        await opened().writeState(start)
        for (let step = 0; step < 3; step++) await opened().run(train, batch(step))
        return collect(opened().readState())
      }
      expect(await once()).toEqual(await once())
    })

    it('leaves the caller its arrays', async () => {
      const inputs = batch(0)
      await opened().run(train, inputs)
      expect(inputs).toEqual(batch(0))
    })

    it('answers calls in their order, however many are under way', async () => {
      await opened().writeState(start)
      const results = await Promise.all([0, 1, 2].map((step) => opened().run(train, batch(step))))
      await opened().writeState(start)
      for (const [step, result] of results.entries()) expect(await opened().run(train, batch(step))).toEqual(result)
    })

    it('runs calls after others as one after another, and none after one that is not finite, where it takes such', async () => {
      const executable = opened()
      if (executable.runAfter === undefined) return
      const steps = [0, 1, 2, 3, 4]
      await executable.writeState(start)
      const alone: Outputs[] = []
      for (const step of steps) alone.push(await executable.run(train, batch(step)))
      const moved = await collect(executable.readState())

      await executable.writeState(start)
      const together = await Promise.all(
        steps.map((step) =>
          step === 0 ? executable.run(train, batch(step)) : executable.runAfter?.(train, batch(step)),
        ),
      )
      expect(together).toEqual(alone)
      expect(await collect(executable.readState())).toEqual(moved)

      await executable.writeState(start)
      await executable.run(train, batch(0))
      const once = await collect(executable.readState())
      const bad = batch(1)
      if (!isFloat32Array(bad.images)) throw new Error('The batch has no images.')
      const endless = { ...bad, images: bad.images.map(() => Number.POSITIVE_INFINITY) }
      const [refused, ...after] = await Promise.all([
        executable.run(train, endless),
        executable.runAfter(train, batch(2)),
        executable.runAfter(train, batch(3)),
      ])
      expect(refused.finite?.[0]).toBe(0)
      expect(after).toEqual([undefined, undefined])
      expect(await collect(executable.readState())).toEqual(once)
      // What comes then is no call after it.
      expect((await executable.run(train, batch(1))).losses).toEqual(alone[1]?.losses)
    })

    it('takes tensors over all at once, whatever runs while they come', async () => {
      await opened().writeState(start)
      const alone = await opened().run(train, batch(0))
      await opened().writeState(start)
      const outputs: Outputs[] = []
      async function* slowly() {
        for (const tensor of start) {
          yield tensor
          outputs.push(await opened().run(train, batch(outputs.length)))
        }
      }
      await opened().writeState(slowly())
      expect(outputs[0]).toEqual(alone)
      const read = await collect(opened().readState())
      for (const { name, data } of start) expect(read.get(name), name).toEqual(data)
    })

    it('changes nothing if one of several tensors does not belong', async () => {
      await opened().writeState(start)
      const [first] = start
      if (first === undefined) throw new Error('The program has no state.')
      const doubled = { ...first, data: first.data.map((value) => value * 2) }
      const foreign = { name: 'nobody/kernel', shape: [1], data: new Float32Array(1) }
      await expect(opened().writeState([doubled, foreign])).rejects.toThrow('nobody/kernel')
      expect((await collect(opened().readState([first.name]))).get(first.name)).toEqual(first.data)
    })

    it('refuses an unknown function and an input that does not fit', async () => {
      await expect(opened().run('nothing/1', {})).rejects.toThrow('nothing/1')
      const inputs: Inputs = { ...batch(0), targets: new Float32Array(1) }
      await expect(opened().run(train, inputs)).rejects.toThrow('targets')
    })
  })
}
