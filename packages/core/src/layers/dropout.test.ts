import { describe, expect, it } from 'vitest'
import { functionalModel, type SymbolicTensor } from '../model/index.js'
import { forward } from '../testing/run-program.js'
import { dropout, input } from './index.js'

const units = 5000

const on = (apply: (x: SymbolicTensor) => SymbolicTensor, length = units) => {
  const images = input({ shape: [length] })
  return functionalModel({ inputs: images, output: apply(images) })
}

const ones = (count: number) => new Array<number>(count).fill(1)
const training = { training: true } as const

describe('dropout', () => {
  it.each([0.2, 0.5])('drops about %d of the units and scales the others so that the mean stays', (rate) => {
    const result = forward(on(dropout({ rate })), 1, ones(units), training)
    const kept = result.filter((x) => x !== 0)
    expect(new Set(kept)).toEqual(new Set([1 / (1 - rate)]))
    // Five standard deviations of a binomial distribution.
    expect(Math.abs(kept.length / units - (1 - rate))).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / units))
  })

  it('changes nothing in inference, nor at rate 0', () => {
    const numbers = Array.from({ length: units }, (_, index) => index - 7)
    expect(forward(on(dropout({ rate: 0.9 })), 1, numbers)).toEqual(numbers)
    expect(forward(on(dropout({ rate: 0 })), 1, numbers, training)).toEqual(numbers)
  })

  it('drops the same units of a sample however a batch is split', () => {
    const model = on(dropout({ rate: 0.5 }), 40)
    const run = (sampleIndices: readonly number[]) =>
      forward(model, sampleIndices.length, ones(40 * sampleIndices.length), { ...training, sampleIndices, step: 3 })
    const whole = run([5, 2, 9, 4])
    expect([...run([5, 2]), ...run([9, 4])]).toEqual(whole)
    expect(run([9])).toEqual(whole.slice(80, 120))
    expect(whole.slice(0, 40)).not.toEqual(whole.slice(40, 80))
  })

  it('drops other units at another step and in another layer', () => {
    const at = (step: number, name: string) =>
      forward(on(dropout({ rate: 0.5, name }), 40), 1, ones(40), { ...training, step })
    expect(at(0, 'a')).toEqual(at(0, 'a'))
    expect(at(1, 'a')).not.toEqual(at(0, 'a'))
    expect(at(0, 'b')).not.toEqual(at(0, 'a'))
  })

  it('drops other units where a layer is applied again', () => {
    const shared = dropout({ rate: 0.5 })
    const twice = forward(
      on((x) => shared(shared(x)), 4000),
      1,
      ones(4000),
      training,
    )
    // Kept by both: about a quarter, scaled twice. The same units again would leave a half.
    expect(new Set(twice)).toEqual(new Set([0, 4]))
    expect(Math.abs(twice.filter((x) => x === 4).length / 4000 - 0.25)).toBeLessThan(0.05)
  })

  it.each([-0.1, 1, Number.NaN])('refuses a rate of %s', (rate) => {
    expect(() => dropout({ rate })).toThrow(/"rate" of layer dropout[\s\S]*at least 0 and less than 1/)
  })
})
