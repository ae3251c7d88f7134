import { ConvzooError } from '@convzoo/core'
import { matching, requireArguments, texts } from '@convzoo/core/define'
import { chartSvg } from './chart-svg.js'
import { classLabels } from './class-labels.js'

/** Classes up to which counts stand in the cells, and up to which axes name the classes. */
const mostWithCounts = 20
const mostWithNames = 60

const counts = matching(
  'a list of rows, each a list of counts',
  (given): given is readonly (readonly number[])[] =>
    Array.isArray(given) &&
    given.every((row) => Array.isArray(row) && row.every((count) => Number.isSafeInteger(count) && count >= 0)),
)

/**
 * A confusion matrix as SVG: rows are true classes, columns predicted ones, a cell's colour is its part of its row. Up to 20 classes,
 * cells hold their counts; up to 60, axes name the classes, by the first 40 characters of their names.
 *
 * @throws ConvzooError of kind `option` unless there is one row a class, each with one count a class.
 * @example
 * const svg = await confusionSvg([[9, 1], [0, 10]], ['cat', 'dog'])
 */
export async function confusionSvg(rows: readonly (readonly number[])[], classes: readonly string[]): Promise<string> {
  requireArguments('confusionSvg', { rows: [counts, rows], classes: [texts, classes] })
  if (classes.length === 0 || rows.length !== classes.length || rows.some((row) => row.length !== classes.length)) {
    throw new ConvzooError({
      kind: 'option',
      message: 'A confusion matrix has rows that do not fit its classes.',
      expected: `${classes.length} rows of ${classes.length} counts, and at least one class`,
      received: `rows of ${rows.map(({ length }) => length).join(', ') || 'nothing'}`,
    })
  }
  // Cells without a count are left white, so that a thousand classes make no million of marks.
  const cells = rows.flatMap((row, truth) => {
    const total = row.reduce((sum, count) => sum + count, 0)
    return row.flatMap((count, prediction) => (count > 0 ? { truth, prediction, count, part: count / total } : []))
  })
  const named = classes.length <= mostWithNames
  const places = classes.map((_, index) => index)
  const step = Math.max(720 / Math.max(classes.length, 15), 2)
  const labels = named ? classLabels(classes) : []
  const longest = Math.max(...labels.map(({ length }) => length))
  const axis = (title: string, orient: 'top' | 'left') =>
    ({
      type: 'ordinal',
      title,
      scale: { domain: places, padding: 0 },
      axis: named
        ? {
            orient,
            labelExpr: 'classLabels[datum.value]',
            labelAngle: orient === 'top' && longest > 3 ? -45 : 0,
            labelLimit: 160,
            labelOverlap: false,
            ticks: false,
            domain: false,
          }
        : { orient, labels: false, ticks: false, domain: false },
    }) as const
  const encoding = {
    x: { field: 'prediction', ...axis('predicted class', 'top') },
    y: { field: 'truth', ...axis('true class', 'left') },
  } as const
  return chartSvg({
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: 12,
    width: { step },
    height: { step },
    // As a value: in an expression, names such as `constructor` mean something.
    params: [{ name: 'classLabels', value: [...labels] }],
    data: { values: cells },
    encoding,
    layer: [
      {
        mark: { type: 'rect' },
        encoding: {
          color: {
            field: 'part',
            type: 'quantitative',
            title: 'part of the true class',
            scale: { scheme: 'blues', domain: [0, 1] },
            legend: { format: '.0%', gradientLength: 200, titleLimit: 0 },
          },
        },
      },
      ...(classes.length <= mostWithCounts
        ? [
            {
              mark: { type: 'text', fontSize: 12 },
              encoding: {
                text: { field: 'count', type: 'quantitative' },
                color: { condition: { test: 'datum.part > 0.5', value: 'white' }, value: '#222' },
              },
            } as const,
          ]
        : []),
    ],
    config: {
      font: 'sans-serif',
      axis: { labelFontSize: 12, titleFontSize: 13, titleFontWeight: 'normal' },
      legend: { labelFontSize: 12, titleFontWeight: 'normal' },
      view: { stroke: '#ccc' },
    },
  })
}
