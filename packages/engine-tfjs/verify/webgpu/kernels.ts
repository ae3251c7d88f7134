import { ConvzooError, type Shape } from '@convzoo/core'
import { type Ops, sizeOf, type Value } from '@convzoo/core/define'
import { type Graph, GraphBuilder, interpret, opsFor } from '@convzoo/core/engine'
import { expect } from 'vitest'
import { TensorFunction } from '../../src/interpreter/function.js'
import { TensorState } from '../../src/interpreter/state.js'
import { loadRuntime } from '../../src/runtime/load.js'
import { requireWebgpu } from '../../src/webgpu/package.js'
import { project } from '../project.js'

export const runtime = await loadRuntime(requireWebgpu(project))

/** Numbers between −1 and 1 that repeat nowhere near. */
export const waves = (shape: Shape, phase = 0): Float32Array =>
  Float32Array.from({ length: sizeOf(shape) }, (_, index) => Math.sin(1 + phase + index * 1.618))

/** A graph of one value, made of inputs of these shapes. */
export function graphOfAll(shapes: readonly Shape[], build: (ops: Ops, x: (index: number) => Value) => Value): Graph {
  const builder = new GraphBuilder()
  const inputs = shapes.map((shape, index) => builder.input(`x${index}`, { shape, dtype: 'float32' }))
  const at = (index: number): Value => {
    const found = inputs[index]
    if (found === undefined) throw new Error(`There is no input ${index}.`)
    return found
  }
  builder.output('y', build(opsFor(builder), at))
  return builder.finish('kernel')
}

/** A graph of one value, made of two inputs of these shapes. */
export const graphOf = (a: Shape, b: Shape, build: (ops: Ops, a: Value, b: Value) => Value): Graph =>
  graphOfAll([a, b], (ops, x) => build(ops, x(0), x(1)))

/** Computes a graph on the GPU. */
export async function onGpu(graph: Graph, inputs: readonly Float32Array[]): Promise<ArrayLike<number>> {
  const call = new TensorFunction(runtime.kernels, graph, new TensorState(runtime.kernels, []))
  const { y } = await call.run(Object.fromEntries(inputs.map((data, index) => [`x${index}`, data])))
  call.dispose()
  if (y === undefined) throw new ConvzooError({ kind: 'engine', message: 'The graph gave nothing.' })
  return y
}

/** It computes what the float64 interpreter does, up to 1e-5 of the largest value. */
export async function expectAsInterpreted(graph: Graph, inputs: readonly Float32Array[]): Promise<void> {
  expectInterpreted(await onGpu(graph, inputs), graph, inputs)
}

/** This is what the float64 interpreter computes, up to 1e-5 of the largest value. */
export function expectInterpreted(got: ArrayLike<number>, graph: Graph, inputs: readonly Float32Array[]): void {
  const named = Object.fromEntries(inputs.map((data, index) => [`x${index}`, data]))
  const wanted = interpret(graph, { inputs: named, state: new Map() }).outputs.y?.data ?? []
  expect(got.length).toBe(wanted.length)
  let [worst, most] = [0, 0]
  for (let index = 0; index < wanted.length; index++) {
    worst = Math.max(worst, Math.abs((got[index] ?? Number.NaN) - (wanted[index] ?? 0)))
    most = Math.max(most, Math.abs(wanted[index] ?? 0))
  }
  expect(most).toBeGreaterThan(0)
  expect(worst / most).toBeLessThan(1e-5)
}
