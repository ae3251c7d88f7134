import { describe, expect, it } from 'vitest'
import { byClassName, byCodePoint } from './class-order.js'

/** Names of few letters and digits, so that most pairs share a beginning; the same each time. */
function names(count: number): readonly string[] {
  const letters = ['0', '1', '2', '9', '10', '01', 'a', 'B', 'ä', '-', ' ', '猫', '😀', '\uffee']
  let state = 1
  const draw = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  return Array.from({ length: count }, () =>
    Array.from({ length: draw(5) }, () => letters[draw(letters.length)] ?? '').join(''),
  )
}

describe('the order of classes', () => {
  const some = names(120)

  it('is total: antisymmetric, and equal only for equal names', () => {
    for (const a of some) {
      for (const b of some) {
        expect(Math.sign(byClassName(a, b)) + Math.sign(byClassName(b, a))).toBe(0)
        expect(byClassName(a, b) === 0).toBe(a === b)
      }
    }
  })

  it('is transitive', () => {
    const wrong: string[] = []
    for (const a of some) {
      for (const b of some) {
        if (byClassName(a, b) >= 0) continue
        for (const c of some) {
          if (byClassName(b, c) < 0 && byClassName(a, c) >= 0) wrong.push(JSON.stringify([a, b, c]))
        }
      }
    }
    expect(wrong).toEqual([])
  })

  it.each([
    ['digits by their value', ['0', '1', '2', '9', '10', '11', '100']],
    ['digits before letters, of which a name of both has its number first', ['1a', '2', '10', 'a']],
    ['numbers in names', ['class1', 'class2', 'class10', 'class10a', 'class10b']],
    ['numbers of equal value by their text', ['01', '1', '01a']],
    ['numbers of any length', ['9'.repeat(400), `1${'0'.repeat(400)}`]],
    ['capitals before small letters, as code points stand', ['B', 'Z', 'a', 'ä', '猫', '\uffee', '😀']],
    ['a name before what continues it', ['', 'cat', 'cat2', 'cats']],
    ['names that begin with numbers', ['2 apples', '2 pears', '10 apples']],
  ])('puts %s', (_, sorted) => {
    expect([...sorted].reverse().sort(byClassName)).toEqual(sorted)
    expect([...sorted].sort(byClassName)).toEqual(sorted)
  })

  it('compares code points, not their halves', () => {
    expect(byCodePoint('😀', '\uffee')).toBeGreaterThan(0)
    expect(byCodePoint('😀', '😁')).toBeLessThan(0)
  })
})
