import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import {
  adamW,
  ConvzooError,
  categoricalCrossentropy,
  conv2d,
  createProgram,
  dense,
  flatten,
  functionalModel,
  input,
  interpreterEngine,
  isAbortSignal,
  isArrayBuffer,
  isAsyncIterable,
  isError,
  isFloat32Array,
  isIterable,
  isNumbers,
  isUint8Array,
  messageOf,
  sgdw,
} from '../testing/faces.js'
import { isRegExp } from './builtins.js'
import { isFloat64Array, isTypedArray, isUint32Array } from './typed-arrays.js'

/** What code gives that runs in another realm, as in a test runner or behind `node:vm`. */
const foreign = (code: string): unknown => runInNewContext(code, { AbortController })

const typed = ['Float32Array', 'Float64Array', 'Uint8Array', 'Uint32Array', 'Int16Array'].map(
  (name) => `new ${name}(2)`,
)

const kinds: readonly (readonly [string, (value: unknown) => boolean, readonly string[]])[] = [
  ['isFloat32Array', isFloat32Array, ['new Float32Array(2)']],
  ['isFloat64Array', isFloat64Array, ['new Float64Array(2)']],
  ['isUint8Array', isUint8Array, ['new Uint8Array(2)']],
  ['isUint32Array', isUint32Array, ['new Uint32Array(2)']],
  ['isTypedArray', isTypedArray, typed],
  ['isNumbers', isNumbers, [...typed, '[1, 2]']],
  ['isArrayBuffer', isArrayBuffer, ['new ArrayBuffer(2)']],
  ['isRegExp', isRegExp, ['/bias/g']],
  ['isError', isError, ['new TypeError("x")', 'new (class Own extends Error {})("x")']],
  [
    'isIterable',
    isIterable,
    [...typed, '[1, 2]', '["1"]', 'new Set()', 'new Map()', '(function* () {})()', 'new BigInt64Array(2)'],
  ],
  ['isAsyncIterable', isAsyncIterable, ['(async function* () {})()']],
  ['isAbortSignal', isAbortSignal, ['new AbortController().signal']],
]

const all = [...new Set(kinds.flatMap(([, , own]) => own))]
const others = [
  ...['undefined', 'null', '1', '"text"', '({})', '() => 1', 'new DataView(new ArrayBuffer(2))'],
  ...['new AbortController()', 'new SharedArrayBuffer(2)', '({ [Symbol.toStringTag]: "Float32Array", length: 2 })'],
]

describe('a value of another realm', () => {
  it.each(kinds)('is recognised by %s, and nothing else is', (_, is, own) => {
    const found = [...all, ...others].filter((code) => is(foreign(code)))
    expect(found).toEqual(all.filter((code) => own.includes(code)))
    for (const code of own) expect(is(runInThisRealm(code)), code).toBe(true)
  })

  it('says what it says as an error, and as text otherwise', () => {
    expect(messageOf(foreign('new RangeError("too far")'))).toBe('too far')
    expect(messageOf('thrown')).toBe('thrown')
  })

  it('is an abort, too', () => {
    expect(isError(AbortSignal.abort().reason)).toBe(true)
  })
})

const runInThisRealm = (code: string): unknown => new Function(`return (${code})`)()

describe('what another realm made', () => {
  const images = input({ shape: [2, 2, 1] })
  const model = functionalModel({
    inputs: images,
    output: dense({ units: 2, activation: 'softmax' })(flatten()(images)),
  })
  const program = createProgram({ model, loss: categoricalCrossentropy(), batchSizes: { predict: [1] } })

  it('serves as options', () => {
    const x = conv2d(foreign('({ filters: 3, kernelSize: [2, 2] })') as Parameters<typeof conv2d>[0])(images)
    expect(x.shape).toEqual([1, 1, 3])
    for (const optimizer of [sgdw, adamW]) {
      const made = optimizer(
        foreign('({ weightDecay: 0.1, excludeFromWeightDecay: [/bias$/g] })') as Parameters<typeof sgdw>[0],
      )
      expect(['dense/bias', 'dense/bias', 'dense/kernel'].map((name) => made.decays(name))).toEqual([
        false,
        false,
        true,
      ])
    }
  })

  it('serves as arrays that an engine reads and writes', async () => {
    const executable = await interpreterEngine().compile(program)
    const data = foreign('new Float32Array(8).fill(1)')
    if (!isFloat32Array(data)) throw new Error('The numbers are none.')
    expect(data).not.toBeInstanceOf(Float32Array)
    await executable.writeState([{ name: 'dense/kernel', shape: [4, 2], data }])
    const { probabilities } = await executable.run('predict/1', { images: data.subarray(0, 4) })
    expect(probabilities).toEqual(Float32Array.of(0.5, 0.5))
  })

  it('is known as an error of convzoo by its mark', () => {
    const error = foreign(`Object.assign(new Error('x'), { [Symbol.for('convzoo.error/v1')]: true, kind: 'option' })`)
    expect(error instanceof Error).toBe(false)
    expect(ConvzooError.isInstance(error)).toBe(true)
    for (const other of [undefined, null, 1, 'text', {}, foreign('new Error("x")')]) {
      expect(ConvzooError.isInstance(other)).toBe(false)
    }
  })
})
