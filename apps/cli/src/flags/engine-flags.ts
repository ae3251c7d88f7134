import type { Choice } from '@convzoo/run'
import type { Command } from 'commander'
import { type ChosenNames, sectionChoice } from './choices.js'
import { chosenNames } from './chosen-names.js'
import { addFlags, configOf, noFlags } from './training-flags.js'

/** What a trained network runs on, as a command that uses one is told. */
export type EngineChoice = () => { readonly engine?: Choice }

/**
 * Adds the flags that say what a trained network runs on: made of what the engine takes that the command line chooses.
 *
 * @returns What was said, once the command line is parsed.
 */
export async function addEngineFlags(command: Command, parameters: readonly string[]): Promise<EngineChoice> {
  if (!parameters.includes(command.name())) return () => ({})
  const { engine } = await chosenNames(parameters)
  const names: ChosenNames = { engine, callbacks: [] }
  // What the command itself has is its own: an option of the engine of that name stands under `--engine-…`.
  const taken = new Set(command.options.flatMap(({ long }) => long ?? []))
  const flags = await sectionChoice('engine', names, taken)
  addFlags(command, flags)
  return () => {
    const { engine: said } = configOf(command, { ...noFlags, flags })
    return said === undefined ? {} : { engine: Object(said) }
  }
}
