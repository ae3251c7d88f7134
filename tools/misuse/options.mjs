// Every option of every function that takes some, as the packages' own tests list them: a value is either what the error for another
// says is expected, or refused by the option's name. A function tells its options itself, when it is given one that nobody knows.

import { isExpected } from './expected.mjs'
import { faces } from './faces.mjs'
import { allRight, faultOf, holds, outcomeOf, requireOurs } from './judge.mjs'
import { ConvzooError, describeValue } from './library.mjs'
import { oddValues, own } from './odd-values.mjs'
import { captured } from './spies.mjs'
import { unanswered } from './taken.mjs'

export const kind = 'options'

const misspelt = { unknwon: 1 }

/** Values that are right, and take as long as they say. */
const endless = { 'Trainer.fit': { epochs: '1e9' } }

/** Options whose values are checked elsewhere: by whoever asked for their names; or of a function whose call is refused in any case. */
const unchecked = { requireKnownOptions: ['known'], providerOf: ['option', 'own'] }

/** The names of a function's options, as its error says them. */
async function namesOf(call) {
  const { error, value } = await outcomeOf(() => call(misspelt))
  holds(error !== undefined, `An option that nobody knows was taken: ${describeValue(value)}`)
  requireOurs(error, { kinds: 'option', names: 'unknwon' })
  const [, names] = /one of ([\w, ]+)$/.exec(error.expected) ?? []
  holds(names !== undefined || error.expected === 'no options', `It does not say its options: ${error.message}`)
  return names === undefined ? [] : names.split(', ')
}

/** What is wrong with the outcome of an option of a value; undefined if nothing is. */
function wrongOf(outcome, name, given, expected) {
  if (!('error' in outcome)) {
    if (given === undefined || isExpected(given, expected)) return undefined
    return `taken, where ${expected} is expected`
  }
  const { error } = outcome
  const isSilent =
    ConvzooError.isInstance(error) && error.kind === 'option' && !new RegExp(name, 'i').test(error.message)
  return faultOf(outcome, own) ?? (isSilent ? `it does not say ${name}: ${error.message}` : undefined)
}

const all = []
for (const { entry, of, isEntry, cases: calls } of faces) {
  for (const [name, call] of Object.entries(calls)) {
    const full = isEntry ? `${of(name)}: ${name}` : `${of(name)}: ${name} of ${entry}`
    all.push({ name: `${full}, an option that nobody knows`, run: () => namesOf(call) })
    if (unanswered.includes(name)) continue
    const names = await namesOf(call).catch(() => [])
    for (const option of names) {
      if (unchecked[name]?.includes(option)) continue
      all.push({
        name: `${full}, "${option}"`,
        async run() {
          // What is no value for any option tells what is expected.
          const { error: told } = await outcomeOf(() => call({ [option]: Symbol('none') }))
          holds(told !== undefined, 'Any value is taken, a symbol too.')
          const faults = []
          for (const [what, value] of Object.entries(oddValues())) {
            if (endless[name]?.[option] === what) continue
            const outcome = await outcomeOf(() => call({ [option]: value }), `${option}: ${what}`)
            faults.push([what, wrongOf(outcome, option, value, told.expected)])
          }
          allRight(faults)
        },
      })
    }
    if (isEntry && unchecked[name] === undefined)
      all.push({ name: `${full}, of a class`, run: () => ofClass(name, call) })
  }
}

/** Options that a class has getters for are those of a plain object; one that cannot be used is refused by its name. */
async function ofClass(name, call) {
  const marked = { marked: 1 }
  const { given } = await captured(name, () => call(marked))
  const place = given.findIndex((each) => typeof each === 'object' && each !== null && 'marked' in each)
  holds(place >= 0, 'Its options are handed over to nobody.')
  const { marked: _, ...options } = given[place]
  const instance = (values) => {
    class Given {}
    for (const [key, value] of Object.entries(values)) Object.defineProperty(Given.prototype, key, { get: () => value })
    return new Given()
  }
  const outcome = async (values) => {
    const fresh = await captured(name, () => call(marked))
    return outcomeOf(() => fresh.call(fresh.self, fresh.given.with(place, values)))
  }
  const [plain, held] = [await outcome(options), await outcome(instance(options))]
  if (plain.error !== undefined) {
    holds(
      held.error?.message === plain.error.message,
      `It says ${held.error?.message ?? 'nothing'}, not ${plain.error.message}`,
    )
    return
  }
  holds(held.error === undefined, `It was refused: ${held.error?.message}`)
  for (const option of await namesOf(call)) {
    const bad = await outcome({ ...options, [option]: Symbol('none') })
    const hidden = await outcome(instance({ ...options, [option]: Symbol('none') }))
    holds(hidden.error !== undefined, `A getter "${option}" was not read.`)
    requireOurs(hidden.error)
    holds(hidden.error.message === bad.error?.message, `"${option}": ${hidden.error.message} and ${bad.error?.message}`)
  }
}

export const cases = all
