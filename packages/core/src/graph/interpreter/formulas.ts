import type { Meaning, Meanings } from './call.js'
import { map } from './elementwise.js'
import { erf } from './erf.js'

const bit = (condition: boolean): number => (condition ? 1 : 0)

const formula =
  (compute: (...values: number[]) => number): Meaning =>
  ({ out, args }) =>
    map(out, args, compute)

/** Primitives that make each element of one element of each input. */
export const formulas = {
  add: formula((a = 0, b = 0) => a + b),
  subtract: formula((a = 0, b = 0) => a - b),
  multiply: formula((a = 0, b = 0) => a * b),
  divide: formula((a = 0, b = 0) => a / b),
  power: formula((a = 0, b = 0) => a ** b),
  maximum: formula((a = 0, b = 0) => Math.max(a, b)),
  minimum: formula((a = 0, b = 0) => Math.min(a, b)),
  negate: formula((x = 0) => -x),
  exp: formula((x = 0) => Math.exp(x)),
  log: formula((x = 0) => Math.log(x)),
  sqrt: formula((x = 0) => Math.sqrt(x)),
  tanh: formula((x = 0) => Math.tanh(x)),
  sigmoid: formula((x = 0) => 1 / (1 + Math.exp(-x))),
  erf: formula((x = 0) => erf(x)),
  relu: formula((x = 0) => Math.max(x, 0)),
  equal: formula((a = 0, b = 0) => bit(a === b)),
  greater: formula((a = 0, b = 0) => bit(a > b)),
  greaterOrEqual: formula((a = 0, b = 0) => bit(a >= b)),
  isFinite: formula((x = 0) => bit(Number.isFinite(x))),
  and: formula((a = 0, b = 0) => bit(a === 1 && b === 1)),
  not: formula((x = 0) => bit(x === 0)),
  select: formula((condition = 0, a = 0, b = 0) => (condition === 1 ? a : b)),
} satisfies Partial<Meanings>
