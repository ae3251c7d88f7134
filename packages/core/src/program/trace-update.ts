import { constrain } from '../constraints/index.js'
import { ConvzooError } from '../errors/index.js'
import type { GraphBuilder, Ops, Value } from '../graph/index.js'
import type { Weight } from '../model/index.js'
import {
  averageDecay,
  clip,
  globalNorm,
  type HyperparameterName,
  movedAverage,
  needsGlobalNorm,
  type Optimizer,
  type WeightAverage,
} from '../optimizers/index.js'
import { averageName, slotName } from './program.js'
import { requireValue, tracing } from './traced-value.js'

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
  /** Whether the norm of the gradients is told, also where clipping does not need it. */
  readonly gradientNorm?: boolean
}

/**
 * The order of an update: gradients, which are means over the samples → clip by value → by norm → by global norm → decay → update →
 * constraint → average. Gives the new state by name, and tells the norm of the gradients as they come as the output `gradientNorm`.
 */
export function traceUpdate(moving: readonly MovingWeight[], options: UpdateOptions): Map<string, Value> {
  const { builder, ops, optimizer, average } = options
  builder.scope = 'update all'
  const scalar = (name: string): Value => builder.input(name, { shape: [], dtype: 'float32' })
  const hyperparameters = {
    learningRate: scalar('learningRate'),
    weightDecay: scalar('weightDecay'),
  } satisfies Record<HyperparameterName, Value>
  const scalars = Object.fromEntries(Object.keys(optimizer.scalars).map((name) => [name, scalar(name)]))
  const keptAverage = average === undefined ? undefined : scalar(averageDecay)
  const coming = moving.map(({ gradient }) => gradient)
  const isNormTold = coming.length > 0 && (options.gradientNorm === true || needsGlobalNorm(optimizer.clipping))
  const norm = isNormTold ? globalNorm(ops, coming) : undefined
  if (norm !== undefined) builder.output('gradientNorm', norm)
  const clipped = clip(ops, coming, optimizer.clipping, norm)
  const own = <T>(work: () => T): T => tracing(`optimizer ${optimizer.name}`, work)
  const next = new Map<string, Value>()
  moving.forEach(({ weight: { name, shape, constraint }, value, gradient: unclipped }, index) => {
    builder.scope = `update ${name.slice(0, name.lastIndexOf('/'))}`
    const kept = (state: string): Value => builder.state(state, { shape, dtype: 'float32' })
    const decays = optimizer.decays(name)
    const gradient = clipped[index] ?? unclipped
    const inputs = { ops, name, decays, weight: value, gradient, ...hyperparameters, scalars }
    const fitting = (state: string, given: unknown, method: 'decay' | 'update'): Value =>
      requireValue(given, {
        builder,
        shape,
        fault: {
          message: `The optimizer ${optimizer.name} gives no fitting value for ${state}.`,
          hint: hints[method],
        },
      })
    const decayed = decays ? fieldsOf(own(() => optimizer.decay(inputs))) : inputs
    const before = {
      weight: fitting(name, decayed.weight, 'decay'),
      gradient: fitting(`the gradient of ${name}`, decayed.gradient, 'decay'),
    }
    const slots = Object.fromEntries(optimizer.slots.map((slot) => [slot, kept(slotName(name, slot))]))
    const updated = fieldsOf(own(() => optimizer.update({ ...inputs, ...before, slots })))
    const weight = fitting(name, updated.weight, 'update')
    const moved = constraint === undefined ? weight : constrain(ops, weight, constraint)
    next.set(name, moved)
    const given = fieldsOf(updated.slots)
    requireKnownSlots(optimizer, Object.keys(given))
    for (const slot of optimizer.slots) {
      const state = slotName(name, slot)
      next.set(state, fitting(state, given[slot], 'update'))
    }
    if (keptAverage !== undefined) {
      next.set(averageName(name), movedAverage(ops, kept(averageName(name)), moved, keptAverage))
    }
  })
  builder.scope = 'update all'
  return next
}

const hints = {
  decay: 'decay() of an optimizer gives the weight and its gradient, each in the shape of the weight',
  update: 'update() of an optimizer gives the weight and every slot, each in the shape of the weight',
} as const

/** What an author's function gave, by name; nothing of what is no object. */
function fieldsOf(given: unknown): Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null ? { ...given } : {}
}

function requireKnownSlots({ name, slots }: Optimizer, given: readonly string[]): void {
  const unknown = given.find((slot) => !slots.includes(slot))
  if (unknown === undefined) return
  throw new ConvzooError({
    kind: 'option',
    message: `The optimizer ${name} gives a new value for a slot that it does not have.`,
    expected: slots.length === 0 ? 'no slots' : `one of ${slots.join(', ')}`,
    received: unknown,
    hint: 'list every slot under `slots`',
  })
}

/** Whether every element of every value is finite: a sum that meets an infinity or NaN stays one. */
export function allFinite(ops: Ops, values: readonly Value[]): Value {
  return values.map((value) => ops.isFinite(ops.sum(value))).reduce((all, each) => ops.and(all, each))
}
