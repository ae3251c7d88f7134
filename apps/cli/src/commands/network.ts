import { createModel, type ImageShape, type Model, type SymbolicTensor } from '@convzoo/core'
import { resolveArchitecture } from '@convzoo/run/plugins'
import type { Command } from 'commander'
import { imageShape, wholeNumber } from '../terminal/arguments.js'

/** What a user can set of a network that is only described. */
export interface NetworkFlags {
  readonly input?: ImageShape
  readonly classes?: number
}

/** Adds `--input` and `--classes` to a command. */
export function takesNetwork(command: Command): Command {
  return command
    .option('--input <HxWxC>', "the input instead of the network's own", imageShape('--input'))
    .option('--classes <number>', "the classes instead of the network's own", wholeNumber('--classes', 1))
}

/** The network of an id, on an input of its own or on a given one. */
export async function networkOf(id: string, { input, classes }: NetworkFlags, shared?: SymbolicTensor): Promise<Model> {
  const { architecture, tagName } = await resolveArchitecture(id)
  const given = shared ?? input
  return createModel(architecture, {
    tag: tagName,
    ...(given === undefined ? {} : { input: given }),
    ...(classes === undefined ? {} : { classes }),
  })
}
