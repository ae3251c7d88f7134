import { ConvzooError, type Optimizer } from '@convzoo/core'
import { unusableOption } from '@convzoo/core/define'
import type { Position } from './stand.js'

/** The error for what a trainer does not do while it does something else. */
export function busy(isTraining: boolean): ConvzooError {
  return new ConvzooError({
    kind: 'state',
    message: `This trainer is ${isTraining ? 'training' : 'loading a checkpoint'}.`,
    expected: 'a trainer that neither trains nor loads a checkpoint',
    hint: 'wait for that to end; while it trains, it may be read, evaluated and saved',
  })
}

/** @throws ConvzooError of kind `option` if there is none. */
export function requireOptimizer(optimizer: Optimizer | undefined): Optimizer {
  if (optimizer !== undefined) return optimizer
  throw new ConvzooError({
    kind: 'option',
    message: 'This trainer has no optimizer, so it can only evaluate.',
    expected: 'the option "optimizer"',
    hint: 'new Trainer({ model, engine, optimizer: sgdw({ weightDecay: 5e-4, momentum: 0.9 }) })',
  })
}

/** Epochs are counted from the start of the run, so fewer than are done are none that could be trained. */
export function requireEpochs(epochs: number, { epoch }: Position): void {
  if (epochs >= epoch) return
  throw unusableOption('"epochs" of fit', {
    expected: `at least ${epoch}, which are done: they are counted from the start of the run`,
    received: String(epochs),
    hint: 'give the number of epochs in all',
  })
}

/** Whether a part of a step is finite is known before the next one, so losses of steps in parts are read at once. */
export function requireReadAtOnce(readEvery: number): void {
  if (readEvery === 1) return
  throw unusableOption('"readEvery" of Trainer', {
    expected: '1 where steps are made in parts, as "microBatchSize" says: each part is looked at before the next',
    received: String(readEvery),
    hint: 'leave out one of the two',
  })
}
