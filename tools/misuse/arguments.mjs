// Every function and class that a package exports, found by walking its entries: called with nothing, with odd values in the place of all
// its arguments, and, where the packages' own tests say how it is called rightly, of each. What may be taken stands in `taken.mjs`; who
// exports something new and checks nothing of what it is given is told so.
import { faces } from './faces.mjs'
import { allRight, faultOf, holds, outcomeOf } from './judge.mjs'
import { describeValue, entries, load } from './library.mjs'
import { oddValues, own } from './odd-values.mjs'
import { receiverOf } from './receivers.mjs'
import { captured, ofTheLanguage } from './spies.mjs'
import { emptyOptions, isLeftOut, isTaken, unanswered } from './taken.mjs'

export const kind = 'arguments'

const isClass = (value) => /^class\b/.test(Function.prototype.toString.call(value))

/** Names of its functions, inherited ones, too. */
function methodsOf(owner) {
  if (ofTheLanguage.has(owner)) return []
  const own = Object.entries(Object.getOwnPropertyDescriptors(owner)).flatMap(([name, { value }]) =>
    typeof value === 'function' && name !== 'constructor' ? [name] : [],
  )
  return [...new Set([...own, ...methodsOf(Object.getPrototypeOf(owner))])]
}

/** Each function of an entry: its name, how many arguments it has, and a call of it. */
function functionsOf(exported) {
  return Object.entries(exported).flatMap(([name, value]) => {
    if (typeof value !== 'function') return []
    if (!isClass(value)) return [{ name, count: value.length, call: (given) => value(...given) }]
    return [
      { name, count: value.length, call: (given) => new value(...given) },
      ...methodsOf(value).map((method) => ({
        name: `${name}.${method}`,
        count: value[method].length,
        call: (given) => value[method](...given),
      })),
      ...methodsOf(value.prototype).map((method) => ({
        name: `${name}.${method}`,
        count: value.prototype[method].length,
        call: async (given, place) => (await receiverOf(name, place))[method](...given),
      })),
    ]
  })
}

/** Also what is given one by one: a generator's first value. */
async function ended(value) {
  if (!/Generator/.test(value?.[Symbol.toStringTag])) return value
  for await (const each of value) return each
}

/** What is wrong with a call; undefined if nothing is. `isRight` says that a value may be taken. */
async function faultOfCall(name, what, work, isRight) {
  const outcome = await outcomeOf(async () => ended(await work()), what)
  if (isLeftOut(name)) return undefined
  if ('error' in outcome) return faultOf(outcome, own)
  return isRight ? undefined : `taken, and it gave ${describeValue(outcome.value).slice(0, 80)}`
}

/** @throws unless each of the odd values is refused, or rightly taken. */
async function oddlyCalled(name, call, isRight) {
  const faults = []
  for (const [what, value] of Object.entries(oddValues())) {
    faults.push([what, await faultOfCall(name, what, () => call(value), isRight(what))])
  }
  allRight(faults)
}

/** How the faces call their functions rightly: the arguments, and the place of the options among them. */
const rightly = new Map()
for (const { of, isEntry, cases: calls } of faces) {
  if (!isEntry) continue
  for (const [name, call] of Object.entries(calls)) {
    if (unanswered.includes(name)) continue
    const { given } = await captured(name, () => call({ marked: 1 }))
    const options = given.findIndex((each) => typeof each === 'object' && each !== null && 'marked' in each)
    rightly.set(`${of(name)}: ${name}`, { count: given.length, options, call: () => captured(name, () => call({})) })
  }
}

const everywhere = []
for (const { entry } of entries) {
  const of = entry.replace('@convzoo/', '')
  for (const { name, count, call } of functionsOf(await load(entry))) {
    const full = `${of}: ${name}`
    const right = rightly.get(full)
    const isRight = (what) => isTaken(full, what) || (right?.count === 1 && emptyOptions.includes(what))
    everywhere.push({
      name: `${full} of nothing`,
      run: async (place) =>
        allRight([['nothing', await faultOfCall(full, 'nothing', () => call([], place), isRight('nothing'))]]),
    })
    // Of those that take one argument more is tried below.
    if (count === 0 && right === undefined) continue
    everywhere.push({
      name: `${full} of odd values`,
      run: (place) =>
        oddlyCalled(
          full,
          (value) =>
            call(
              Array.from({ length: Math.max(count, 1) }, () => value),
              place,
            ),
          isRight,
        ),
    })
  }
}

const singly = [...rightly].flatMap(([name, { count, options, call }]) =>
  Array.from({ length: count > 1 ? count : 0 }, (_, place) => ({
    name: `${name}, argument ${place + 1}`,
    run: () =>
      oddlyCalled(
        name,
        async (value) => {
          const right = await call()
          return right.call(right.self, right.given.with(place, value))
        },
        (what) => (place === options && emptyOptions.includes(what)) || isTaken(`${name}, argument ${place + 1}`, what),
      ),
  })),
)

/** Layers, called with what is no tensor. */
const layers = [...rightly].flatMap(([name, { call }]) => ({
  name: `${name}, what it gives, called with odd values`,
  async run() {
    const right = await call()
    const { value: given } = await outcomeOf(() => right.call(right.self, right.given))
    if (typeof given !== 'function') return
    // What defineLayer and its like give makes layers, optimizers or engines, all of whose options may be left out here.
    const isRight = (what) => /^(core|trainer)(\/\w+)?: define[A-Z]/.test(name) && emptyOptions.includes(what)
    await oddlyCalled(name, (value) => given(value), isRight)
  },
}))

/** What is imported for its effect alone has nothing to export. What else exports nothing is seen, too: an entry that cannot be loaded would make the walk empty. */
const forTheirEffect = ['@convzoo/engine-tfjs/layers']
const walk = {
  name: 'every package: an entry that exports nothing',
  async run() {
    for (const { entry } of entries) {
      const isFull = Object.keys(await load(entry)).length > 0
      holds(isFull || forTheirEffect.includes(entry), `${entry} exports nothing.`)
    }
  },
}

export const cases = [walk, ...everywhere, ...singly, ...layers]
