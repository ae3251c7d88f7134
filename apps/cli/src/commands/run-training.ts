import {
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
import { percent, trainingProgress, watchedBy } from '../terminal/progress.js'
import { openScreen, type Screen } from '../terminal/screen.js'
import { pageOfRun, type ShownBy, showing } from './shown-run.js'

/** Trains. The last line is the accuracy on the test images, or else on those to validate on. */
export async function runTraining(
  config: RunConfig,
  { folder, recipe }: Pick<TrainOptions, 'folder' | 'recipe'>,
  shown: ShownBy,
): Promise<void> {
  const screen = await openScreen()
  using interruption = watchInterruption((line) => screen.warn(line))
  const hint = (input: string): string => `a smaller --input than ${input}, fewer --epochs or --limit take less`
  const callbacks = [trainingProgress({ screen, hint }), ...(await showing(shown, screen))]
  const options = { ...watching(screen, interruption), callbacks }
  const result = await train(config, { ...options, folder, recipe })
  if (result !== undefined) return tell(result, screen, interruption)
  screen.warn('Stopped before the first step; nothing was written.')
  process.exitCode = interruption.exitCode ?? 1
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
  const screen = await openScreen()
  using interruption = watchInterruption((line) => screen.warn(line))
  const callbacks = [trainingProgress({ screen }), ...(await showing(shown, screen))]
  const result = await resume(path, { ...watching(screen, interruption), callbacks, changes, allowChangedData })
  if (result.wasFinished === true) {
    screen.say(`the run in ${path} is finished: ${result.position.epoch} epochs; --epochs adds to them`)
  }
  tell(result, screen, interruption)
}

const watching = (screen: Screen, { signal }: Interruption) => ({
  ...watchedBy(screen),
  onLog: (line: string): void => screen.say(line),
  signal,
})

/** Says what has become of a run. */
function tell(
  { folder, completed, score, stopped, position, wasFinished, classes }: TrainResult,
  screen: Screen,
  { exitCode }: Interruption,
): void {
  if (!completed || score === undefined) {
    const why = stopped === undefined ? '' : `: ${stopped}`
    screen.warn(`Stopped after step ${position.step}${why}. Go on with: ${resumeCommand(folder)}`)
    // A time limit is no failure.
    process.exitCode = exitCode ?? (stopped === undefined ? 1 : 0)
    return
  }
  const { samples, split, loss, top1, top5 } = score
  const page = pageOfRun(folder)
  if (page !== undefined && wasFinished !== true) screen.say(`page    ${page}`)
  if (stopped !== undefined) screen.say(`ended after ${position.epoch} epochs: ${stopped}`)
  const five = tellsTop5(classes) ? [`top-5 ${percent(top5)}`] : []
  if (wasFinished !== true) screen.say([`${samples} ${split} images`, `loss ${loss.toFixed(4)}`, ...five].join(' | '))
  screen.say(`${split} accuracy ${percent(top1)}`)
}
