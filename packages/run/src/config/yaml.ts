import type * as Yaml from 'yaml'

/** Lists and maps within each other: what a person writes is nowhere near. The parser goes down by recursion, and ends the process for more. */
const deepest = 64

/** Characters that a person writes; the `config.json` of a run, which may be longer, is JSON. */
const longest = 2 ** 20

/**
 * Parses a YAML text that comes from outside. It has no aliases: a run needs none, and without them a small text cannot become a large
 * object.
 *
 * @throws Error that says why in a few words, for whoever knows what the text is part of.
 */
export async function parseYaml(text: string): Promise<unknown> {
  if (text.length > longest) throw new Error(`more than ${longest} characters of YAML`)
  // Most commands read none.
  const yaml = await import('yaml')
  requireShallow(text, yaml)
  return yaml.parse(text, { maxAliasCount: 0, prettyErrors: true })
}

/** Goes through the text without recursion, up to the first place that is too deep. */
function requireShallow(text: string, { Lexer, Parser }: Pick<typeof Yaml, 'Lexer' | 'Parser'>): void {
  const parser = new Parser()
  for (const lexeme of new Lexer().lex(text)) {
    // Its tokens are of no use here: what it is within stands on its stack.
    Array.from(parser.next(lexeme))
    if (parser.stack.length > deepest) throw new Error(`YAML nested more than ${deepest} deep`)
  }
}
