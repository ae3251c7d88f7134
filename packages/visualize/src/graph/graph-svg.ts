/**
 * Draws a graph in the DOT language as SVG, by Graphviz in WebAssembly: nothing has to be installed.
 *
 * @example
 * const svg = await graphSvg(renderDot(model, { rankdir: 'LR', showShapes: true }))
 */
export async function graphSvg(dot: string): Promise<string> {
  const { Graphviz } = await import('@hpcc-js/wasm-graphviz')
  const graphviz = await Graphviz.load()
  return graphviz.dot(dot)
}
