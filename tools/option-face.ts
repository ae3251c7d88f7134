import { describe, expect, it } from 'vitest'

/** The functions of one entry of a package: exported ones, and the methods of exported classes as `Class.method`. */
export interface OptionFace {
  readonly exports: Readonly<Record<string, unknown>>
  /** Each function that takes an object of options, called rightly but for what it is handed here, which goes among its options. */
  readonly cases: Readonly<Record<string, (unknown: object) => unknown>>
  /** The others, by the reason why they have no options. */
  readonly without: Readonly<Record<string, readonly string[]>>
}

const unknown = { unknwon: 1 }

/**
 * Walks an entry's functions: each that takes options refuses one that nobody knows, and names it. A function that is neither among the
 * cases nor among those without fails, so whoever adds one says which it is.
 */
export function describeOptions(entry: string, { exports, cases, without }: OptionFace): void {
  describe(`options of ${entry}`, () => {
    it('are asked for of every function that takes some', () => {
      const functions = functionsOf(exports)
      const listed = [...Object.keys(cases), ...Object.values(without).flat()]
      expect(
        functions.filter((name) => !listed.includes(name)),
        'in neither list',
      ).toEqual([])
      expect(
        listed.filter((name) => !functions.includes(name)),
        'not exported',
      ).toEqual([])
      expect(
        listed.filter((name, index) => listed.indexOf(name) !== index),
        'in both lists',
      ).toEqual([])
    })

    it.each(Object.entries(cases))('that are unknown are refused by %s', async (_, call) => {
      const thrown: unknown = await Promise.resolve()
        .then(() => call(unknown))
        .then(
          () => 'nothing was refused',
          (error: unknown) => error,
        )
      expect(thrown).toMatchObject({
        name: 'ConvzooError',
        kind: 'option',
        message: expect.stringContaining('has no option "unknwon"'),
      })
    })
  })
}

function functionsOf(exports: OptionFace['exports']): readonly string[] {
  return Object.entries(exports).flatMap(([name, value]) => {
    if (typeof value !== 'function') return []
    if (!/^class\b/.test(Function.prototype.toString.call(value))) return [name]
    const prototype: unknown = value.prototype
    return [name, ...[...methodsOf(value), ...methodsOf(prototype)].map((method) => `${name}.${method}`)]
  })
}

/** Where what the language itself gives begins. */
const ofTheLanguage: ReadonlySet<unknown> = new Set([
  null,
  Object.prototype,
  Function.prototype,
  Error,
  Error.prototype,
])

/** Names of its functions, inherited ones, too; what is read as a property and what has a symbol for a name are left out. */
function methodsOf(owner: unknown): readonly string[] {
  if (ofTheLanguage.has(owner)) return []
  const own = Object.entries(Object.getOwnPropertyDescriptors(owner)).flatMap(([name, { value }]) =>
    typeof value === 'function' && name !== 'constructor' ? [name] : [],
  )
  return [...new Set([...own, ...methodsOf(Object.getPrototypeOf(owner))])]
}
