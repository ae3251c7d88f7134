import type { Engine, Executable, NamedTensor } from '@convzoo/core'
import type { Program } from '@convzoo/core/engine'
import { afterAll, beforeAll, expect } from 'vitest'

/** An engine under test, and how it is judged. */
export interface TestedEngine {
  readonly create: () => Engine
  readonly tolerance: number
  /** Milliseconds that a test may take. */
  readonly timeout: number
}

/** Compiles before the tests of a block and disposes after them; each may take twice what a test may, since it waits for what runs. */
export function open({ create, timeout }: TestedEngine, program: Program): () => Executable {
  let executable: Executable | undefined
  beforeAll(async () => {
    executable = await create().compile(program)
  }, 2 * timeout)
  afterAll(() => executable?.dispose(), 2 * timeout)
  return () => {
    if (executable === undefined) throw new Error('The engine did not compile the program.')
    return executable
  }
}

export async function collect(
  tensors: AsyncIterable<Pick<NamedTensor, 'name' | 'data'>>,
): Promise<Map<string, Float32Array>> {
  const found = new Map<string, Float32Array>()
  for await (const { name, data } of tensors) found.set(name, data)
  return found
}

const difference = (a: ArrayLike<number> | undefined, b: ArrayLike<number>): number[] =>
  Array.from(b, (value, index) => (a?.[index] ?? Number.NaN) - value)

const norm = (values: readonly number[]): number => Math.hypot(...values)

/** Per tensor max |a − b| ≤ tolerance · max |b|. */
export function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(wanted.length)
  const largest = Array.from(wanted).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const worst = difference(got, wanted).reduce(
    (most, value) => Math.max(most, Number.isNaN(value) ? Number.POSITIVE_INFINITY : Math.abs(value)),
    0,
  )
  expect(worst).toBeLessThanOrEqual(tolerance * largest)
}

/**
 * Per tensor ‖Δa − Δb‖ ≤ tolerance · ‖Δb‖ of the changes since `start`; accumulated gradients have to be empty. All but slots have to
 * change.
 */
export async function expectSameMoves(
  program: Program,
  start: readonly NamedTensor[],
  tested: Executable,
  truth: Executable,
  tolerance: number,
): Promise<void> {
  const moved = await collect(tested.readState())
  const reference = await collect(truth.readState())
  for (const { name, data } of start) {
    const change = difference(moved.get(name), data)
    const wanted = difference(reference.get(name), data)
    const role = program.state.find((spec) => spec.name === name)?.role
    if (role === 'gradient' || (role === 'slot' && norm(wanted) === 0)) {
      expect(
        change.every((x) => x === 0),
        name,
      ).toBe(true)
      continue
    }
    expect(norm(wanted), name).toBeGreaterThan(0)
    expect(norm(difference(change, wanted)) / norm(wanted), name).toBeLessThan(tolerance)
  }
}
