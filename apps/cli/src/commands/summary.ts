import {
  ConvzooError,
  input as inputLayer,
  renderJson,
  renderKeras,
  type SymbolicTensor,
  summarize,
} from '@convzoo/core'
import { type Command, Option } from 'commander'
import { architectures } from '../catalogs/plugins.js'
import { oneOf } from '../terminal/arguments.js'
import { type NetworkFlags, networkOf, takesNetwork } from './network.js'

interface SummaryFlags extends NetworkFlags {
  readonly format: 'keras' | 'json'
  readonly kerasSession?: boolean
}

export function addSummary(program: Command): void {
  takesNetwork(
    program
      .command('summary')
      .description('The layers of networks, their shapes and parameters, as Keras prints them.')
      .argument('<id...>', 'name or name.tag, such as alexnet'),
  )
    .addOption(
      new Option('--format <format>', 'keras or json; several networks as JSON are a list')
        .default('keras')
        .argParser(oneOf('--format', ['keras', 'json'])),
    )
    .option('--keras-session', 'name layers on through all networks, on one input, as if one Keras session built them')
    .action(summary)
}

function summary(ids: readonly string[], { format, kerasSession, ...flags }: SummaryFlags): void {
  const shared = kerasSession === true ? sharedInput(ids, flags) : undefined
  const summaries = ids.map((id) => summarize(networkOf(id, flags, shared)))
  if (format === 'keras') {
    for (const each of summaries) process.stdout.write(renderKeras(each))
    return
  }
  const json = summaries.map(renderJson)
  process.stdout.write(`${JSON.stringify(json.length === 1 ? json[0] : json, null, 2)}\n`)
}

/** One input for all networks of a session. */
function sharedInput(ids: readonly string[], { input }: NetworkFlags): SymbolicTensor {
  const defaults = ids.map((id) => architectures().resolve(id).tag.defaults.input)
  const shape = input ?? defaults[0] ?? []
  if (input === undefined && defaults.some((other) => other.join() !== shape.join())) {
    throw new ConvzooError({
      kind: 'option',
      message: 'The networks of one session share an input, and these have inputs of different shapes.',
      expected: 'the option --input',
      received: ids.map((id, index) => `${id} ${defaults[index]?.join('x')}`).join(', '),
    })
  }
  return inputLayer({ shape })
}
