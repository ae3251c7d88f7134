import type { TopLevelSpec } from 'vega-lite'

/** Draws a chart that Vega-Lite describes as SVG. */
export async function chartSvg(specification: TopLevelSpec): Promise<string> {
  const [{ parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')])
  const view = new View(parse(compile(specification).spec), { renderer: 'none' })
  try {
    return await view.toSVG()
  } finally {
    view.finalize()
  }
}
