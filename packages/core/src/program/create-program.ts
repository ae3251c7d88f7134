import type { NamedTensor } from '../contracts/engine.js'
import { ConvzooError } from '../errors/index.js'
import { gradients } from '../gradients/index.js'
import type { Graph, Ops, Value } from '../graph/index.js'
import { initialize, zeros } from '../initializers/index.js'
import type { Loss } from '../losses/index.js'
import type { Model, Weight } from '../model/index.js'
import { clip, hyperparameterNames, type Optimizer } from '../optimizers/index.js'
import { formatShape } from '../shape.js'
import { type FunctionKind, functionName, type Program, type StateSpec } from './program.js'
import { type TracedModel, traceModel } from './trace-model.js'

export interface ProgramOptions {
  readonly model: Model
  readonly loss: Loss
  /** Needed for `train`. */
  readonly optimizer?: Optimizer
  /** For which batch sizes each function is made. Shapes are static: the tail of an epoch is a size of its own. */
  readonly batchSizes: Readonly<Partial<Record<FunctionKind, readonly number[]>>>
  /** Whether layers draw random numbers in training; true by default. Without, dropout passes its input on, as in inference. */
  readonly stochastic?: boolean
}

/**
 * Makes of a model, a loss and an optimizer the functions that a trainer runs.
 *
 * `train/N`: images [N, H, W, C], targets [N, classes], sampleIndices [N], seed [2], step, learningRate, weightDecay → losses [N],
 * probabilities [N, classes], finite. It commits the updated state, and only if every loss and every new value is finite.
 * `evaluate/N`: images, targets → losses, probabilities. `predict/N`: images → probabilities.
 *
 * @throws ConvzooError of kind `shape` if the model does not end in one row of classes, of kind `option` if it is to be trained or
 * evaluated and ends in features.
 */
export function createProgram({ model, loss, optimizer, batchSizes, stochastic = true }: ProgramOptions): Program {
  if (model.output.shape.length !== 1) {
    throw new ConvzooError({
      kind: 'shape',
      message: `The network ${model.name} does not end in one value a class.`,
      expected: 'an output of shape (classes,)',
      received: formatShape(model.output.shape),
    })
  }
  if (model.classes === 0 && (batchSizes.train ?? batchSizes.evaluate) !== undefined) {
    throw new ConvzooError({
      kind: 'option',
      message: `The network ${model.name} ends in ${model.output.shape[0]} features, not in classes: there is nothing to train it on.`,
      expected: 'a network with classes',
      received: 'classes: 0',
      mend: 'pass classes, such as createModel(architecture, { classes: 10 })',
    })
  }
  const functions: Record<string, Graph> = {}
  const add = (kind: FunctionKind, trace: (name: string, batchSize: number) => Graph): void => {
    for (const batchSize of batchSizes[kind] ?? []) {
      const name = functionName(kind, batchSize)
      functions[name] = trace(name, batchSize)
    }
  }
  add('train', (name, batchSize) => {
    if (optimizer === undefined) {
      throw new ConvzooError({
        kind: 'option',
        message: 'A program that trains needs an optimizer.',
        expected: 'optimizer',
      })
    }
    return traceTraining(name, traceModel(model, { batchSize, training: true, stochastic }), model, loss, optimizer)
  })
  add('evaluate', (name, batchSize) => {
    const traced = traceModel(model, { batchSize, training: false })
    traced.builder.output('losses', tracedLosses(traced, model, loss))
    traced.builder.output('probabilities', traced.output)
    return traced.builder.finish(name)
  })
  add('predict', (name, batchSize) => {
    const traced = traceModel(model, { batchSize, training: false })
    traced.builder.output('probabilities', traced.output)
    return traced.builder.finish(name)
  })
  return { state: model.weights.flatMap((weight) => stateOf(weight, optimizer)), functions }
}

function stateOf({ name, shape, initializer, trainable }: Weight, optimizer: Optimizer | undefined): StateSpec[] {
  const slots = trainable ? (optimizer?.slots ?? []) : []
  return [
    { name, shape, dtype: 'float32', role: trainable ? 'weight' : 'statistic', initializer },
    ...slots.map(
      (slot): StateSpec => ({ name: slotName(name, slot), shape, dtype: 'float32', role: 'slot', initializer: zeros }),
    ),
  ]
}

const slotName = (weight: string, slot: string): string => `${weight}/${slot}`

function tracedLosses({ builder, ops, output, logits }: TracedModel, model: Model, loss: Loss): Value {
  const targets = builder.input('targets', { shape: [output.shape[0] ?? 0, ...model.output.shape], dtype: 'float32' })
  return loss.losses({ ops, output, logits, targets })
}

/** Forward, gradients → mean over the samples → clip → decay → update, in one function. */
function traceTraining(name: string, traced: TracedModel, model: Model, loss: Loss, optimizer: Optimizer): Graph {
  const { builder, ops, output } = traced
  const losses = tracedLosses(traced, model, loss)
  const [learningRate, weightDecay] = hyperparameterNames.map((hyperparameter) =>
    builder.input(hyperparameter, { shape: [], dtype: 'float32' }),
  ) as [Value, Value]
  const scalars = Object.fromEntries(
    Object.keys(optimizer.scalars).map((scalar) => [scalar, builder.input(scalar, { shape: [], dtype: 'float32' })]),
  )
  const trainable = model.weights.flatMap((weight) => {
    const value = traced.weights.get(weight.name)
    return weight.trainable && value !== undefined ? [{ name: weight.name, value }] : []
  })
  const found = gradients(
    builder,
    ops,
    ops.mean(losses),
    trainable.map(({ value }) => value),
  )
  const moved = trainable.flatMap((weight, index) => {
    const gradient = found[index]
    return gradient === undefined ? [] : [{ ...weight, gradient }]
  })
  const clipped = clip(
    ops,
    moved.map(({ gradient }) => gradient),
    optimizer.clipping,
  )
  const next = new Map(traced.assigned)
  moved.forEach(({ name: weightName, value, gradient: unclipped }, index) => {
    const inputs = { ops, weight: value, gradient: clipped[index] ?? unclipped, learningRate, weightDecay, scalars }
    const decayed = optimizer.decays(weightName) ? optimizer.decay(inputs) : inputs
    const slots = Object.fromEntries(
      optimizer.slots.map((slot) => [
        slot,
        builder.state(slotName(weightName, slot), { shape: value.shape, dtype: 'float32' }),
      ]),
    )
    const updated = optimizer.update({ ...inputs, ...decayed, slots })
    next.set(weightName, updated.weight)
    for (const slot of optimizer.slots) {
      const newSlot = updated.slots[slot]
      if (newSlot !== undefined) next.set(slotName(weightName, slot), newSlot)
    }
  })
  for (const [state, value] of next) builder.assign(state, value)
  const finite = allFinite(ops, [losses, ...next.values()])
  builder.guard(finite)
  builder.output('losses', losses)
  builder.output('probabilities', output)
  builder.output('finite', finite)
  return builder.finish(name)
}

/** Whether every element of every value is finite: a sum that meets an infinity or NaN stays one. */
function allFinite(ops: Ops, values: readonly Value[]): Value {
  return values.map((value) => ops.isFinite(ops.sum(value))).reduce((all, each) => ops.and(all, each))
}

/** A program's state as a seed starts it, one tensor at a time. */
export function* initialState(program: Pick<Program, 'state'>, seed: number): Generator<NamedTensor> {
  for (const { name, shape, initializer } of program.state) {
    yield { name, shape, data: initialize(initializer, shape, seed, name) }
  }
}
