import { arch, cpus, platform } from 'node:os'
import type { DeviceReport } from '@convzoo/core'
import { processors } from '@convzoo/files'
import { chooseEngine, type EngineChoice } from '../engine/choice.js'
import { inspectEngines, missingEngines } from '../engine/engines.js'

/** What can run here. */
export interface MachineReport {
  /** The version of Node.js: `v20.20.2`. */
  readonly node: string
  /** `linux x64`. */
  readonly system: string
  readonly processor: string
  /** How many of them this process may use. */
  readonly cores: number
  /** What a container leaves it of their time, in processors; null without a quota. */
  readonly quota: number | null
  /** Engines that are installed, and those that convzoo knows besides; each with its devices, and what is missing. */
  readonly engines: readonly { readonly engine: string; readonly devices: readonly DeviceReport[] }[]
  /** What the engine `auto` on the device `auto` takes. */
  readonly auto: EngineChoice
}

/**
 * What can run here: the machine, the engines with their devices, and which of them is taken unless another one is asked for.
 *
 * @throws ConvzooError of kind `engine` if no engine is installed.
 * @example
 * const { auto } = await inspectMachine()
 * console.log(auto.engine, auto.device, auto.reason)
 */
export async function inspectMachine(): Promise<MachineReport> {
  const { count, quota } = processors()
  return {
    node: process.version,
    system: `${platform()} ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: count,
    quota: quota ?? null,
    engines: [...(await inspectEngines()), ...(await missingEngines())].map(({ name, devices }) => ({
      engine: name,
      devices,
    })),
    auto: await chooseEngine('auto', 'auto'),
  }
}
