import {
  applyName,
  createProgram,
  defineOptions,
  dense,
  type Engine,
  type Executable,
  flatten,
  functionalModel,
  functionName,
  functionOf,
  initialState,
  input,
  type Loss,
  numberAbove,
  type Optimizer,
  optional,
  requireArguments,
  scalarsAt,
  slotName,
  text,
} from '@convzoo/core'
import { interpreterEngine } from '@convzoo/core/interpreter'
import { describe, expect, it } from 'vitest'
import { collect, expectSameMoves } from './comparison.js'
import { engineMaker, skips, tolerance as toleranceOption } from './options.js'
import { type Skips, skipping } from './skips.js'
import { batchSize, partSizes, smallProgram } from './small-network.js'

export interface DescribeOptimizerOptions {
  /** Makes the optimizer under test. */
  readonly create: () => Optimizer
  /** The learning rate at which it is to find the minimum of a quadratic within 500 steps; 0.1 by default. */
  readonly learningRate?: number
  /** An engine that has to give the same numbers as the float64 interpreter. */
  readonly engine?: () => Engine
  /** For that engine: largest difference of a tensor's change as a part of it; 1e-4 by default. */
  readonly tolerance?: number
  /** Tests that do not apply, by title, each with the reason. */
  readonly skip?: Skips
}

/** Inputs of the functions that are not an optimizer's own. */
const taken = ['images', 'targets', 'sampleIndices', 'seed', 'step', 'samples', 'averageDecay']
const takenSlots = ['average', 'gradient']

const suiteOptions = defineOptions({
  create: functionOf<() => Optimizer>(),
  learningRate: optional(numberAbove(0), 0.1),
  engine: optional(engineMaker),
  tolerance: toleranceOption,
  skip: skips,
})

/**
 * The conformance suite of an optimizer, for vitest: names and shapes of what it keeps, weights that are frozen or do not decay, steps in
 * parts, state that is written down and read back, the minimum of a quadratic, and the same numbers on an engine.
 *
 * @example
 * describeOptimizer('lion', { create: () => lion({ learningRate: 1e-4 }), learningRate: 0.01 })
 */
export function describeOptimizer(name: string, options: DescribeOptimizerOptions): void {
  requireArguments('describeOptimizer', { name: [text, name] })
  const { create, learningRate, engine, tolerance, skip } = suiteOptions.parse('describeOptimizer', options)
  describe(`optimizer ${name}`, () => {
    skipping(skip)
    const optimizer = create()

    it('keeps every slot beside every trainable weight, under names of its own', () => {
      const { state } = smallProgram({ optimizer }).program
      const weights = state.filter(({ role }) => role === 'weight')
      const wanted = weights.flatMap((weight) =>
        optimizer.slots.map((slot) => ({ name: slotName(weight.name, slot), shape: weight.shape })),
      )
      const slots = state.filter(({ role }) => role === 'slot').map(({ name: own, shape }) => ({ name: own, shape }))
      expect(slots).toEqual(wanted)
      expect(new Set(optimizer.slots).size).toBe(optimizer.slots.length)
      expect(optimizer.slots.filter((slot) => takenSlots.includes(slot))).toEqual([])
      expect(Object.keys(optimizer.scalars).filter((scalar) => taken.includes(scalar))).toEqual([])
    })

    it('has finite numbers at every step', () => {
      for (const step of [0, 1, 2, 1000, 10_000_000]) {
        for (const [scalar, value] of Object.entries(scalarsAt(optimizer, step))) {
          expect(Number.isFinite(value), `${scalar} at step ${step}`).toBe(true)
        }
      }
    })

    it('leaves frozen weights alone, and moves the others', async () => {
      const small = smallProgram({ optimizer, frozen: true })
      const { before, after } = await stepped(small.program, (executable) => trainSteps(executable, small, 0, 2))
      for (const [own, data] of before) {
        const still = own.startsWith('conv2d/') || own.endsWith('/gradient')
        if (still) expect(after.get(own), own).toEqual(data)
        else if (!own.includes('/', own.indexOf('/') + 1)) expect(after.get(own), own).not.toEqual(data)
      }
    })

    it('decays towards 0, and only the weights that it says it decays', async () => {
      const { program, batch } = smallProgram({ optimizer })
      const { before, after } = await stepped(program, (executable) =>
        // Targets of nothing: a loss of 0 whatever the weights are.
        executable.run(functionName('train', batchSize), {
          ...batch(0),
          targets: new Float32Array(batchSize * 4),
          learningRate: 0.1,
          weightDecay: 0.1,
        }),
      )
      for (const { name: own } of program.state.filter(({ role }) => role === 'weight')) {
        const start = before.get(own) ?? new Float32Array()
        const end = after.get(own) ?? new Float32Array()
        if (optimizer.decays(own)) {
          expect(
            end.every((x, index) => Math.abs(x) <= Math.abs(start[index] ?? 0)),
            own,
          ).toBe(true)
        } else {
          expect(end, own).toEqual(start)
        }
      }
    })

    it('takes a step in parts as it takes it in one', async () => {
      const small = smallProgram({ optimizer })
      const start = [...initialState(small.program, 1)]
      const [whole, parts] = await Promise.all([compiled(small.program), compiled(small.program)])
      for (const step of [0, 1, 2]) {
        await trainSteps(whole, small, step, step + 1)
        let from = 0
        for (const size of partSizes) {
          await parts.run(functionName('accumulate', size), small.batch(step, from, from + size))
          from += size
        }
        await parts.run(applyName, small.application(step))
      }
      await expectSameMoves(small.program, start, parts, whole, 1e-4)
    })

    it('goes on from state that was written down', async () => {
      const small = smallProgram({ optimizer })
      const straight = await compiled(small.program)
      await trainSteps(straight, small, 0, 4)
      const first = await compiled(small.program)
      await trainSteps(first, small, 0, 2)
      const second = await compiled(small.program)
      await second.writeState(first.readState())
      await trainSteps(second, small, 2, 4)
      await expectSameMoves(small.program, [...initialState(small.program, 1)], second, straight, 1e-4)
    })

    it('finds the minimum of a quadratic', async () => {
      expect(await distanceLeft(optimizer, learningRate)).toBeLessThan(0.1)
    })

    if (engine === undefined) return
    it('gives the same numbers on the engine', async () => {
      const small = smallProgram({ optimizer })
      const start = [...initialState(small.program, 1)]
      const tested = await engine().compile(small.program)
      try {
        const truth = await compiled(small.program)
        await tested.writeState(start)
        await trainSteps(tested, small, 0, 5)
        await trainSteps(truth, small, 0, 5)
        await expectSameMoves(small.program, start, tested, truth, tolerance)
      } finally {
        await tested.dispose()
      }
    })
  })
}

type Small = ReturnType<typeof smallProgram>

/** A program on the interpreter, as seed 1 starts it. */
async function compiled(program: Small['program']): Promise<Executable> {
  const executable = await interpreterEngine().compile(program)
  await executable.writeState(initialState(program, 1))
  return executable
}

async function trainSteps(executable: Executable, { batch }: Small, from: number, to: number): Promise<void> {
  for (let step = from; step < to; step++) {
    const { finite } = await executable.run(functionName('train', batchSize), batch(step))
    expect(finite?.[0]).toBe(1)
  }
}

async function stepped(program: Small['program'], run: (executable: Executable) => Promise<unknown>) {
  const executable = await compiled(program)
  const before = await collect(executable.readState())
  await run(executable)
  return { before, after: await collect(executable.readState()) }
}

/** ½ Σ (y − t)² for each sample. */
const squaredError: Loss = {
  name: 'squaredError',
  losses: ({ ops, output, targets }) =>
    ops.multiply(ops.sum(ops.square(ops.subtract(output, targets)), { axes: [1] }), 0.5),
}

/** How far from the minimum ½ Σ ‖w − t‖² leaves the weights after 500 steps, as a part of where they started. */
async function distanceLeft(optimizer: Optimizer, learningRate: number): Promise<number> {
  const images = input({ shape: [2, 1, 1] })
  const model = functionalModel({ inputs: images, output: dense({ units: 2, useBias: false })(flatten()(images)) })
  const program = createProgram({ model, loss: squaredError, optimizer, batchSizes: { train: [2] } })
  const target = Float32Array.of(1, -0.5, 0.25, 2)
  const executable = await compiled(program)
  const distance = async (): Promise<number> => {
    const weights = (await collect(executable.readState(['dense/kernel']))).get('dense/kernel')
    return Math.hypot(...target.map((x, index) => x - (weights?.[index] ?? Number.NaN)))
  }
  const start = await distance()
  for (let step = 0; step < 500; step++) {
    await executable.run('train/2', {
      images: Float32Array.of(1, 0, 0, 1), // the two unit vectors: the output is the kernel itself
      targets: target,
      sampleIndices: Uint32Array.of(0, 1),
      seed: Uint32Array.of(1, 0),
      step,
      ...scalarsAt(optimizer, step),
      learningRate,
      weightDecay: 0,
    })
  }
  return (await distance()) / start
}
