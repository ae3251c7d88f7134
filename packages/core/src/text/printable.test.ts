import { describe, expect, it } from 'vitest'
import { ConvzooError } from '../errors/index.js'
import { printable } from './printable.js'

describe('printable', () => {
  it.each([
    ['escape sequences', 'cat\u001b[31m', 'cat\\x1b[31m'],
    ['a line that fakes a result', 'cat\ntest accuracy 100 %', 'cat\\ntest accuracy 100 %'],
    ['a return to the start of the line', 'cat\rdog', 'cat\\rdog'],
    ['a bell, a backspace and a delete', '\u0007\b\u007f', '\\x07\\x08\\x7f'],
    ['C1 controls, of which one begins escape sequences', '\u009b2J', '\\x9b2J'],
    ['bidirectional overrides and isolates', 'a\u202egpj.\u2066b', 'a\\u202egpj.\\u2066b'],
    ['invisible characters', 'c\u200bat\ufeff', 'c\\u200bat\\ufeff'],
    ['separators of lines and paragraphs', 'a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
    ['tags beyond the basic plane', 'a\u{e0041}', 'a\\u{e0041}'],
    ['halves of pairs', 'a\ud83d', 'a\\ud83d'],
  ])('escapes %s', (_, text, expected) => {
    expect(printable(text)).toBe(expected)
  })

  it.each(['Größe', '猫', 'می‌خواهم', 'क्‍ष', '👩‍🔬', 'C:\\new\\table', 'a b'])('leaves %s as it is', (text) => {
    expect(printable(text)).toBe(text)
  })

  it('cuts what is long, never a pair in two, and changes nothing when it is printed again', () => {
    expect(printable('x'.repeat(10_000_000))).toBe(`${'x'.repeat(199)}…`)
    expect(printable('\n'.repeat(150))).toHaveLength(200)
    const pairs = printable('😀'.repeat(200), 10)
    expect(pairs).toBe('😀😀😀😀…')
    expect(printable(pairs, 10)).toBe(pairs)
  })
})

describe('a ConvzooError', () => {
  it('holds nothing that a terminal would obey, in any of its lines', () => {
    const error = new ConvzooError({
      kind: 'data',
      message: 'The class \u001b[2J is unknown.',
      expected: 'cat\ntest accuracy 100 %',
      received: '\u202edog',
      hint: 'x'.repeat(1e6),
    })
    expect(error.message.split('\n')).toHaveLength(4)
    expect(error.message).toContain('The class \\x1b[2J is unknown.')
    expect(error.message).toContain('cat\\ntest accuracy')
    expect(error.message).toContain('\\u202edog')
    expect(error.message.length).toBeLessThan(5000)
    expect(new ConvzooError(error.toFields()).message).toBe(error.message)
  })
})
