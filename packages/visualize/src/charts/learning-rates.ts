import { isOptionsObject, matching, numberAbove, optional, requireArguments } from '@convzoo/core/define'
import { chartSvg } from './chart-svg.js'

/** The loss at a learning rate, as it was and smoothed over the steps before. */
export interface LearningRatePoint {
  readonly learningRate: number
  readonly loss: number
  readonly smoothed: number
}

const pointsKind = matching(
  'a list of { learningRate, loss, smoothed }, such as findLearningRate gives',
  (given): given is readonly LearningRatePoint[] =>
    Array.isArray(given) &&
    given.every(
      (each) =>
        isOptionsObject(each) &&
        ['learningRate', 'loss', 'smoothed'].every((name) => Number.isFinite(Reflect.get(each, name))) &&
        Number(Reflect.get(each, 'learningRate')) > 0,
    ),
)

/** The axis of rates. */
const x = {
  field: 'learningRate',
  type: 'quantitative',
  title: 'learning rate',
  scale: { type: 'log', nice: false },
  axis: { format: '~g', grid: false },
} as const

/**
 * The losses of a range test over the learning rates, as SVG: a logarithmic axis of rates, the smoothed loss over the single ones, and a line
 * at the rate that is suggested.
 *
 * @throws ConvzooError of kind `option` for points that are none.
 * @example
 * const svg = await learningRatesSvg(points, suggestion)
 */
export async function learningRatesSvg(points: readonly LearningRatePoint[], suggestion?: number): Promise<string> {
  requireArguments('learningRatesSvg', {
    points: [pointsKind, points],
    suggestion: [optional(numberAbove(0)), suggestion],
  })
  // Where the loss has left all bounds, it would hide the rest.
  const first = points[0]?.smoothed ?? 1
  const most = 2 * first
  const y = { type: 'quantitative', title: 'loss', scale: { domainMax: most, zero: false, nice: true } } as const
  const values = points.map((point) => ({ ...point }))
  return chartSvg({
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: 12,
    width: 480,
    height: 300,
    layer: [
      {
        data: { values },
        mark: { type: 'line', strokeWidth: 1, opacity: 0.4, clip: true, color: '#0072B2' },
        encoding: { x, y: { ...y, field: 'loss' } },
      },
      {
        data: { values },
        mark: { type: 'line', strokeWidth: 2, clip: true, color: '#0072B2' },
        encoding: { x, y: { ...y, field: 'smoothed' } },
      },
      ...(suggestion === undefined ? [] : [ruleAt(suggestion), labelAt(suggestion)]),
    ],
    config: {
      font: 'sans-serif',
      axis: { labelFontSize: 12, titleFontSize: 13, titleFontWeight: 'normal' },
      view: { stroke: '#ccc' },
    },
  })
}

const colour = '#D55E00'

const at = (learningRate: number) => ({
  values: [{ learningRate, label: Number(learningRate.toPrecision(2)).toString() }],
})

const ruleAt = (rate: number) =>
  ({ data: at(rate), mark: { type: 'rule', color: colour, strokeWidth: 2 }, encoding: { x } }) as const

const labelAt = (rate: number) =>
  ({
    data: at(rate),
    mark: { type: 'text', color: colour, align: 'left', dx: 6, y: 10, fontSize: 12 },
    encoding: { x, text: { field: 'label', type: 'nominal' } },
  }) as const
