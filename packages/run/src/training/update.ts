import { ConvzooError, type Loss, type Optimizer, type Schedule, warmUp } from '@convzoo/core'
import { scheduleOverRun } from '@convzoo/core/define'
import type { Definitions, RunSettings } from '../config/config.js'

/** What decides how weights follow their gradients. */
type UpdateSettings = Pick<RunSettings, 'optimizer' | 'schedule'>

/**
 * The learning rate of a run of so many steps.
 *
 * @throws ConvzooError of kind `option` if both the optimizer and the run have a schedule.
 */
export function learningRateOver({ optimizer, schedule }: UpdateSettings, steps: number): number | Schedule {
  const { learningRate } = optimizer
  const { name, warmUp: rising, ...options } = schedule
  if (typeof learningRate !== 'number') {
    if (name === 'constant' && rising === 0) return learningRate as Schedule
    throw new ConvzooError({
      kind: 'option',
      message: 'The learning rate of the optimizer is a schedule, and the run has another one.',
      expected: 'one of them',
      received: `${JSON.stringify(learningRate)} and ${name}`,
      hint: 'give the optimizer a number, which the schedule of the run starts from',
    })
  }
  const after = scheduleOverRun(name, { initial: learningRate, steps: Math.max(steps - rising, 1) }, options)
  return rising === 0 ? after : warmUp({ steps: rising, schedule: after })
}

/**
 * The optimizer that settings describe, for a run of so many steps.
 *
 * @throws ConvzooError of kind `option` if an option cannot be used.
 */
export async function makeOptimizer(
  settings: UpdateSettings,
  steps: number,
  definitions: Definitions,
): Promise<Optimizer> {
  const { name, ...options } = settings.optimizer
  const make = await definitions.find('optimizer', name)
  return make({ ...options, learningRate: learningRateOver(settings, steps) }) as Optimizer
}

/** @throws ConvzooError of kind `option` if an option cannot be used. */
export async function makeLoss({ loss }: Pick<RunSettings, 'loss'>, definitions: Definitions): Promise<Loss> {
  const { name, ...options } = loss
  const make = await definitions.find('loss', name)
  return make(options) as Loss
}
