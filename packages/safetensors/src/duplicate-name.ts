/**
 * The first name that stands twice in one object of a JSON text, wherever that object is; undefined if none does. `JSON.parse` keeps the
 * last of them and says nothing.
 *
 * @param json A text that `JSON.parse` takes.
 */
export function duplicateName(json: string): string | undefined {
  // The names of each object that is open; none for a list.
  const open: (Set<string> | undefined)[] = []
  for (let at = 0; at < json.length; at++) {
    const character = json[at]
    if (character === '{') open.push(new Set())
    else if (character === '[') open.push(undefined)
    else if (character === '}' || character === ']') open.pop()
    else if (character === '"') {
      const start = at
      at = endOfText(json, start)
      const names = open.at(-1)
      if (names === undefined || !isBeforeColon(json, at + 1)) continue
      const written = json.slice(start + 1, at)
      // One letter can be written in several ways.
      const name = written.includes('\\') ? String(JSON.parse(`"${written}"`)) : written
      if (names.has(name)) return name
      names.add(name)
    }
  }
  return undefined
}

/** Where the text that starts at a quotation mark has its second one. */
function endOfText(json: string, start: number): number {
  let at = start + 1
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1
  return at
}

function isBeforeColon(json: string, from: number): boolean {
  let at = from
  while (json[at] === ' ' || json[at] === '\n' || json[at] === '\t' || json[at] === '\r') at++
  return json[at] === ':'
}
