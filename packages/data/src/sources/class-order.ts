/** A name as it is compared: runs of digits by their value, what stands between them by its characters. */
const piecesOf = (name: string): readonly string[] => name.match(/[0-9]+|[^0-9]+/g) ?? []

const isNumber = (piece: string): boolean => piece.charCodeAt(0) <= 0x39 && piece.charCodeAt(0) >= 0x30

/**
 * The order of classes, of every source that does not bring one of its own: piece by piece, where a run of digits counts by its value and
 * comes before letters, and letters go by their Unicode code points; names that are equal so far by their plain text. `2`, `10`, `1a`
 * stand as `1a`, `2`, `10`, and `class2` before `class10`. A total order: no order of files or lines changes which class is which output.
 */
export function byClassName(a: string, b: string): number {
  const left = piecesOf(a)
  const right = piecesOf(b)
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const order = byPiece(left[at] ?? '', right[at] ?? '')
    if (order !== 0) return order
  }
  return left.length - right.length || byCodePoint(a, b)
}

function byPiece(a: string, b: string): number {
  if (isNumber(a) !== isNumber(b)) return isNumber(a) ? -1 : 1
  if (!isNumber(a)) return byCodePoint(a, b)
  // By length first: as numbers, long runs would lose digits.
  const [left, right] = [a, b].map((digits) => digits.replace(/^0+/, '')) as [string, string]
  return left.length - right.length || byCodePoint(left, right)
}

/** UTF-16 units, which `<` compares, put what lies beyond the basic plane before U+E000. */
export function byCodePoint(a: string, b: string): number {
  let at = 0
  while (at < a.length && at < b.length && a.charCodeAt(at) === b.charCodeAt(at)) at++
  const isSecondHalf = at > 0 && /[\ud800-\udbff]/.test(a[at - 1] ?? '')
  const from = isSecondHalf ? at - 1 : at
  return (a.codePointAt(from) ?? -1) - (b.codePointAt(from) ?? -1)
}
