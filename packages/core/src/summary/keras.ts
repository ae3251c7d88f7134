import type { LayerCost } from '../cost/index.js'
import { requireArguments } from '../options/index.js'
import { kerasShape } from './keras-shape.js'
import { type RenderOptions, renderOptions, summaryKind } from './options.js'
import type { Summary, SummaryRow } from './summary.js'

/** A column, with the blanks that part it from the next. */
interface Column {
  readonly header: string
  readonly width: number
  cell(row: SummaryRow, cost: LayerCost | undefined): string
}

const nameColumn = (width: number): Column => ({
  header: 'Layer (type)',
  width,
  cell: (row) => `${row.name} (${row.keras})`,
})
const shapeColumn = (width: number): Column => ({
  header: 'Output Shape',
  width,
  cell: ({ type, outputShape }) => kerasShape(type, outputShape),
})
const parameterColumn = (width: number): Column => ({
  header: 'Param #',
  width,
  cell: (row) => String(row.parameters),
})
const inputsColumn = (width: number): Column => ({
  header: 'Connected to',
  width,
  cell: (row) => `[${row.inputs.map((input) => `'${input}'`).join(', ')}]`,
})

/** With a comma before every three digits, as Keras counts. `toLocaleString` loads the tables of all languages first, for some 10 ms. */
const grouped = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')

const kibibytes = (bytes: number): string => `${grouped(Math.round(bytes / 1024))} KiB`

/** Keras has none of these. */
const costColumns: readonly Column[] = [
  { header: 'Mult-Adds', width: 17, cell: (_, cost) => grouped(cost?.multiplyAdds ?? 0) },
  { header: 'Activations', width: 14, cell: (_, cost) => kibibytes(cost?.activationBytes ?? 0) },
  { header: 'Receptive Field', width: 17, cell: (_, cost) => cost?.receptiveField?.size.join('×') ?? '' },
]

/** Keras' relative positions .45 .85 1 of 65 characters, and .33 .55 .67 1 of 98, rounded down; wider only for what Keras has not. */
function columnsOf(sequential: boolean, withCost: boolean): readonly Column[] {
  const cost = withCost ? costColumns : []
  return sequential
    ? [nameColumn(29), shapeColumn(26), parameterColumn(withCost ? 12 : 10), ...cost]
    : [nameColumn(32), shapeColumn(21), parameterColumn(12), ...cost, inputsColumn(33)]
}

/** After the first of these in a piece of a cell, the cell goes on in the next line. */
const breaks = ['),', '},', '],', "',"]

/**
 * The text that `model.summary()` of Keras 2.7 to 2.12 prints, byte for byte, the last newline included: cells that are too long
 * go on in the next line, rows are padded with spaces, and the first column's leading space shifts a full cell's neighbour by one.
 *
 * With the model's cost, columns and lines of it are added, for one sample.
 *
 * Source: `keras/utils/layer_utils.py`, `print_summary`.
 */
export function renderKeras(summary: Summary, options: RenderOptions = {}): string {
  requireArguments('renderKeras', { summary: [summaryKind, summary] })
  const { cost } = renderOptions.parse('renderKeras', options)
  const columns = columnsOf(summary.sequential, cost !== undefined)
  const width = columns.reduce((total, column) => total + column.width, 0)
  const costs = new Map(cost?.layers.map((layer) => [layer.name, layer]))
  const lines = [
    `Model: "${summary.name}"`,
    '_'.repeat(width),
    ...renderRow(
      columns,
      columns.map(({ header }) => header),
    ),
    '='.repeat(width),
    ...summary.layers.flatMap((row) => [
      ...renderRow(
        columns,
        columns.map(({ cell }) => cell(row, costs.get(row.name))),
      ),
      ' '.repeat(width),
    ]),
    '='.repeat(width),
    `Total params: ${grouped(summary.totals.parameters)}`,
    `Trainable params: ${grouped(summary.totals.trainable)}`,
    `Non-trainable params: ${grouped(summary.totals.nonTrainable)}`,
    ...(cost === undefined
      ? []
      : [
          `Multiply-adds: ${grouped(cost.totals.multiplyAdds)}`,
          `Activation memory: ${kibibytes(cost.totals.activationBytes)}`,
        ]),
    '_'.repeat(width),
  ]
  return `${lines.join('\n')}\n`
}

function renderRow(columns: readonly Column[], cells: readonly string[]): string[] {
  const lines: string[] = []
  const rest = [...cells]
  while (rest.some((text) => text !== '')) {
    let line = ''
    let end = 0
    columns.forEach(({ width }, index) => {
      const first = index === 0
      const last = index === columns.length - 1
      const text = rest[index] ?? ''
      const piece = cut(text, width - (last ? 0 : 2))
      end += width
      rest[index] = text.slice(piece.length)
      line += `${first ? ' ' : ''}${piece}${last ? '' : '  '}`
      line = line.padEnd(end)
    })
    lines.push(line)
  }
  return lines
}

/** What of a cell's text goes into one line of it. */
function cut(text: string, room: number): string {
  const piece = text.slice(0, room)
  const ends = breaks.map((mark) => ({ mark, at: piece.indexOf(mark) })).filter(({ at }) => at >= 0)
  return piece.slice(0, Math.min(piece.length, ...ends.map(({ mark, at }) => at + mark.length)))
}
