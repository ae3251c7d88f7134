import { kerasShape } from './keras-shape.js'
import type { Summary, SummaryRow } from './summary.js'

/** A column ends before this position. */
interface Column {
  readonly header: string
  readonly end: number
  cell(row: SummaryRow): string
}

const nameColumn = (end: number): Column => ({
  header: 'Layer (type)',
  end,
  cell: (row) => `${row.name} (${row.keras})`,
})
const shapeColumn = (end: number): Column => ({
  header: 'Output Shape',
  end,
  cell: ({ type, outputShape }) => kerasShape(type, outputShape),
})
const parameterColumn = (end: number): Column => ({ header: 'Param #', end, cell: (row) => String(row.parameters) })
const inputsColumn = (end: number): Column => ({
  header: 'Connected to',
  end,
  cell: (row) => `[${row.inputs.map((input) => `'${input}'`).join(', ')}]`,
})

// Keras' relative positions .45 .85 1 of 65 characters, and .33 .55 .67 1 of 98, rounded down.
const sequentialColumns = [nameColumn(29), shapeColumn(55), parameterColumn(65)]
const connectedColumns = [nameColumn(32), shapeColumn(53), parameterColumn(65), inputsColumn(98)]

/** After the first of these in a piece of a cell, the cell goes on in the next line. */
const breaks = ['),', '},', '],', "',"]

/**
 * The text that `model.summary()` of Keras 2.7 to 2.12 prints, byte for byte, the last newline included: cells that are too long
 * go on in the next line, rows are padded with spaces, and the first column's leading space shifts a full cell's neighbour by one.
 *
 * Source: `keras/utils/layer_utils.py`, `print_summary`.
 */
export function renderKeras(summary: Summary): string {
  const columns = summary.sequential ? sequentialColumns : connectedColumns
  const width = columns.at(-1)?.end ?? 0
  const count = (value: number): string => value.toLocaleString('en-US')
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
        columns.map(({ cell }) => cell(row)),
      ),
      ' '.repeat(width),
    ]),
    '='.repeat(width),
    `Total params: ${count(summary.totals.parameters)}`,
    `Trainable params: ${count(summary.totals.trainable)}`,
    `Non-trainable params: ${count(summary.totals.nonTrainable)}`,
    '_'.repeat(width),
  ]
  return `${lines.join('\n')}\n`
}

function renderRow(columns: readonly Column[], cells: readonly string[]): string[] {
  const lines: string[] = []
  const rest = [...cells]
  while (rest.some((text) => text !== '')) {
    let line = ''
    columns.forEach(({ end }, index) => {
      const first = index === 0
      const last = index === columns.length - 1
      const start = columns[index - 1]?.end ?? 0
      const text = rest[index] ?? ''
      const piece = cut(text, end - start - (last ? 0 : 2))
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
