/** Lists and objects within each other. What a person or a program writes is nowhere near; JSON.parse takes gigabytes for more. */
export const deepestJson = 64

/** How deep lists and objects lie within each other in a JSON text, up to the first place that is too deep. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let inText = false
  for (let at = 0; at < text.length && deepest <= deepestJson; at++) {
    const code = text.charCodeAt(at)
    if (inText) {
      if (code === 0x5c) at++
      else if (code === 0x22) inText = false
    } else if (code === 0x22) inText = true
    else if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, ++depth)
    else if (code === 0x5d || code === 0x7d) depth--
  }
  return deepest
}

/**
 * Parses a JSON text that comes from outside: one that is nested deeper than {@link deepestJson} is refused before it is parsed.
 *
 * @throws Error that says why in a few words, for whoever knows what the text is part of.
 */
export function parseJson(text: string): unknown {
  if (depthOf(text) > deepestJson) throw new Error(`JSON nested more than ${deepestJson} deep`)
  try {
    return JSON.parse(text)
  } catch {
    // V8 quotes the text around the place, which says less than it fills the screen.
    throw new Error('not JSON')
  }
}

/** An object of JSON, by its own names. A name such as `__proto__` is a name like any other. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Whether a value is an object of JSON, and no list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text without the byte order mark that editors on Windows put first. */
export const withoutMark = (text: string): string => (text.startsWith('\ufeff') ? text.slice(1) : text)
