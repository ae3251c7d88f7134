import { ConvzooError } from '@convzoo/core'
import { messageOf, requireArguments, text } from '@convzoo/core/define'
/**
 * Draws a graph in the DOT language as SVG, by Graphviz in WebAssembly: nothing has to be installed.
 *
 * @example
 * const svg = await graphSvg(renderDot(model, { rankdir: 'LR', showShapes: true }))
 */
export async function graphSvg(dot: string): Promise<string> {
  requireArguments('graphSvg', { dot: [text, dot] })
  const { Graphviz } = await import('@hpcc-js/wasm-graphviz')
  const graphviz = await Graphviz.load()
  try {
    return graphviz.dot(dot)
  } catch (cause) {
    throw new ConvzooError({
      kind: 'data',
      message: 'This graph cannot be drawn.',
      expected: 'the DOT language, as renderDot(model) writes it',
      received: messageOf(cause),
      cause,
    })
  }
}
