import type { PrimitiveName } from '@convzoo/core/engine'

type Expression = (...values: readonly string[]) => string

const infix =
  (operator: string): Expression =>
  (a, b) =>
    `${a} ${operator} ${b}`

const call =
  (name: string): Expression =>
  (...values) =>
    `${name}(${values.join(', ')})`

/**
 * Primitives of single elements in WGSL, from the names of their values; true and false are `bool`. What depends on the driver's own
 * functions (exp, log, tanh, power) is left to TensorFlow.js' kernels.
 */
export const expressions: { readonly [P in PrimitiveName]?: Expression } = {
  add: infix('+'),
  subtract: infix('-'),
  multiply: infix('*'),
  divide: infix('/'),
  negate: (x) => `-${x}`,
  sqrt: call('sqrt'),
  relu: (x) => `larger(${x}, 0.0)`,
  maximum: call('larger'),
  minimum: call('smaller'),
  equal: infix('=='),
  greater: infix('>'),
  greaterOrEqual: infix('>='),
  and: infix('&&'),
  not: (x) => `!${x}`,
  isFinite: call('finite'),
  select: (condition, a, b) => `select(${b}, ${a}, ${condition})`,
  broadcastTo: (x) => `${x}`,
}

/** What the expressions call. Comparisons with NaN may be left out by a driver's compiler; its bits may not. */
export const expressionFunctions = `
fn finite(x : f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u; }
fn larger(a : f32, b : f32) -> f32 { if (isnan(a)) { return a; } if (isnan(b)) { return b; } return max(a, b); }
fn smaller(a : f32, b : f32) -> f32 { if (isnan(a)) { return a; } if (isnan(b)) { return b; } return min(a, b); }
`
