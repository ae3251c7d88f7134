import { type Engine, type Loss, sgd } from '@convzoo/core'
import {
  defineOptions,
  functionOf,
  integer,
  isLossDefinition,
  type LossDefinition,
  lossOption,
  optional,
  requireArguments,
  text,
  type Value,
} from '@convzoo/core/define'
import { functionName, GraphBuilder, initialState, interpret, interpreterEngine, opsFor } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { expectClose, expectSameMoves } from './comparison.js'
import { describeDefinition, ownOptions } from './describe-definition.js'
import { expectGradients } from './finite-differences.js'
import { numbers } from './numbers.js'
import { engineMaker, skips, tolerance as toleranceOption } from './options.js'
import { patient } from './patient.js'
import { type Skips, skipping } from './skips.js'
import { batchSize, smallProgram } from './small-network.js'

interface CommonOptions {
  /** 5 by default. */
  readonly classes?: number
  /** An engine that has to give the same numbers as the float64 interpreter. */
  readonly engine?: () => Engine
  /** For that engine: largest difference of a tensor's change as a part of it; 1e-4 by default. */
  readonly tolerance?: number
  /** Tests that do not apply, by title, each with the reason. */
  readonly skip?: Skips
}

/** Of a loss that is no definition. */
export interface DescribeLossOptions extends CommonOptions {
  /** Makes the loss under test. */
  readonly create: () => Loss
}

/** Of a definition. */
export interface DescribeLossDefinitionOptions extends CommonOptions {
  /** The options with which it is tested; none by default. */
  readonly options?: object
}

const common = {
  classes: optional(integer(2), 5),
  engine: optional(engineMaker),
  tolerance: toleranceOption,
  skip: skips,
}
const namedOptions = defineOptions({ create: functionOf<() => Loss>(), ...common })
const definedOptions = defineOptions({ options: optional(ownOptions, {}), ...common })

/**
 * The conformance suite of a loss, for vitest: one number a sample, that of each sample its own; gradients as finite differences have
 * them, for hard and soft targets, with and without logits; finite where a network is sure; and the same numbers on an engine. Of a
 * definition also: what lists, help, flags and configurations need.
 *
 * @example
 * describeLoss(focal, { options: { gamma: 2 } })
 */
export function describeLoss(definition: LossDefinition, options?: DescribeLossDefinitionOptions): void
export function describeLoss(name: string, options: DescribeLossOptions): void
export function describeLoss(
  subject: LossDefinition | string,
  given: DescribeLossOptions | DescribeLossDefinitionOptions = {},
): void {
  if (isLossDefinition(subject)) {
    const { options, ...rest } = definedOptions.parse('describeLoss', given as DescribeLossDefinitionOptions)
    describe(`loss ${subject.name}`, patient, () => {
      skipping(rest.skip)
      describeDefinition(subject, options)
      describeNumbers(subject.make(options), rest)
    })
    return
  }
  requireArguments('describeLoss', { name: [text, subject] })
  const { create, ...rest } = namedOptions.parse('describeLoss', given as DescribeLossOptions)
  describe(`loss ${subject}`, patient, () => {
    skipping(rest.skip)
    describeNumbers(create(), rest)
  })
}

interface Numbers {
  readonly classes: number
  readonly engine: (() => Engine) | undefined
  readonly tolerance: number
}

/** Of three samples: certain labels, or shares that sum to 1. */
function targetsOf(kind: 'hard' | 'soft', classes: number): Float32Array {
  const shares = numbers('soft targets', samples * classes, 0.1, 1)
  return shares.map((share, index) => {
    const sample = Math.floor(index / classes)
    if (kind === 'hard') return index % classes === sample % classes ? 1 : 0
    const row = shares.slice(sample * classes, (sample + 1) * classes)
    return share / row.reduce((sum, each) => sum + each, 0)
  })
}

const samples = 3

/** A loss in a graph of its own: over scores [N, classes] that a softmax follows, with logits or without. */
function traced(loss: Loss, count: number, classes: number, logits: boolean) {
  const builder = new GraphBuilder()
  const ops = opsFor(builder)
  const type = { shape: [count, classes], dtype: 'float32' } as const
  const scores = builder.input('scores', type)
  const targets = builder.input('targets', type)
  const losses: Value = loss.losses({
    ops,
    output: ops.softmax(scores),
    logits: logits ? scores : undefined,
    targets,
  })
  return { builder, ops, scores, losses }
}

function describeNumbers(loss: Loss, { classes, engine, tolerance }: Numbers): void {
  requireArguments('describeLoss', { loss: [lossOption, loss] })
  const scores = numbers('scores', samples * classes, -2, 2)
  const evaluate = (count: number, logits: boolean, inputs: Readonly<Record<string, ArrayLike<number>>>) => {
    const { builder, losses } = traced(loss, count, classes, logits)
    builder.output('losses', losses)
    return interpret(builder.finish('loss'), { inputs }).outputs.losses?.data ?? new Float64Array()
  }

  it.each([
    ['with logits', true],
    ['without logits', false],
  ])('gives each sample its own number, %s', (_, logits) => {
    const targets = targetsOf('soft', classes)
    const together = evaluate(samples, logits, { scores, targets })
    expect(traced(loss, samples, classes, logits).losses.shape).toEqual([samples])
    const alone = Array.from({ length: samples }, (__, sample) => {
      const own = (all: Float32Array) => all.slice(sample * classes, (sample + 1) * classes)
      return evaluate(1, logits, { scores: own(scores), targets: own(targets) })[0] ?? Number.NaN
    })
    expectClose(together, alone, 1e-12)
  })

  it.each([
    ['hard', 'with logits', true],
    ['hard', 'without logits', false],
    ['soft', 'with logits', true],
    ['soft', 'without logits', false],
  ] as const)('has the gradient that differences have, of %s targets, %s', (kind, _, logits) => {
    const { builder, ops, scores: source, losses } = traced(loss, samples, classes, logits)
    const still = expectGradients({
      builder,
      ops,
      target: ops.sum(losses),
      sources: { scores: source },
      given: { scores, targets: targetsOf(kind, classes) },
    })
    expect(still, 'without a gradient').toEqual([])
  })

  it.each([
    ['with logits', true],
    ['without logits', false],
  ])('is finite where a network is sure, %s', (_, logits) => {
    const sure = Float32Array.from(scores, (__, index) => (index % classes === 0 ? 2000 : -2000))
    for (const kind of ['hard', 'soft'] as const) {
      const all = [...evaluate(samples, logits, { scores: sure, targets: targetsOf(kind, classes) })]
      expect(all.every(Number.isFinite), `${kind} targets: ${all.join(' ')}`).toBe(true)
    }
  })

  if (engine === undefined) return
  it('gives the same numbers on the engine', async () => {
    const { program, batch } = smallProgram({ optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }), loss })
    const start = [...initialState(program, 1)]
    const tested = await engine().compile(program)
    try {
      const truth = await interpreterEngine().compile(program)
      for (const each of [tested, truth]) await each.writeState(start)
      for (const step of [0, 1, 2]) {
        const name = functionName('train', batchSize)
        const [got, wanted] = await Promise.all([tested.run(name, batch(step)), truth.run(name, batch(step))])
        expectClose(got.losses ?? [], wanted.losses ?? [], tolerance)
      }
      await expectSameMoves(program, start, tested, truth, tolerance)
    } finally {
      await tested.dispose()
    }
  })
}
