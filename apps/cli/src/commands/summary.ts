import { createModel, type ImageShape, renderJson, renderKeras, summarize } from '@convzoo/core'
import { type Command, Option } from 'commander'
import { architectures } from '../catalogs/plugins.js'
import { imageShape, oneOf, wholeNumber } from '../terminal/arguments.js'

interface SummaryFlags {
  readonly input?: ImageShape
  readonly classes?: number
  readonly format: 'keras' | 'json'
}

export function addSummary(program: Command): void {
  program
    .command('summary')
    .description('The layers of networks, their shapes and parameters, as Keras prints them.')
    .argument('<id...>', 'name or name.tag, such as alexnet')
    .option('--input <HxWxC>', "the input instead of the network's own", imageShape('--input'))
    .option('--classes <number>', "the classes instead of the network's own", wholeNumber('--classes', 1))
    .addOption(
      new Option('--format <format>', 'keras or json').default('keras').argParser(oneOf('--format', ['keras', 'json'])),
    )
    .action((ids: readonly string[], { input, classes, format }: SummaryFlags) => {
      for (const id of ids) {
        const { architecture, tagName } = architectures().resolve(id)
        const model = createModel(architecture, {
          tag: tagName,
          ...(input === undefined ? {} : { input }),
          ...(classes === undefined ? {} : { classes }),
        })
        const summary = summarize(model)
        process.stdout.write(
          format === 'json' ? `${JSON.stringify(renderJson(summary), null, 2)}\n` : renderKeras(summary),
        )
      }
    })
}
