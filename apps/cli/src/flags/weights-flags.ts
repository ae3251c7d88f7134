import { ConvzooError } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import type { OpenWeightsOptions } from '@convzoo/run'
import type { Command } from 'commander'

/** What a command that uses a trained network is told of its weights. */
export interface WeightsFlags {
  readonly weights?: string
  readonly as?: string
  readonly classes?: string
  readonly input?: string
}

/** What the argument is that names a trained network. */
export const networkArgument =
  'the folder that `convzoo train` made, a file of weights (.safetensors, .pth, .pt), or the name of a package that ships some'

/** Adds the flags that say which weights are used, and what a file of them does not say itself. */
export function addWeightsFlags(command: Command): void {
  command
    .option('--weights <place>', 'the run, the file or the package of weights, in place of the argument')
    .option('--as <id>', 'which network the weights of a file are of, such as alexnet.torchvision (what the file says)')
    .option('--classes <file>', 'names of the classes, a line each (those in the file of weights, or else numbers)')
    .option('--input <HxWxC>', "the input that the weights of a file are for (the network's own)")
}

/**
 * The weights that are named: by the flag, or else by the first argument.
 *
 * @returns Their place, and the arguments that are left.
 * @throws ConvzooError of kind `option` if none are.
 */
export function namedWeights(
  command: string,
  { weights }: WeightsFlags,
  given: readonly string[],
): { readonly place: string; readonly others: readonly string[] } {
  if (weights !== undefined) return { place: weights, others: given }
  const [place, ...others] = given
  if (place !== undefined) return { place, others }
  throw new ConvzooError({
    kind: 'option',
    message: `Which network should ${command} use?`,
    expected: 'a run, a file of weights or a package that ships some',
    received: 'neither an argument nor --weights',
    hint: `convzoo ${command} runs/flowers, or convzoo ${command} --weights alexnet.pth --as alexnet.torchvision`,
  })
}

/**
 * The place of the weights for a command that takes one network and nothing else.
 *
 * @throws ConvzooError of kind `option` if none is named, or two.
 */
export function oneNetwork(command: string, flags: WeightsFlags, run: string | undefined): string {
  const { place, others } = namedWeights(command, flags, run === undefined ? [] : [run])
  if (others.length === 0) return place
  throw new ConvzooError({
    kind: 'option',
    message: `${command} takes one network.`,
    expected: 'a run as the argument, or --weights',
    received: `--weights beside ${others.map((each) => printable(each)).join(', ')}`,
  })
}

/** What was said of the weights of a file. */
export const saidOfWeights = ({ as, classes, input }: WeightsFlags): OpenWeightsOptions => ({ as, classes, input })
