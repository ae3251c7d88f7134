import { extname } from 'node:path'
import { ConvzooError, type PlotOptions, renderDot } from '@convzoo/core'
import { given } from '@convzoo/run/config'
import { orNotInstalled } from '@convzoo/run/plugins'
import type { Command } from 'commander'
import { oneOf } from '../terminal/arguments.js'
import { writeOutput } from '../terminal/output-file.js'
import { type NetworkFlags, networkOf, takesNetwork } from './network.js'

interface PlotFlags extends NetworkFlags {
  readonly output: string
  readonly rankdir: NonNullable<PlotOptions['rankdir']>
  readonly showShapes?: boolean
  readonly showDtype?: boolean
  readonly layerNames: boolean
  readonly showLayerActivations?: boolean
}

type Render = (dot: string) => Promise<string | Uint8Array>

/** What draws is loaded when it is asked for. */
const visualize = () => import('@convzoo/visualize').catch(orNotInstalled('@convzoo/visualize'))

/** What is written for each ending of a file's name. */
const formats: Readonly<Record<string, Render>> = {
  '.dot': async (dot) => dot,
  '.svg': async (dot) => (await visualize()).graphSvg(dot),
  '.png': async (dot) => {
    const { graphSvg, pngOf } = await visualize()
    return pngOf(await graphSvg(dot))
  },
}

export function addPlot(program: Command): void {
  takesNetwork(
    program
      .command('plot')
      .description("A network as a picture, as Keras' plot_model draws it.")
      .argument('<id>', 'name or name.tag, such as alexnet'),
  )
    .option('-o, --output <file>', `ending in ${Object.keys(formats).join(', ')}`, 'model.png')
    .option(
      '--rankdir <direction>',
      'TB from top to bottom, LR from left to right',
      oneOf('--rankdir', ['TB', 'LR']),
      'TB',
    )
    .option('--show-shapes', 'input and output shapes')
    .option('--show-dtype', 'the type of numbers')
    .option('--show-layer-names', 'the names of layers (shown unless --no-layer-names)')
    .option('--no-layer-names', 'only the kinds of layers')
    .option('--show-layer-activations', 'activations where layers have them')
    .action(plot)
}

async function plot(id: string, { output, layerNames, input, classes, ...shown }: PlotFlags): Promise<void> {
  const render = formatOf(output)
  const model = await networkOf(id, given({ input, classes }))
  const dot = renderDot(model, { ...shown, showLayerNames: layerNames })
  await writeOutput(output, await render(dot))
}

function formatOf(output: string): Render {
  const ending = extname(output).toLowerCase()
  const render = Object.hasOwn(formats, ending) ? formats[ending] : undefined
  if (render !== undefined) return render
  throw new ConvzooError({
    kind: 'option',
    message: 'The option --output names a file of a kind that is not known.',
    expected: `a name that ends in one of ${Object.keys(formats).join(', ')}`,
    received: output,
  })
}
