import { printable } from '@convzoo/core/define'
import type { RunEvaluation } from '@convzoo/run'
import { percent } from './progress.js'

/** Of five classes or fewer, the true one is always among the first five. */
export const tellsTop5 = (classes: number): boolean => classes > 5

/** UTF-16 units of a class in a table, where each column is as wide as the widest. */
const widestClass = 20

/** What stands before "images" and "accuracy". */
const wordsOf = { train: 'training ', validation: 'validation ', test: 'test ', all: '' } as const

const short = (value: number): string => value.toFixed(4)

/** `calibration error` of `calibrationError`. */
const spaced = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

/** An evaluation for people; the last line is the accuracy. */
export function evaluationLines(evaluation: RunEvaluation): readonly string[] {
  const { samples, split, dataset, confusion, classes, loss, top1, top5, metrics = {} } = evaluation
  const words = wordsOf[split]
  return [
    `${samples} ${words}images of ${printable(dataset.name)}; rows are true classes, columns predicted ones`,
    ...table([['', ...classes], ...confusion.map((counts, index) => [classes[index] ?? '', ...counts.map(String)])]),
    ...table(byClassRows(evaluation)),
    `loss ${short(loss)}`,
    ...Object.entries(metrics).flatMap(([name, value]) =>
      typeof value === 'number' ? [`${printable(spaced(name))} ${short(value)}`] : [],
    ),
    ...(tellsTop5(classes.length) ? [`top-5 accuracy ${percent(top5)}`] : []),
    `${words}accuracy ${percent(top1)}`,
  ]
}

/** Each class with its scores, and with metrics that have a value for each. */
function byClassRows({ byClass, classes, metrics = {} }: RunEvaluation): readonly (readonly string[])[] {
  const more = Object.entries(metrics).flatMap(([name, value]) => (typeof value === 'number' ? [] : [{ name, value }]))
  return [
    ['', 'images', 'precision', 'recall', 'F1', ...more.map(({ name }) => name)],
    ...byClass.map(({ samples, precision, recall, f1 }, index) => [
      classes[index] ?? '',
      `${samples}`,
      ...[precision, recall, f1, ...more.map(({ value }) => value[index] ?? Number.NaN)].map(short),
    ]),
  ]
}

/** Rows whose columns are all as wide as the widest cell. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const cells = rows.map((row) => row.map((each) => printable(each, widestClass)))
  const width = cells.flat().reduce((most, { length }) => Math.max(most, length), 0) + 1
  return cells.map((row) => row.map((each) => each.padStart(width)).join(''))
}

/** An evaluation for programs. */
export function evaluationJson(evaluation: RunEvaluation): object {
  const { samples, split, dataset, classes, loss, top1, top5, metrics, byClass, confusion, mistakes } = evaluation
  return {
    data: dataset.name,
    split,
    samples,
    loss,
    top1,
    ...(tellsTop5(classes.length) ? { top5 } : {}),
    metrics: metrics ?? {},
    classes,
    byClass: byClass.map((scores, index) => ({ class: classes[index] ?? String(index), ...scores })),
    confusion,
    ...(mistakes === undefined ? {} : { mistakes }),
  }
}

/**
 * An evaluation for spreadsheets, as RFC 4180 has it, a value a line: its measure, the class that it is of, and in the confusion matrix the
 * class that those images were taken for.
 */
export function evaluationTable(evaluation: RunEvaluation): readonly (readonly string[])[] {
  const { samples, classes, loss, top1, top5, metrics = {}, byClass, confusion } = evaluation
  const whole = { samples, loss, top1, ...(tellsTop5(classes.length) ? { top5 } : {}) }
  const ofClasses = (name: string, values: readonly number[]): readonly (readonly string[])[] =>
    values.map((value, index) => [name, classes[index] ?? '', '', String(value)])
  return [
    ['measure', 'class', 'predicted', 'value'],
    ...Object.entries(whole).map(([name, value]) => [name, '', '', String(value)]),
    ...Object.entries(metrics).flatMap(([name, value]) =>
      typeof value === 'number' ? [[name, '', '', String(value)]] : ofClasses(name, value),
    ),
    ...(['samples', 'precision', 'recall', 'f1'] as const).flatMap((name) =>
      ofClasses(
        name,
        byClass.map((scores) => scores[name]),
      ),
    ),
    ...confusion.flatMap((row, truth) =>
      row.map((count, predicted) => ['confusion', classes[truth] ?? '', classes[predicted] ?? '', String(count)]),
    ),
  ]
}
