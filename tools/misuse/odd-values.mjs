// Values that are seldom what is meant, by what they are called.
import { runInNewContext } from 'node:vm'

/** What the program's own code throws. */
export const own = new Error('of the program')

const cyclic = {}
cyclic.itself = cyclic

const foreign = runInNewContext(
  '({ list: [1], object: { odd: 1 }, of: () => 1, array: new Float32Array(4), date: new Date(0) })',
)

/** Made anew for each program: none sees what another has done to them. */
export const oddValues = () => ({
  undefined,
  null: null,
  true: true,
  0: 0,
  '-1': -1,
  1.5: 1.5,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '1e9': 1e9,
  '10n': 10n,
  'an empty text': '',
  'a text': 'odd',
  'a symbol': Symbol('odd'),
  'an empty list': [],
  'a list of null': [null],
  'a list of objects': [{}],
  'an empty object': {},
  'an object without a prototype': Object.create(null),
  'an object with a misspelt name': { unknwon: 1 },
  'an object that leads back to itself': cyclic,
  'a function': () => undefined,
  'a class': class Odd {},
  'a promise': Promise.resolve({}),
  'an array of bytes': new Uint8Array(4),
  'an array of floats': new Float32Array(4),
  'a date': new Date(0),
  'a map': new Map(),
  'an abort controller': new AbortController(),
  'a list of another realm': foreign.list,
  'an object of another realm': foreign.object,
  'a function of another realm': foreign.of,
  'an array of another realm': foreign.array,
  // The last: Node turns stacks off where it fails to describe it.
  'an object whose getters throw': new Proxy(
    {},
    {
      get: () => {
        throw own
      },
    },
  ),
})
