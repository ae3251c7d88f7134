import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { ConvzooError } from '@convzoo/core'
import { messageOf, requireArguments, text } from '@convzoo/core/define'

const { resolve } = createRequire(import.meta.url)

/** As wide as Times, in which Graphviz measures text; part of an npm package, so that a machine without fonts draws text too. */
const fontFile = '@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf'
const fontFamily = 'Tinos'

/** Pixels beyond which a picture is made smaller: 16,000 × 16,000 takes a gigabyte while it is drawn. */
const largestSide = 16_000

let renderer:
  | Promise<{ readonly Resvg: typeof import('@resvg/resvg-wasm').Resvg; readonly font: Uint8Array }>
  | undefined

/** The renderer can be started once in a process. */
async function loadRenderer() {
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm')
  const [wasm, font] = await Promise.all(
    ['@resvg/resvg-wasm/index_bg.wasm', fontFile].map((name) => readFile(resolve(name))),
  )
  await initWasm(new Uint8Array(wasm ?? []))
  return { Resvg, font: new Uint8Array(font ?? []) }
}

/**
 * An SVG picture as PNG on white, one pixel a CSS pixel; text is set in one typeface, whatever the machine has. Very large pictures are
 * made smaller.
 *
 * @example
 * const png = await pngOf(await graphSvg(dot))
 */
export async function pngOf(svg: string): Promise<Uint8Array> {
  requireArguments('pngOf', { svg: [text, svg] })
  renderer ??= loadRenderer()
  const { Resvg, font } = await renderer
  const options = {
    background: 'white',
    font: {
      fontBuffers: [font],
      defaultFontFamily: fontFamily,
      serifFamily: fontFamily,
      sansSerifFamily: fontFamily,
    },
  }
  const drawing = drawn(() => new Resvg(svg, options))
  const scale = Math.min(1, largestSide / Math.max(drawing.width, drawing.height))
  const fitting = scale === 1 ? drawing : new Resvg(svg, { ...options, fitTo: { mode: 'zoom', value: scale } })
  return fitting.render().asPng()
}

function drawn<T>(draw: () => T): T {
  try {
    return draw()
  } catch (cause) {
    throw new ConvzooError({
      kind: 'data',
      message: 'This picture cannot be drawn.',
      expected: 'SVG, as graphSvg(…) and curvesSvg(…) give it',
      received: messageOf(cause),
      cause,
    })
  }
}
