import {
  type Engine,
  functionName,
  type Graph,
  GraphBuilder,
  type Inputs,
  initialState,
  opsFor,
  type Program,
  primitives,
  type StateSpec,
  seedWords,
  sizeOf,
  zeros,
} from '@convzoo/core'
import { interpret, interpreterEngine } from '@convzoo/core/interpreter'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { numbers } from './numbers.js'
import { type PrimitiveCase, primitiveCases } from './primitive-cases.js'
import { smallProgram } from './small-network.js'

export interface DescribeEngineOptions {
  /** Makes the engine under test. */
  readonly create: () => Engine
  /** Largest difference as a part of the largest value: 1e-4 for float32 on a CPU. */
  readonly tolerance?: number
}

/**
 * The conformance suite of an engine, for vitest: every primitive and training steps of a small network against the float64
 * interpreter, and the promises of the contract: assignments commit together or not at all, state goes out and in, bad calls are
 * refused.
 *
 * @example
 * describeEngine('onnx cpu', { create: () => onnx({ device: 'cpu' }) })
 */
export function describeEngine(name: string, { create, tolerance = 1e-4 }: DescribeEngineOptions): void {
  describe(`engine ${name}`, () => {
    describePrimitives(create, tolerance)
    describeTraining(create, tolerance)
    describeState(create)
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

function describePrimitives(create: () => Engine, tolerance: number): void {
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
    const opened = open(create, program)

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
      expectClose(got, wanted, tolerance)
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

function describeTraining(create: () => Engine, tolerance: number): void {
  describe.each(['plain', 'clipped', 'nesterov', 'without momentum'] as const)('training, SGDW %s', (variant) => {
    const { program, batch, batchSize } = smallProgram(variant)
    const opened = open(create, program)

    it('moves every weight as the float64 interpreter does', async () => {
      const tested = opened()
      const truth = await interpreterEngine().compile(program)
      const start = [...initialState(program, 1)]
      await tested.writeState(start)
      await truth.writeState(start)
      for (let step = 0; step < 5; step++) {
        const inputs = batch(step)
        const got = await tested.run(functionName('train', batchSize), inputs)
        const wanted = await truth.run(functionName('train', batchSize), inputs)
        expect(got.finite?.[0]).toBe(1)
        expectClose(got.losses ?? [], wanted.losses ?? [], tolerance)
        expectClose(got.probabilities ?? [], wanted.probabilities ?? [], tolerance)
      }
      const moved = await collect(tested.readState())
      const reference = await collect(truth.readState())
      for (const { name, data } of start) {
        const change = difference(moved.get(name), data)
        const wanted = difference(reference.get(name), data)
        expect(norm(wanted), name).toBeGreaterThan(0)
        expect(norm(difference(change, wanted)) / norm(wanted), name).toBeLessThan(tolerance)
      }
    })
  })
}

function describeState(create: () => Engine): void {
  describe('state', () => {
    const { program, batch, batchSize } = smallProgram('plain')
    const train = functionName('train', batchSize)
    const opened = open(create, program)
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
      if (!(images instanceof Float32Array)) throw new Error('The batch has no images.')
      const outputs = await opened().run(train, { ...inputs, images: images.map(() => Number.POSITIVE_INFINITY) })
      expect(outputs.finite?.[0]).toBe(0)
      const read = await collect(opened().readState())
      for (const { name, data } of start) expect(read.get(name), name).toEqual(data)
    })

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

/** Compiles before the tests of a block and disposes after them. */
function open(create: () => Engine, program: Program) {
  let executable: Awaited<ReturnType<Engine['compile']>> | undefined
  beforeAll(async () => {
    executable = await create().compile(program)
  }, 120_000)
  afterAll(() => executable?.dispose())
  return () => {
    if (executable === undefined) throw new Error('The engine did not compile the program.')
    return executable
  }
}

async function collect(tensors: AsyncIterable<{ readonly name: string; readonly data: Float32Array }>) {
  const found = new Map<string, Float32Array>()
  for await (const { name, data } of tensors) found.set(name, data)
  return found
}

const difference = (a: ArrayLike<number> | undefined, b: ArrayLike<number>): number[] =>
  Array.from(b, (value, index) => (a?.[index] ?? Number.NaN) - value)

const norm = (values: readonly number[]): number => Math.hypot(...values)

/** Per tensor max |a − b| ≤ tolerance · max |b|. */
function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(wanted.length)
  const largest = Array.from(wanted).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const worst = difference(got, wanted).reduce(
    (most, value) => Math.max(most, Number.isNaN(value) ? Number.POSITIVE_INFINITY : Math.abs(value)),
    0,
  )
  expect(worst).toBeLessThanOrEqual(tolerance * largest)
}
