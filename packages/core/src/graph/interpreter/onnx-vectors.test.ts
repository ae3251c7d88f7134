import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { evaluate, given } from '../../testing/evaluate.js'

interface Tensor {
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

/** [N, H, W, C], with the attributes of the primitive. */
type Vector = { readonly name: string; readonly x: Tensor; readonly y: Tensor } & (
  | {
      readonly primitive: 'localResponseNormalization'
      readonly radius: number
      readonly bias: number
      readonly alpha: number
      readonly beta: number
    }
  | {
      readonly primitive: 'averagePool2d'
      readonly size: readonly [number, number]
      readonly strides: readonly [number, number]
      readonly padding: readonly [top: number, left: number, bottom: number, right: number]
    }
)

const { cases }: { readonly cases: readonly Vector[] } = JSON.parse(
  readFileSync(new URL('./fixtures/onnx.json', import.meta.url), 'utf8'),
)

it.each(cases)('gives what the test vector $name of ONNX says', (vector) => {
  const got = evaluate([given(vector.x.shape, vector.x.data)], (ops, [x]) => {
    if (x === undefined) throw new Error('There is no value.')
    if (vector.primitive === 'localResponseNormalization') return ops.localResponseNormalization(x, vector)
    const [top, left, bottom, right] = vector.padding
    return ops.averagePool2d(x, { ...vector, padding: { top, left, bottom, right } })
  })
  expect(got).toHaveLength(vector.y.data.length)
  for (const [index, wanted] of vector.y.data.entries()) expect(got[index]).toBeCloseTo(wanted, 5)
})
