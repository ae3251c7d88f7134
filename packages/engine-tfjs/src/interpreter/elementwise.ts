import { argument, type Computation, type Computations } from './kernels.js'

/** One kernel of one or two tensors, by the names of its inputs. */
const kernel =
  (name: string, ...inputs: readonly string[]): Computation =>
  (kernels, _node, args) =>
    kernels.run(name, Object.fromEntries(inputs.map((input, index) => [input, argument(args, index)])))

/** Primitives that are one kernel. */
export const elementwise = {
  add: kernel('Add', 'a', 'b'),
  subtract: kernel('Sub', 'a', 'b'),
  multiply: kernel('Multiply', 'a', 'b'),
  divide: kernel('RealDiv', 'a', 'b'),
  power: kernel('Pow', 'a', 'b'),
  maximum: kernel('Maximum', 'a', 'b'),
  minimum: kernel('Minimum', 'a', 'b'),
  negate: kernel('Neg', 'x'),
  exp: kernel('Exp', 'x'),
  log: kernel('Log', 'x'),
  sqrt: kernel('Sqrt', 'x'),
  tanh: kernel('Tanh', 'x'),
  sigmoid: kernel('Sigmoid', 'x'),
  erf: kernel('Erf', 'x'),
  relu: kernel('Relu', 'x'),
  equal: kernel('Equal', 'a', 'b'),
  greater: kernel('Greater', 'a', 'b'),
  greaterOrEqual: kernel('GreaterEqual', 'a', 'b'),
  isFinite: kernel('IsFinite', 'x'),
  and: kernel('LogicalAnd', 'a', 'b'),
  not: kernel('LogicalNot', 'x'),
} satisfies Partial<Computations>
