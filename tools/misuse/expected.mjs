// What the words of an error say is expected, as a test of a value. Words that are not here take none of the odd values.
const isNumber = (value) => typeof value === 'number'
const isWhole = (value, least) => Number.isInteger(value) && value >= least
/** No list, promise, map or date: those have no options. One whose getters throw has no names of its own. */
export function isObject(value) {
  try {
    return Object.prototype.toString.call(value) === '[object Object]'
  } catch {
    return true
  }
}
const isList = (value, is) => Array.isArray(value) && value.every(is)
/** As some of the odd arrays are. */
const isWholes = (value) =>
  (Array.isArray(value) || ArrayBuffer.isView(value)) && value.length > 0 && value.every((each) => isWhole(each, 0))

const words = [
  [/^a whole number of at least (-?\d+)$/, (value, [, least]) => isWhole(value, Number(least))],
  [/^a whole number of at least (\d+)$/, (value, [, least]) => isWhole(value, Number(least))],
  [/^a whole number of at least (\d+), two of them/, (value, [, least]) => isWhole(value, Number(least))],
  [
    /^a whole number from (\d+) to (\d+)$/,
    (value, [, least, most]) => isWhole(value, Number(least)) && value <= Number(most),
  ],
  [/^a whole number$/, (value) => Number.isInteger(value)],
  [/^true or false$/, (value) => typeof value === 'boolean'],
  [/^a text$/, (value) => typeof value === 'string'],
  [/^a Map/, (value) => value instanceof Map],
  // Another program of this process may have given it.
  [/\ba name that registerActivation was given$/, (value) => value === 'odd'],
  [/^a (?:text|path) that is not empty$/, (value) => typeof value === 'string' && value !== ''],
  [
    /^a number of at least (\S+) and less than (\S+)$/,
    (value, [, least, below]) => isNumber(value) && value >= Number(least) && value < Number(below),
  ],
  [
    /^a number from (\S+) to (\S+)$/,
    (value, [, least, most]) => isNumber(value) && value >= Number(least) && value <= Number(most),
  ],
  [/^a finite number$/, (value) => Number.isFinite(value)],
  [/^a finite number of at least (\S+)$/, (value, [, least]) => Number.isFinite(value) && value >= Number(least)],
  [/^a number of at least (\S+)$/, (value, [, least]) => isNumber(value) && value >= Number(least)],
  [/^a number above (\S+)$/, (value, [, bound]) => isNumber(value) && value > Number(bound)],
  [/^a finite number above (\S+)$/, (value, [, bound]) => Number.isFinite(value) && value > Number(bound)],
  [/^a function/, (value) => typeof value === 'function'],
  [/^one of "/, (value, { input }) => typeof value === 'string' && input.includes(JSON.stringify(value))],
  [
    /^an object|^bounds on gradients|^lists of names under/,
    (value) => isObject(value) && Object.keys(value).length === 0,
  ],
  // Whatever classes are called, until data says it.
  [
    /^numbers of at least 0 by the names of classes/,
    (value) =>
      isObject(value) &&
      Object.keys(value).length > 0 &&
      Object.values(value).every((each) => Number.isFinite(each) && each >= 0),
  ],
  [/^a list of callbacks/, (value) => isList(value, isObject)],
  [/^a Uint8Array/, (value) => ArrayBuffer.isView(value)],
  [/^a list of whole numbers|^\[height, width, channels\]/, isWholes],
  [/^a regular expression/, (value) => value === 'odd' || value === ''],
  [/^a list of different ones/, (value) => isList(value, (each) => isWhole(each, 0))],
  [/^every axis once/, (value) => isList(value, (each) => isWhole(each, 1))],
  [/^a list/, (value) => isList(value, () => false)],
  [/^(positive whole numbers|whole numbers above 0)/, (value) => isList(value, (each) => isWhole(each, 1))],
]

/** Whether a value is what an error says is expected. */
export function isExpected(value, expected = '') {
  return expected.split(', or ').some((alternative) =>
    words.some(([pattern, is]) => {
      const found = pattern.exec(alternative)
      return found !== null && is(value, found)
    }),
  )
}
