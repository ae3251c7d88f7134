import { printable } from '@convzoo/core/define'

/**
 * Rows of a table as RFC 4180 has it. Cells are whole; what is no picture of a letter in them is written as an escape, so that a row is a
 * line.
 */
export function csvRows(rows: readonly (readonly string[])[]): readonly string[] {
  const whole = (text: string): string => printable(text, Number.POSITIVE_INFINITY)
  const quoted = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  return rows.map((row) => row.map(whole).map(quoted).join(','))
}
