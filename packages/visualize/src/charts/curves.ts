import { isIterable, isOptionsObject, matching, requireArguments } from '@convzoo/core/define'
import { chartSvg } from './chart-svg.js'
import { type CurvePoint, curvesOf, type Series } from './curve-points.js'

/** Each keeps its colour, whichever of them a run has; those of Okabe and Ito, which colour-blind eyes tell apart. */
const colours = { training: '#0072B2', validation: '#D55E00', test: '#009E73' } as const satisfies Record<
  Series,
  string
>

const recordsKind = matching(
  'the records of a run, such as the lines of its metrics.jsonl',
  (given): given is Iterable<object> => isIterable(given) && (!Array.isArray(given) || given.every(isOptionsObject)),
)

/**
 * Loss and accuracy over the epochs of a run, as SVG. Records are lines of `metrics.jsonl`, parsed.
 *
 * @example
 * const svg = await curvesSvg(lines.map((line) => JSON.parse(line)))
 */
export async function curvesSvg(records: Iterable<object>): Promise<string> {
  requireArguments('curvesSvg', { records: [recordsKind, records] })
  const { stepLosses, losses, accuracies } = curvesOf(records)
  const present = Object.keys(colours).filter((series) =>
    [...stepLosses, ...losses, ...accuracies].some((point) => point.series === series),
  )
  const last = [...losses, ...stepLosses].reduce((most, { epochs }) => Math.max(most, Math.ceil(epochs)), 1)
  const domain = [0, last]
  const x = {
    field: 'epochs',
    type: 'quantitative',
    title: 'epochs',
    scale: { domain, nice: false },
    axis: { tickMinStep: 1, format: 'd', grid: false },
  } as const
  const color = {
    field: 'series',
    type: 'nominal',
    title: null,
    scale: {
      domain: present,
      range: Object.entries(colours).flatMap(([name, hue]) => (present.includes(name) ? hue : [])),
    },
    legend: { orient: 'top', symbolType: 'circle', symbolOpacity: 1 },
  } as const
  const chart = (
    title: string,
    format: string,
    points: readonly CurvePoint[],
    domain: { domainMin?: number; domainMax?: number },
  ) =>
    ({
      data: { values: points.map((point) => ({ ...point })) },
      mark: { type: 'line', point: { size: 40, filled: true }, strokeWidth: 2 },
      encoding: {
        x,
        y: {
          field: 'value',
          type: 'quantitative',
          title,
          scale: { ...domain, nice: true, zero: false },
          axis: { format },
        },
        color,
      },
    }) as const
  return chartSvg({
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: 12,
    spacing: 40,
    hconcat: [
      {
        width: 360,
        height: 260,
        layer: [
          {
            data: { values: stepLosses.map((point) => ({ ...point })) },
            mark: { type: 'line', strokeWidth: 1, opacity: 0.45 },
            encoding: { x, y: { field: 'value', type: 'quantitative', scale: { nice: true } }, color },
          },
          chart('loss', '~g', losses, { domainMin: 0 }),
        ],
      },
      { width: 360, height: 260, ...chart('accuracy', '.0%', accuracies, { domainMin: 0, domainMax: 1 }) },
    ],
    config: {
      font: 'sans-serif',
      axis: { labelFontSize: 12, titleFontSize: 13, titleFontWeight: 'normal' },
      legend: { labelFontSize: 12 },
      view: { stroke: '#ccc' },
    },
  })
}
