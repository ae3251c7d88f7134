import type { DryRun, FoundLearningRate, RunConfig } from '@convzoo/run'
import { type Interruption, watchInterruption } from '../terminal/interruption.js'
import { type Log, openLog } from '../terminal/log.js'
import type { LogFormat } from '../terminal/log-format.js'
import { requireOutputFolder, writeOutput } from '../terminal/output-file.js'
import { duration } from '../terminal/progress.js'

/** Rates that are printed. */
const shownRates = 12

/** How a training is tried. */
export interface Trial {
  readonly recipe: string | undefined
  readonly logFormat: LogFormat | undefined
}

/** Says what a run would take. The last line is the time of the whole. */
export async function tellDryRun(config: RunConfig, { recipe, logFormat }: Trial): Promise<void> {
  const log = await openLog(logFormat)
  using interruption = watchInterruption((line) => log.screen.warn(line))
  const { dryRun } = await import('@convzoo/run')
  const found = await dryRun(config, { ...log.listener, signal: interruption.signal, recipe })
  if (found === undefined) await stopped(log, interruption)
  else await log.end({ ...found, exitCode: 0 }, () => log.screen.say(dryRunLines(found)))
}

function dryRunLines(found: DryRun): readonly string[] {
  const { step, steps, epochs, epoch, validation, test, checkpoint, memoryBytes, diskBytes, seconds } = found
  const rate = `${(step.images / step.seconds).toFixed(1)} img/s`
  const looks = Object.entries({ validation, test }).flatMap(([name, look]) =>
    look === undefined ? [] : [`${name.padEnd(10)} ${look.images} images: ${timed(look.seconds)}`],
  )
  return [
    `engine     ${found.engine}`,
    `step       ${step.images} images: ${timed(step.seconds)}, ${rate}`,
    `epoch      ${epoch.images} images: ${timed(epoch.seconds)}`,
    ...looks,
    `checkpoint ${megabytes(checkpoint.bytes)}: ${timed(checkpoint.seconds)}`,
    `memory     ${megabytes(memoryBytes)} of this process at most`,
    `disk       ${megabytes(diskBytes)} at most`,
    `nothing was kept; the run takes ${steps} steps in ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}: ${timed(seconds)}`,
  ]
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

const timed = (seconds: number): string => (seconds < 10 ? `${Number(seconds.toPrecision(2))} s` : duration(seconds))

/** Draws the losses over the rates of a range test. The last line is the rate that is suggested. */
export async function tellLearningRate(config: RunConfig, { recipe, logFormat }: Trial, file: string): Promise<void> {
  requireOutputFolder(file)
  const log = await openLog(logFormat)
  const { screen } = log
  using interruption = watchInterruption((line) => screen.warn(line))
  const { findLearningRate, learningRatesPicture } = await import('@convzoo/run')
  const found = await findLearningRate(config, { ...log.listener, signal: interruption.signal, recipe })
  if (found === undefined) return stopped(log, interruption)
  const draw = async (): Promise<void> => writeOutput(file, await learningRatesPicture(found))
  if (logFormat === 'json') await draw()
  await log.end({ ...found, picture: file, exitCode: 0 }, async () => {
    screen.say(rateLines(found))
    await draw()
    screen.warn(`the losses over the rates: ${file}`)
  })
}

function rateLines({ points, suggestion, divergedAt }: FoundLearningRate): readonly string[] {
  const every = Math.max(1, Math.ceil(points.length / shownRates))
  const rows = points.filter((_, index) => index % every === 0)
  return [
    'learning rate  loss',
    ...rows.map(({ learningRate, smoothed }) => `${short(learningRate).padEnd(13)}  ${smoothed.toFixed(4)}`),
    ...(divergedAt === undefined ? [] : [`${short(divergedAt).padEnd(13)}  diverged`]),
    suggestion === undefined
      ? 'no learning rate is suggested: the loss falls nowhere'
      : `suggested: --learning-rate ${short(suggestion)}`,
  ]
}

const short = (rate: number): string => String(Number(rate.toPrecision(2)))

async function stopped(log: Log, { exitCode = 1 }: Interruption): Promise<void> {
  process.exitCode = exitCode
  await log.end({ completed: false, exitCode }, () => log.screen.warn('Stopped; nothing was written.'))
}
