import {
  ConvzooError,
  costOf,
  input as inputLayer,
  type Model,
  renderJson,
  renderKeras,
  type SymbolicTensor,
  summarize,
} from '@convzoo/core'
import { resolveArchitecture } from '@convzoo/run/plugins'
import { type Command, Option } from 'commander'
import { oneOf } from '../terminal/arguments.js'
import { sayJson, sayText } from '../terminal/output.js'
import { type NetworkFlags, networkOf, takesNetwork } from './network.js'

interface SummaryFlags extends NetworkFlags {
  readonly format: 'keras' | 'json'
  readonly kerasSession?: boolean
  readonly cost?: boolean
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
    .option('--cost', 'multiply-adds, memory of activations and receptive fields, for one image')
    .action(summary)
}

async function summary(ids: readonly string[], { format, kerasSession, cost, ...flags }: SummaryFlags): Promise<void> {
  const shared = kerasSession === true ? await sharedInput(ids, flags) : undefined
  const models: Model[] = []
  // One after the other: names count on.
  for (const id of ids) models.push(await networkOf(id, flags, shared))
  const costs = (model: Model) => (cost === true ? { cost: costOf(model) } : {})
  if (format === 'keras') {
    for (const model of models) await sayText(renderKeras(summarize(model), costs(model)))
    return
  }
  const json = models.map((model) => renderJson(summarize(model), costs(model)))
  await sayJson(json.length === 1 ? json[0] : json)
}

/** One input for all networks of a session. */
async function sharedInput(ids: readonly string[], { input }: NetworkFlags): Promise<SymbolicTensor> {
  const found = await Promise.all(ids.map(resolveArchitecture))
  const defaults = found.map(({ tag }) => tag.defaults.input)
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
