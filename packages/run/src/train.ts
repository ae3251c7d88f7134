import type { RunConfig } from './config/config.js'
import type { Conclusion, TrainResult } from './training/conduct.js'
import type { ResumeOptions, TrainOptions } from './training/options.js'

/**
 * Trains a network on images, all in one call: opens the data, chooses the engine, records what happens in a folder, keeps checkpoints,
 * and tests the network at the end. Options that are left out are as `convzoo train` has them.
 *
 * @param config What is trained on what, and how.
 * @returns What has become of it; undefined where the signal stopped it before anything was written.
 * @throws ConvzooError of kind `option` for a configuration or an option that cannot be used, of kind `file` or `data` for data or a folder
 * that cannot, of kind `numeric` if a step leaves the finite numbers.
 * @example
 * const result = await train(
 *   { network: 'alexnet', data: 'flowers', training: { epochs: 30 }, callbacks: [{ name: 'earlyStopping', patience: 5 }] },
 *   { folder: 'runs/flowers' },
 * )
 * console.log(result?.score?.top1)
 */
export async function train(config: RunConfig, options: TrainOptions = {}): Promise<TrainResult | undefined> {
  const { parsedTrainOptions } = await import('./training/options.js')
  const parsed = parsedTrainOptions(options)
  const { startRun } = await import('./training/start.js')
  const concluded = await startRun(config, parsed)
  return concluded === undefined ? undefined : withFiles(concluded)
}

/**
 * Goes on with a run that was stopped, as if it never had been: its weights come out bit for bit as those of a run that was not. One that
 * is finished stays as it is.
 *
 * @param folder What {@link train} made.
 * @throws ConvzooError of kind `file` or `state` if the folder is no run, or another process trains in it; of kind `option` for a change
 * of what a run must keep; of kind `data` if its images are others.
 * @example
 * await resume('runs/flowers', { changes: { training: { epochs: 60 } } })
 */
export async function resume(folder: string, options: ResumeOptions = {}): Promise<TrainResult> {
  const { parsedResumeOptions } = await import('./training/options.js')
  const parsed = parsedResumeOptions(options)
  const { resumeRun } = await import('./training/resume.js')
  return withFiles(await resumeRun(folder, parsed))
}

async function withFiles(concluded: Conclusion): Promise<TrainResult> {
  const { RunFolder } = await import('@convzoo/trainer')
  return { ...concluded, files: await RunFolder.files(concluded.folder) }
}
