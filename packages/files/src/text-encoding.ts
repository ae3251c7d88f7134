import { ConvzooError } from '@convzoo/core'

/**
 * How a text is encoded that is not UTF-8, told by its first four bytes: a byte order mark, or characters of ASCII with zeros between.
 * Windows' PowerShell writes UTF-16 where nothing else is said.
 */
function wideEncodingOf(start: Uint8Array): 'UTF-16' | 'UTF-32' | undefined {
  const [a, b, c, d] = start
  if (a === undefined || b === undefined) return undefined
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff))
    return 'UTF-32'
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return 'UTF-16'
  if (c === undefined || d === undefined) return undefined
  if ((a !== 0 && b === 0 && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0 && d !== 0)) return 'UTF-32'
  return (a !== 0 && b === 0 && c !== 0 && d === 0) || (a === 0 && b !== 0 && c === 0 && d !== 0) ? 'UTF-16' : undefined
}

/** @throws ConvzooError of kind `file` that says how to convert it, if a text that starts so is not UTF-8. */
export function requireUtf8(path: string, start: Uint8Array, expected: string): void {
  const encoding = wideEncodingOf(start)
  if (encoding === undefined) return
  throw new ConvzooError({
    kind: 'file',
    message: `${path} cannot be read: it is a text in ${encoding}.`,
    expected: `${expected}, in UTF-8`,
    received: encoding,
    hint: 'save it as UTF-8 in an editor; in PowerShell: Get-Content old.jsonl | Set-Content new.jsonl -Encoding utf8',
  })
}
