import type { NamedTensor } from '../contracts/engine.js'
import { initialize, zeros } from '../initializers/index.js'
import type { Model, Weight } from '../model/index.js'
import type { Optimizer, SlotStart } from '../optimizers/index.js'
import { integer, requireArguments } from '../options/index.js'
import { stateKind } from './kinds.js'
import { averageName, gradientName, type Program, type StateRole, type StateSpec, slotName } from './program.js'

export interface StateOptions {
  readonly optimizer: Optimizer | undefined
  /** Whether weights have averages. */
  readonly averages: boolean
  /** Whether gradients accumulate between calls. */
  readonly accumulates: boolean
}

/** Each weight, and behind it what is kept beside it: slots, average, gradient. */
export function stateOf(model: Model, { optimizer, averages, accumulates }: StateOptions): StateSpec[] {
  return model.weights.flatMap((weight) => {
    const { name, shape, initializer, trainable } = weight
    const beside = (own: string, role: StateRole, start: SlotStart = zeros): StateSpec => ({
      name: own,
      shape,
      dtype: 'float32',
      role,
      ...(start === 'weight' ? { initializer, startsAs: name } : { initializer: start }),
    })
    const kept = trainable
      ? [
          ...(optimizer?.slots ?? []).map((slot) => ({
            ...beside(slotName(name, slot), 'slot', optimizer?.slotStarts?.[slot]),
            ...formerly(name, optimizer?.formerSlots?.[slot]),
          })),
          ...(averages ? [beside(averageName(name), 'average')] : []),
          ...(accumulates ? [beside(gradientName(name), 'gradient')] : []),
        ]
      : []
    return [{ name, shape, dtype: 'float32', role: roleOf(weight), initializer }, ...kept]
  })
}

const formerly = (weight: string, slot: string | undefined): Pick<StateSpec, 'formerName'> =>
  slot === undefined ? {} : { formerName: slotName(weight, slot) }

function roleOf({ trainable, frozen = false }: Weight): StateRole {
  return trainable || frozen ? 'weight' : 'statistic'
}

/** A program's state as a seed starts it, one tensor at a time. */
export function* initialState(program: Pick<Program, 'state'>, seed: number): Generator<NamedTensor> {
  requireArguments('initialState', { program: [stateKind, program], seed: [integer(0), seed] })
  for (const { name, shape, initializer, startsAs = name } of program.state) {
    yield { name, shape, data: initialize(initializer, shape, seed, startsAs) }
  }
}
