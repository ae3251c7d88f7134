import type { Engine, Executable, Optimizer } from '@convzoo/core'
import {
  defineOptions,
  functionOf,
  isOptimizerDefinition,
  numberAbove,
  type OptimizerDefinition,
  optional,
  requireArguments,
  text,
} from '@convzoo/core/define'
import {
  applyGradientsName,
  functionName,
  initialState,
  interpreterEngine,
  scalarsAt,
  slotName,
} from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { collect, expectSameMoves } from './comparison.js'
import { describeDefinition, ownOptions } from './describe-definition.js'
import { engineMaker, skips, tolerance as toleranceOption } from './options.js'
import { patient } from './patient.js'
import { distanceLeft } from './quadratic.js'
import { type Skips, skipping } from './skips.js'
import { batchSize, partSizes, smallProgram } from './small-network.js'

interface CommonOptions {
  /** The learning rate at which it is to find the minimum of a quadratic within 500 steps; 0.1 by default. */
  readonly learningRate?: number
  /** An engine that has to give the same numbers as the float64 interpreter. */
  readonly engine?: () => Engine
  /** For that engine: largest difference of a tensor's change as a part of it; 1e-4 by default. */
  readonly tolerance?: number
  /** Tests that do not apply, by title, each with the reason. */
  readonly skip?: Skips
}

/** Of an optimizer that is no definition. */
export interface DescribeOptimizerOptions extends CommonOptions {
  /** Makes the optimizer under test. */
  readonly create: () => Optimizer
}

/** Of a definition. */
export interface DescribeOptimizerDefinitionOptions extends CommonOptions {
  /** The options with which it is tested; none by default. */
  readonly options?: object
}

/** Inputs of the functions that are not an optimizer's own. */
const taken = ['images', 'targets', 'sampleIndices', 'seed', 'step', 'samples', 'averageDecay']
const takenSlots = ['average', 'gradient']

const common = {
  learningRate: optional(numberAbove(0), 0.1),
  engine: optional(engineMaker),
  tolerance: toleranceOption,
  skip: skips,
}
const namedOptions = defineOptions({ create: functionOf<() => Optimizer>(), ...common })
const definedOptions = defineOptions({ options: optional(ownOptions, {}), ...common })

/**
 * The conformance suite of an optimizer, for vitest: names and shapes of what it keeps, weights that are frozen or do not decay, steps in
 * micro-batches, state that is written down and read back, the minimum of a quadratic, and the same numbers on an engine. Of a definition also:
 * what lists, help, flags and configurations need.
 *
 * @example
 * describeOptimizer(lion, { options: { weightDecay: 0.01 }, learningRate: 0.01 })
 */
export function describeOptimizer(definition: OptimizerDefinition, options?: DescribeOptimizerDefinitionOptions): void
export function describeOptimizer(name: string, options: DescribeOptimizerOptions): void
export function describeOptimizer(
  subject: OptimizerDefinition | string,
  given: DescribeOptimizerOptions | DescribeOptimizerDefinitionOptions = {},
): void {
  if (isOptimizerDefinition(subject)) {
    const { options, ...rest } = definedOptions.parse('describeOptimizer', given as DescribeOptimizerDefinitionOptions)
    describe(`optimizer ${subject.name}`, patient, () => {
      skipping(rest.skip)
      describeDefinition(subject, options)
      describeRule(subject.make(options), rest)
    })
    return
  }
  requireArguments('describeOptimizer', { name: [text, subject] })
  const { create, ...rest } = namedOptions.parse('describeOptimizer', given as DescribeOptimizerOptions)
  describe(`optimizer ${subject}`, patient, () => {
    skipping(rest.skip)
    describeRule(create(), rest)
  })
}

interface Rule {
  readonly learningRate: number
  readonly engine: (() => Engine) | undefined
  readonly tolerance: number
}

function describeRule(optimizer: Optimizer, { learningRate, engine, tolerance }: Rule): void {
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

  it('takes a step in micro-batches as it takes it in one batch', async () => {
    const small = smallProgram({ optimizer })
    const start = [...initialState(small.program, 1)]
    const [whole, accumulated] = await Promise.all([compiled(small.program), compiled(small.program)])
    for (const step of [0, 1, 2]) {
      await trainSteps(whole, small, step, step + 1)
      let from = 0
      for (const size of partSizes) {
        await accumulated.run(functionName('accumulate', size), small.batch(step, from, from + size))
        from += size
      }
      await accumulated.run(applyGradientsName, small.application(step))
    }
    await expectSameMoves(small.program, start, accumulated, whole, 1e-4)
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
