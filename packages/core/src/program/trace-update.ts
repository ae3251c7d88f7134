import { constrain } from '../constraints/index.js'
import { ConvzooError } from '../errors/index.js'
import type { GraphBuilder, Ops, Value } from '../graph/index.js'
import type { Weight } from '../model/index.js'
import {
  averageDecay,
  clip,
  type HyperparameterName,
  movedAverage,
  type Optimizer,
  type WeightAverage,
} from '../optimizers/index.js'
import { formatShape, type Shape, sameShape } from '../shape.js'
import { averageName, slotName } from './program.js'

/** A trainable weight in a graph, and the gradient of the mean loss over the samples. */
export interface MovingWeight {
  readonly weight: Weight
  readonly value: Value
  readonly gradient: Value
}

export interface UpdateOptions {
  readonly builder: GraphBuilder
  readonly ops: Ops
  readonly optimizer: Optimizer
  readonly average: WeightAverage | undefined
}

/**
 * The order of an update: gradients, which are means over the samples → clip by value → by norm → by global norm → decay → update →
 * constraint → average. Gives the new state by name.
 */
export function traceUpdate(moving: readonly MovingWeight[], options: UpdateOptions): Map<string, Value> {
  const { builder, ops, optimizer, average } = options
  const scalar = (name: string): Value => builder.input(name, { shape: [], dtype: 'float32' })
  const hyperparameters = {
    learningRate: scalar('learningRate'),
    weightDecay: scalar('weightDecay'),
  } satisfies Record<HyperparameterName, Value>
  const scalars = Object.fromEntries(Object.keys(optimizer.scalars).map((name) => [name, scalar(name)]))
  const keptAverage = average === undefined ? undefined : scalar(averageDecay)
  const clipped = clip(
    ops,
    moving.map(({ gradient }) => gradient),
    optimizer.clipping,
  )
  const next = new Map<string, Value>()
  moving.forEach(({ weight: { name, shape, constraint }, value, gradient: unclipped }, index) => {
    const kept = (state: string): Value => builder.state(state, { shape, dtype: 'float32' })
    const inputs = { ops, weight: value, gradient: clipped[index] ?? unclipped, ...hyperparameters, scalars }
    const decayed = optimizer.decays(name) ? optimizer.decay(inputs) : inputs
    const slots = Object.fromEntries(optimizer.slots.map((slot) => [slot, kept(slotName(name, slot))]))
    const updated = optimizer.update({ ...inputs, ...decayed, slots })
    const moved = constraint === undefined ? updated.weight : constrain(ops, updated.weight, constraint)
    next.set(name, fitting(optimizer, name, shape, moved))
    for (const slot of optimizer.slots) {
      next.set(slotName(name, slot), fitting(optimizer, slotName(name, slot), shape, updated.slots[slot]))
    }
    if (keptAverage !== undefined) {
      next.set(averageName(name), movedAverage(ops, kept(averageName(name)), moved, keptAverage))
    }
  })
  return next
}

/** What an optimizer gave for a state, if it has the state's shape. */
function fitting(optimizer: Optimizer, state: string, shape: Shape, value: Value | undefined): Value {
  if (value !== undefined && sameShape(value.shape, shape)) return value
  throw new ConvzooError({
    kind: 'shape',
    message: `The optimizer ${optimizer.name} gives no fitting value for ${state}.`,
    expected: formatShape(shape),
    received: value === undefined ? 'nothing' : formatShape(value.shape),
    mend: 'update() of an optimizer gives the weight and every slot, each in the shape of the weight',
  })
}

/** Whether every element of every value is finite: a sum that meets an infinity or NaN stays one. */
export function allFinite(ops: Ops, values: readonly Value[]): Value {
  return values.map((value) => ops.isFinite(ops.sum(value))).reduce((all, each) => ops.and(all, each))
}
