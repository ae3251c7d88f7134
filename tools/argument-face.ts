import { describe, expect, it } from 'vitest'

/** One entry of a package, or an object that it gives: functions, and how they are called rightly. */
export interface ArgumentFace {
  readonly exports: Readonly<Record<string, unknown>>
  /** Makes the functions anew for each test, where a call of one of them ends the others. */
  readonly anew?: () => Promise<Readonly<Record<string, unknown>>>
  /** Right arguments of each function, and of each class for `new`; a function where a call uses them up. */
  readonly calls: Readonly<Record<string, readonly unknown[] | (() => readonly unknown[])>>
  /** Functions that may be called without arguments. */
  readonly optional?: readonly string[]
  /** Functions that take anything at all. */
  readonly anything?: readonly string[]
  /**
   * What is right although it looks wrong: by function, the places (an argument by its number, an option of it behind a dot) with the
   * names of what they take, or `anything`. What has the type of the right value need not be said, nor that an option may be left out.
   */
  readonly accepts?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Functions whose right call is refused in words, for the file or folder that it names is not there. */
  readonly absent?: readonly string[]
  /** Objects that a library's function made: they are replaced as a whole, for nobody writes their parts. */
  readonly made?: readonly object[]
  /** Functions that are not called here, by the reason. */
  readonly without?: Readonly<Record<string, readonly string[]>>
}

/** What a JavaScript user passes by a slip, by name. */
const wrongs: Readonly<Record<string, unknown>> = {
  nothing: undefined,
  null: null,
  NaN: Number.NaN,
  negative: -1,
  fraction: 1.5,
  huge: 1e15,
  text: 'unknwon',
  list: ['unknwon'],
  object: { unknwon: 1 },
  function: function unknwon() {},
  instance: new AbortController(),
  bigint: 10n,
  symbol: Symbol('unknwon'),
  bare: Object.create(null),
  promise: Promise.resolve({}),
  class: class Unknwon {},
}

type Outcome = 'accepted' | 'refused' | `raw ${string}`

/**
 * Walks an entry's functions and calls each wrongly: without arguments, and with each argument and each option of an argument replaced
 * by each of the wrong values. Whatever it throws or rejects with says what is wrong, as a ConvzooError; what it takes is listed. A
 * function without a right call fails, so whoever adds one gives it.
 */
export function describeArguments(entry: string, face: ArgumentFace): void {
  const {
    exports,
    anew = async () => exports,
    calls,
    optional = [],
    anything = [],
    accepts = {},
    absent = [],
    made = [],
    without = {},
  } = face
  describe(`arguments of ${entry}`, () => {
    const functions = Object.keys(exports).filter((name) => typeof exports[name] === 'function')

    it('are known for every function', () => {
      const listed = [...Object.keys(calls), ...Object.values(without).flat()]
      expect(listed.toSorted()).toEqual(functions.toSorted())
      const excused = [...Object.keys(accepts), ...optional, ...anything]
      expect(excused.filter((name) => !(name in calls))).toEqual([])
    })

    it.each(Object.keys(calls))('that are wrong are refused in words by %s', { timeout: 60_000 }, async (name) => {
      const { [name]: right = [] } = calls
      const { [name]: callee } = await anew()
      const argumentsOf = (): readonly unknown[] => (typeof right === 'function' ? right() : right)
      const call = (given: readonly unknown[]): Promise<Outcome> => outcomeOf(callee, given)
      const rightly = await call(argumentsOf())
      expect(rightly, 'the right call').toBe(absent.includes(name) ? 'refused' : 'accepted')

      const raw: string[] = []
      const accepted: Record<string, string> = {}
      const bare = argumentsOf().length === 0 ? rightly : await call([])
      if (bare.startsWith('raw')) raw.push(`no arguments: ${bare}`)
      if (bare === 'accepted') accepted.none = 'accepted'
      for (const { name: place, value, replaced } of placesOf(argumentsOf(), made)) {
        const taken: string[] = []
        for (const [what, wrong] of Object.entries(wrongs)) {
          const outcome = await call(replaced(argumentsOf(), wrong))
          if (outcome.startsWith('raw')) raw.push(`${place} ${what}: ${outcome}`)
          if (outcome === 'accepted') taken.push(what)
        }
        const all = taken.length === Object.keys(wrongs).length
        const told = taken.filter((what) => all || !goesWithoutSaying(what, value, place.includes('.')))
        if (told.length > 0) accepted[place] = all ? 'anything' : told.join(', ')
      }
      expect(raw).toEqual([])
      expect(accepted).toEqual({
        ...(optional.includes(name) ? { none: 'accepted' } : {}),
        ...(optional.includes(name) && argumentsOf().length > 0 ? { 0: 'nothing' } : {}),
        ...(anything.includes(name) ? { none: 'accepted', 0: 'anything' } : {}),
        ...accepts[name],
      })
    })
  })
}

/** An option that is left out, an object that holds nothing, and a value of the right one's type: whether each is in range is for the tests beside the code. */
function goesWithoutSaying(what: string, right: unknown, isOption: boolean): boolean {
  if (what === 'nothing') return isOption
  if (what === 'fraction' || what === 'huge') return typeof right === 'number'
  if (what === 'function' || what === 'class') return typeof right === 'function'
  if (what === 'bare') return typeof right === 'object' && !Array.isArray(right)
  return what === 'text' && typeof right === 'string'
}

/** The functions of an object, bound to it: what a walk of its methods takes. */
export function methodsOf(owner: object): Readonly<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  for (let level: unknown = owner; level !== null && level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    for (const name of Object.getOwnPropertyNames(level)) {
      const value: unknown = Reflect.get(owner, name)
      if (typeof value === 'function' && name !== 'constructor' && !Object.hasOwn(found, name)) {
        found[name] = value.bind(owner)
      }
    }
  }
  return found
}

interface Place {
  readonly name: string
  /** The right one. */
  readonly value: unknown
  replaced(given: readonly unknown[], value: unknown): readonly unknown[]
}

/** Where a wrong value can stand: each argument, and each option of those that are plain objects. */
function placesOf(given: readonly unknown[], made: readonly object[]): readonly Place[] {
  return given.flatMap((argument, index): Place[] => {
    const options = isPlain(argument) && !made.includes(argument) ? Object.keys(argument) : []
    return [
      { name: String(index), value: argument, replaced: (all, value) => all.with(index, value) },
      ...options.map((option) => ({
        name: `${index}.${option}`,
        value: Reflect.get(asObject(argument), option),
        replaced: (all: readonly unknown[], value: unknown) =>
          all.with(index, { ...asObject(all[index]), [option]: value }),
      })),
    ]
  })
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

const asObject = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {})

/** Longer than anything that is refused takes. */
const patience = 10_000

async function outcomeOf(callee: unknown, given: readonly unknown[]): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve('raw hang'), patience)
  })
  try {
    return await Promise.race([late, settled(callee, given)])
  } finally {
    clearTimeout(timer)
  }
}

async function settled(callee: unknown, given: readonly unknown[]): Promise<Outcome> {
  if (typeof callee !== 'function') return 'raw no function'
  try {
    const result: unknown = await (isClass(callee)
      ? Reflect.construct(callee, given)
      : Reflect.apply(callee, undefined, given))
    // What a generator refuses it refuses when it is first read.
    if (isGenerator(result)) await result.next()
    return 'accepted'
  } catch (error) {
    const { name, kind, message } = Object(error)
    return name === 'ConvzooError' && kind !== 'internal'
      ? 'refused'
      : `raw ${name}: ${String(message).split('\n', 1)[0]}`
  }
}

const isGenerator = (value: unknown): value is { next(): unknown } =>
  typeof value === 'object' &&
  value !== null &&
  (Symbol.iterator in value || Symbol.asyncIterator in value) &&
  'next' in value &&
  typeof value.next === 'function'

const isClass = (callee: object): boolean => /^class\b/.test(Function.prototype.toString.call(callee))
