import {
  evaluateCommand,
  predictCommand,
  type RunChanges,
  type RunConfig,
  resume,
  resumeCommand,
  type TrainOptions,
  type TrainResult,
  train,
} from '@convzoo/run'
import { tellsTop5 } from '../terminal/evaluation.js'
import { type Interruption, watchInterruption } from '../terminal/interruption.js'
import { type Log, openLog } from '../terminal/log.js'
import { percent } from '../terminal/progress.js'
import type { Screen } from '../terminal/screen.js'
import { type ShownBy, showing } from './shown-run.js'

/** Trains. The last line is the accuracy on the test images, or else on those to validate on. */
export async function runTraining(
  config: RunConfig,
  { folder, recipe }: Pick<TrainOptions, 'folder' | 'recipe'>,
  shown: ShownBy,
): Promise<void> {
  const hint = (input: string): string => `a smaller --input than ${input}, fewer --epochs or --limit take less`
  const log = await openLog(shown.logFormat, hint)
  const { screen, listener } = log
  using interruption = watchInterruption((line) => screen.warn(line))
  const { signal } = interruption
  try {
    const callbacks = await showing(shown, screen)
    const result = await train(config, { ...listener, signal, callbacks, folder, recipe })
    if (result !== undefined) return await conclude(result, log, interruption)
    process.exitCode = interruption.exitCode ?? 1
    await log.end({ completed: false, exitCode: process.exitCode }, () =>
      screen.warn('Stopped before the first step; nothing was written.'),
    )
  } finally {
    screen.clear()
  }
}

/** What is said of a run that goes on. */
interface Resumption {
  readonly changes: RunChanges
  /** Whether it may go on with other images. */
  readonly allowChangedData: boolean
}

/** Goes on with a run that was stopped, as if it never had been. */
export async function resumeTraining(
  path: string,
  { changes, allowChangedData }: Resumption,
  shown: ShownBy,
): Promise<void> {
  const log = await openLog(shown.logFormat)
  const { screen, listener } = log
  using interruption = watchInterruption((line) => screen.warn(line))
  const { signal } = interruption
  try {
    const callbacks = await showing(shown, screen)
    const result = await resume(path, { ...listener, signal, callbacks, changes, allowChangedData })
    if (result.wasFinished === true) {
      screen.say(`the run in ${path} is finished: ${result.position.epoch} epochs; --epochs adds to them`)
    }
    await conclude(result, log, interruption)
  } finally {
    screen.clear()
  }
}

/** Tells what has become of a run, and chooses what the command exits with. */
async function conclude(result: TrainResult, log: Log, interruption: Interruption): Promise<void> {
  // A time limit is no failure.
  if (!result.completed) process.exitCode = interruption.exitCode ?? (result.stopped === undefined ? 1 : 0)
  await log.end({ ...result, exitCode: process.exitCode ?? 0 }, () => tell(result, log.screen))
}

/** Says what has become of a run: where it can be looked at, what can be done with it, and last how well it does. */
function tell(result: TrainResult, screen: Screen): void {
  const { folder, completed, score, stopped, position, wasFinished, classes, files } = result
  const { page, ...pictures } = files
  if (wasFinished !== true) {
    if (page !== undefined) screen.say(`page    ${page}`)
    const paths = Object.values(pictures)
    if (paths.length > 0) screen.say(`files   ${paths.join(', ')}`)
  }
  if (!completed || score === undefined) {
    const why = stopped === undefined ? '' : `: ${stopped}`
    screen.warn(`Stopped after step ${position.step}${why}. Go on with: ${resumeCommand(folder)}`)
    return
  }
  const { samples, split, loss, top1, top5 } = score
  if (wasFinished !== true) screen.say(`next    ${evaluateCommand(folder)}, ${predictCommand(folder)} <picture>`)
  if (stopped !== undefined) screen.say(`ended after ${position.epoch} epochs: ${stopped}`)
  const five = tellsTop5(classes) ? [`top-5 ${percent(top5)}`] : []
  if (wasFinished !== true) screen.say([`${samples} ${split} images`, `loss ${loss.toFixed(4)}`, ...five].join(' | '))
  screen.say(`${split} accuracy ${percent(top1)}`)
}
