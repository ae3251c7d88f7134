import { relative } from 'node:path'
import type { Trainer } from '@convzoo/trainer'
import type { Command } from 'commander'
import { allowCpuDescription, deviceNames, engineDescription, openEngine } from '../catalogs/engines.js'
import { oneOf, wholeNumber } from '../terminal/arguments.js'
import { warn } from '../terminal/output.js'
import { type RunConfig, readRunConfig } from '../training/config.js'
import { makeModel } from '../training/job.js'
import { given } from '../training/used-options.js'

/** What a trained network runs on. */
export interface EngineFlags {
  readonly engine: string
  readonly device: (typeof deviceNames)[number]
  readonly threads?: number
  readonly allowCpu?: boolean
}

/** Adds the options that say what a trained network runs on. */
export function addEngineOptions(command: Command): Command {
  return command
    .option('--engine <name>', engineDescription, 'auto')
    .option('--device <name>', deviceNames.join(', '), oneOf('--device', deviceNames), 'auto')
    .option('--threads <number>', 'threads (all)', wholeNumber('--threads', 1))
    .option('--allow-cpu', allowCpuDescription)
}

/** A run that is finished, was stopped or goes on. */
export interface OpenedRun extends AsyncDisposable {
  readonly config: RunConfig
  readonly trainer: Trainer
  /** Prepares for work to come and reads the weights, in this order: large networks are in memory once. */
  load(work: Parameters<Trainer['prepare']>[0]): Promise<void>
}

/**
 * Opens a run's network.
 *
 * @throws ConvzooError if the folder is no run; {@link OpenedRun.load} if it has no weights yet, or they do not fit its network.
 */
export async function openRun(run: string, { engine, ...options }: EngineFlags): Promise<OpenedRun> {
  const { RunFolder, Trainer } = await import('@convzoo/trainer')
  const folder = await RunFolder.open(run)
  const config = await readRunConfig(folder)
  const model = await makeModel(config)
  const trainer = new Trainer({
    model,
    engine: await openEngine(engine, { ...options, announced: false }),
    ...given({ classes: config.classNames }),
    log: (line) => void warn(line),
  })
  return {
    config,
    trainer,
    async load(work) {
      await trainer.prepare(work)
      const newest = await folder.newestWeights()
      void warn(newest.warnings)
      const from = await newest.read(async (tensors, source) => {
        await trainer.writeWeights(tensors)
        return source
      }, model.weights)
      if (from.kind === 'finished') return
      const { step, epoch = 0 } = from
      const place = `${config.id}, step ${step}, after ${epoch} whole ${epoch === 1 ? 'epoch' : 'epochs'}`
      void warn(`The run is not finished: its newest checkpoint is used, ${place}, ${relative(run, from.path)}`)
    },
    [Symbol.asyncDispose]: () => trainer.dispose(),
  }
}
