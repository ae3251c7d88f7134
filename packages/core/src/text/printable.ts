/**
 * What is no picture of a letter: control characters (Cc), invisible format characters (Cf: bidirectional marks and overrides, zero width
 * spaces, byte order marks), separators of lines and paragraphs (Zl, Zp), halves of surrogate pairs (Cs). Unicode Standard, §4.5.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Joiners, which scripts such as Devanagari and Persian and many emoji are written with. */
const joiners = new Set(['\u200c', '\u200d'])

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * Text from outside (the name of a file, a class, a member of an archive, a tensor, a package) as it may be shown: on one line, at most
 * `most` UTF-16 units long, every character that would move the cursor, change colours or turn the direction of reading written as an
 * escape. What is printable already comes back as it is.
 *
 * @example
 * printable('cat\u001b[2J\ntest accuracy 100 %') // 'cat\\x1b[2J\\ntest accuracy 100 %'
 */
export function printable(given: string, most = 200): string {
  // What shows things to a person never fails itself, whatever JavaScript hands it.
  const text = typeof given === 'string' ? given : wordFor(given)
  // Cut first: what is never shown need not be gone through.
  const start = text.length > most ? text.slice(0, most) : text
  const escaped = start.replace(unprintable, (character) => (joiners.has(character) ? character : escapeOf(character)))
  return text.length > most || escaped.length > most ? shortened(escaped, most) : escaped
}

function wordFor(given: unknown): string {
  const isObject = (typeof given === 'object' && given !== null) || typeof given === 'function'
  return isObject ? Object.prototype.toString.call(given) : String(given)
}

function shortened(text: string, most: number): string {
  const kept = text.slice(0, Math.max(most - 1, 0))
  // No pair is cut in two, or it would be escaped when it is printed again.
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`
}

function escapeOf(character: string): string {
  const name = named[character]
  if (name !== undefined) return name
  const code = character.codePointAt(0) ?? 0
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`
}
