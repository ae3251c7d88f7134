import type { PrimitiveName } from '@convzoo/core'

/** Primitives that are one kernel of one or two tensors, by the names of its inputs. */
export const elementwiseKernels = {
  add: ['Add', 'a', 'b'],
  subtract: ['Sub', 'a', 'b'],
  multiply: ['Multiply', 'a', 'b'],
  divide: ['RealDiv', 'a', 'b'],
  power: ['Pow', 'a', 'b'],
  maximum: ['Maximum', 'a', 'b'],
  minimum: ['Minimum', 'a', 'b'],
  negate: ['Neg', 'x'],
  exp: ['Exp', 'x'],
  log: ['Log', 'x'],
  sqrt: ['Sqrt', 'x'],
  tanh: ['Tanh', 'x'],
  sigmoid: ['Sigmoid', 'x'],
  erf: ['Erf', 'x'],
  relu: ['Relu', 'x'],
  equal: ['Equal', 'a', 'b'],
  greater: ['Greater', 'a', 'b'],
  greaterOrEqual: ['GreaterEqual', 'a', 'b'],
  isFinite: ['IsFinite', 'x'],
  and: ['LogicalAnd', 'a', 'b'],
  not: ['LogicalNot', 'x'],
} as const satisfies Partial<Record<PrimitiveName, readonly [kernel: string, ...inputs: string[]]>>

export const isElementwise = (primitive: PrimitiveName): primitive is keyof typeof elementwiseKernels =>
  primitive in elementwiseKernels
