import { printable } from '@convzoo/core/define'
import type { InspectReport, SplitReport } from '@convzoo/data/inspect'
import { cell } from './output.js'

/** Named on the screen; the others are counted. */
const mostNamed = 20

/** What a source holds, for people. */
export function inspectLines(report: InspectReport): readonly string[] {
  const { train, validation, test, notes, duplicatesAcross, duplicatesWithin, mean, standardDeviation } = report
  return [
    ...splitLines('to train on', train),
    ...(validation === undefined ? [] : splitLines('to validate on', validation)),
    ...(test === undefined ? [] : splitLines('to test on', test)),
    ...notes,
    ...groupLines('the same file in several splits', duplicatesAcross),
    ...groupLines('the same file twice in a split', duplicatesWithin),
    `mean ${mean.map((value) => value.toFixed(4)).join(', ')}`,
    `deviation ${standardDeviation.map((value) => value.toFixed(4)).join(', ')}`,
  ]
}

function splitLines(
  purpose: string,
  { name, images, perClass, width, height, bad, foreign }: SplitReport,
): readonly string[] {
  const classes = Object.entries(perClass).map(([label, count]) => [cell(label), count] as const)
  const longest = Math.max(0, ...classes.map(([label]) => label.length))
  return [
    `${printable(name)}: ${images} images ${purpose}, ${classes.length} classes`,
    ...classes.map(([label, count]) => `  ${label.padEnd(longest)} ${count}`),
    `  width ${width.least} to ${width.most}, median ${width.median}; height ${height.least} to ${height.most}, median ${height.median}`,
    ...(bad.length === 0 ? [] : [`  ${bad.length} that cannot be used:`]),
    ...cut(bad.map(({ name: file, reason }) => `    ${printable(file)}: ${printable(reason)}`)),
    ...(foreign.length === 0 ? [] : [`  ${foreign.length} that are no pictures, left out:`]),
    ...cut(foreign.map(({ name: file, reason }) => `    ${printable(file)}: ${printable(reason)}`)),
  ]
}

function groupLines(what: string, groups: readonly (readonly string[])[]): readonly string[] {
  if (groups.length === 0) return []
  return [
    `${groups.length} times ${what}:`,
    ...cut(groups.map((group) => `  ${group.map((file) => printable(file)).join(', ')}`)),
  ]
}

function cut(lines: readonly string[]): readonly string[] {
  if (lines.length <= mostNamed) return lines
  return [...lines.slice(0, mostNamed), `    and ${lines.length - mostNamed} more (--json names all)`]
}
