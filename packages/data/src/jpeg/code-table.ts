import type { CodeTable } from './frame.js'
import { codeTable, endOfBlock, lookupBits, meaning, noCode } from './memory.js'

const words = codeTable.bytes / 4
const longAt = codeTable.long / 4
const boundsAt = codeTable.bounds / 4
const invalid = (noCode << meaning.advance) | 1

/** What a table is for: first coefficients, others, or others of a progressive file. */
export type CodeKind = 'first' | 'others' | 'progressive'

/** Bits of values that a table's symbols may stand before. */
const mostBits = { first: 11, others: 10, progressive: 10 } as const

/**
 * A table of codes as the decoder reads it: for each ten bits what they begin with means, and with its value where that lies in them;
 * 0 for longer codes. Those are found by bounds, sixteen bits of which a code of a length is below, and what they mean stands at the end.
 * False where codes are more than their bits can tell apart.
 */
export function writeCodes({ counts, symbols }: CodeTable, kind: CodeKind, to: Int32Array): boolean {
  to.fill(0, 0, words)
  let code = 0
  let place = 0
  let isFull = false
  for (let length = 1; length <= 16; length++, code <<= 1) {
    const count = counts[length - 1] ?? 0
    if (length > lookupBits) {
      const bound = boundsAt + (length - lookupBits - 1) * (codeTable.boundBytes / 4)
      to[bound] = (code + count) << (16 - length)
      to[bound + 1] = 16 - length
      to[bound + 2] = codeTable.long + 4 * (place - code)
    }
    for (let each = 0; each < count; each++, code++, place++) {
      const meant = meantBy(symbols[place] ?? 0, length, kind)
      to[longAt + place] = meant
      if (length <= lookupBits) writeShort(code, length, meant, to)
    }
    isFull ||= code > 1 << length
  }
  const last = boundsAt + 6 * (codeTable.boundBytes / 4)
  to[last] = 1 << 16
  to[last + 1] = 16
  to[last + 2] = codeTable.long + 4 * place
  to[longAt + place] = invalid
  return !isFull
}

function meantBy(symbol: number, length: number, kind: CodeKind): number {
  const size = kind === 'first' ? symbol : symbol & 15
  if (size > mostBits[kind]) return (noCode << meaning.advance) | length
  const run = symbol >> 4
  // The end of so many blocks follows, which no sign is taken of.
  if (kind === 'progressive' && size === 0 && run < 15)
    return (run << meaning.size) | (endOfBlock << meaning.advance) | (length + run)
  const advance = kind === 'first' ? 0 : size > 0 || run === 15 ? run + 1 : endOfBlock
  return (size << meaning.size) | (advance << meaning.advance) | (length + size)
}

/** All of what is looked up that begins with a code. */
function writeShort(code: number, length: number, meant: number, to: Int32Array): void {
  const size = (meant >> meaning.size) & 15
  const rest = lookupBits - length
  const from = code << rest
  const end = from + (1 << rest)
  const isEnd = ((meant >> meaning.advance) & 127) === endOfBlock
  if (size === 0 || size > rest || isEnd) {
    to.fill(meant, from, end)
    return
  }
  const bare = meant & ((1 << meaning.size) - 1)
  const more = rest - size
  for (let bits = 0; bits < 1 << size; bits++) {
    const value = bits >> (size - 1) === 0 ? bits - (1 << size) + 1 : bits
    const at = from + (bits << more)
    to.fill(bare | (value << meaning.value), at, at + (1 << more))
  }
}
