import type { Trainer } from '@convzoo/trainer'
import type { Command } from 'commander'
import { allowCpuDescription, deviceNames, engineDescription, openEngine } from '../catalogs/engines.js'
import { oneOf, wholeNumber } from '../terminal/arguments.js'
import { type RunConfig, readRunConfig } from '../training/config.js'
import { makeModel } from '../training/job.js'

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

/** A finished run. */
export interface OpenedRun extends AsyncDisposable {
  readonly config: RunConfig
  readonly trainer: Trainer
  /** Prepares for work to come and reads the weights, in this order: large networks are in memory once. */
  load(work: Parameters<Trainer['prepare']>[0]): Promise<void>
}

/**
 * Opens a run's network.
 *
 * @throws ConvzooError if the folder is no run; {@link OpenedRun.load} if it is not finished or its weights do not fit its network.
 */
export async function openRun(run: string, { engine, ...options }: EngineFlags): Promise<OpenedRun> {
  const { RunFolder, Trainer } = await import('@convzoo/trainer')
  const folder = await RunFolder.open(run)
  const config = await readRunConfig(folder)
  const trainer = new Trainer({
    model: await makeModel(config),
    engine: await openEngine(engine, options),
  })
  return {
    config,
    trainer,
    async load(work) {
      await trainer.prepare(work)
      await folder.readWeights((tensors) => trainer.writeWeights(tensors))
    },
    [Symbol.asyncDispose]: () => trainer.dispose(),
  }
}
