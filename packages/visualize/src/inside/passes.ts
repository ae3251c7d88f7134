import type { Executable, Inputs, Model, NamedTensor, Outputs } from '@convzoo/core'
import { ConvzooError, categoricalCrossentropy } from '@convzoo/core'
import { isFloat32Array, type Value } from '@convzoo/core/define'
import { createProgram, type Graph, type GraphNode } from '@convzoo/core/engine'
import { type TracedNetwork, traceNetwork } from './graph/traced-network.js'
import type { Network, ParsedLooking } from './network.js'

/** What is computed of each batch, by name. */
type Asked = (traced: TracedNetwork) => Readonly<Record<string, Value>>

/** Something that is computed of samples. */
export interface Pass {
  readonly ask: Asked
  /** How many samples there are, each time that it is done. */
  readonly counts: readonly number[]
}

/** One pass over samples. */
export interface PassWork {
  readonly count: number
  /** What a batch takes, from its first sample on. */
  readonly inputs: (from: number, size: number) => Inputs | Promise<Inputs>
  /** What is done with what it gave. */
  readonly take: (outputs: Outputs, from: number, size: number) => void | Promise<void>
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** Computes a pass, a batch at a time. */
type DoPass<Name extends string> = (name: Name, work: PassWork) => Promise<void>

type Functions = Readonly<Record<string, Graph>>

/**
 * Computes several things of samples on the network's engine, which is given the weights once for all of them. What was compiled stays with a
 * network that keeps it.
 */
export async function inPasses<Name extends string, Result>(
  network: Network,
  { batchSize, signal }: Omit<ParsedLooking, 'onProgress'>,
  passes: Readonly<Record<Name, Pass>>,
  use: (pass: DoPass<Name>) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted()
  const functions = Object.fromEntries(
    Object.entries<Pass>(passes).flatMap(([name, { ask, counts }]) =>
      sizesOf(counts, batchSize).map((size) => [
        nameOf(name, size),
        traced(network.model, nameOf(name, size), size, ask),
      ]),
    ),
  )
  if (Object.keys(functions).length === 0) return use(async () => undefined)
  const key = keyOf(functions)
  const executable = (await takeKept(network, key)) ?? (await prepared(network, functions))
  try {
    const result = await use((name, work) =>
      inBatches(work, { batchSize, signal, run: (size, inputs) => executable.run(nameOf(name, size), inputs) }),
    )
    await keep(network, key, executable)
    return result
  } catch (error) {
    await executable.dispose()
    throw error
  }
}

interface Batches {
  readonly batchSize: number
  readonly signal: AbortSignal | undefined
  readonly run: (size: number, inputs: Inputs) => Promise<Outputs>
}

/** While the engine computes a batch, the next one is made, and of the one before is taken what it gave. */
async function inBatches(
  { count, inputs, take, onProgress }: PassWork,
  { batchSize, signal, run }: Batches,
): Promise<void> {
  const sizeAt = (from: number): number => Math.min(batchSize, count - from)
  const made = async (from: number): Promise<Inputs> => (from < count ? inputs(from, sizeAt(from)) : {})
  let taken: () => Promise<void> = async () => undefined
  let next: Promise<Inputs> | undefined
  for (let from = 0; from < count; from += batchSize) {
    signal?.throwIfAborted()
    const running = run(sizeAt(from), await (next ?? made(from)))
    next = made(from + batchSize)
    const outputs = await allOf(running, taken(), next)
    taken = async () => {
      await take(outputs, from, sizeAt(from))
      onProgress?.(from + sizeAt(from), count)
    }
  }
  if (count > batchSize) signal?.throwIfAborted()
  await taken()
}

/** Waits for all, also where one fails: nothing goes on behind the caller's back. */
async function allOf<Result>(first: Promise<Result>, ...others: readonly Promise<unknown>[]): Promise<Result> {
  await Promise.allSettled([first, ...others])
  const result = await first
  await Promise.all(others)
  return result
}

/** A single pass. */
interface Computation extends ParsedLooking, Omit<PassWork, 'onProgress'> {
  readonly ask: Asked
}

/** Computes something of samples, a batch at a time, on the network's engine. */
export async function compute(
  network: Network,
  { ask, count, inputs, take, onProgress, ...looking }: Computation,
): Promise<void> {
  await inPasses(network, looking, { look: { ask, counts: [count] } }, (pass) =>
    pass('look', { count, inputs, take, onProgress }),
  )
}

/** How large the batches are. */
function sizesOf(counts: readonly number[], batchSize: number): readonly number[] {
  const sizes = counts.flatMap((count) => [Math.min(batchSize, count), count % batchSize])
  return [...new Set(sizes)].filter((size) => size > 0)
}

/** The function that does a pass over so many samples. */
const nameOf = (pass: string, size: number): string => `${pass}/${size}`

function traced(model: Model, name: string, size: number, ask: Asked): Graph {
  const network = traceNetwork(model, size)
  for (const [output, value] of Object.entries(ask(network))) network.builder.output(output, value)
  return network.builder.finish(name)
}

/** The functions, compiled, with the weights and statistics that they read: a look at an early layer reads few of them. */
async function prepared(network: Network, functions: Functions): Promise<Executable> {
  const { state: all } = createProgram({ model: network.model, loss: categoricalCrossentropy() })
  const read = new Set(Object.values(functions).flatMap(statesOf))
  const state = all.filter(({ name }) => read.has(name))
  const executable = await network.engine.compile({ state, functions })
  try {
    await executable.writeState(onlyThese(network.readWeights(), read))
    return executable
  } catch (error) {
    await executable.dispose()
    throw error
  }
}

const statesOf = ({ nodes }: Graph): readonly string[] =>
  nodes.flatMap((node: GraphNode) => (node.primitive === 'state' ? [node.attributes.name] : []))

async function* onlyThese(
  tensors: AsyncIterable<NamedTensor>,
  names: ReadonlySet<string>,
): AsyncGenerator<NamedTensor> {
  for await (const tensor of tensors) if (names.has(tensor.name)) yield tensor
}

/** What functions compute, as a text; JSON knows no numbers that are not finite. */
const keyOf = (functions: Functions): string =>
  JSON.stringify(functions, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  )

/** What the last look left, if this is the same again; else it makes room. Nobody else can take it meanwhile. */
async function takeKept({ keptLooks }: Network, key: string): Promise<Executable | undefined> {
  const found = keptLooks?.get(key)
  keptLooks?.delete(key)
  await makeRoom(keptLooks)
  return found
}

async function keep({ keptLooks }: Network, key: string, executable: Executable): Promise<void> {
  if (keptLooks === undefined) return executable.dispose()
  const room = makeRoom(keptLooks)
  keptLooks.set(key, executable)
  await room
}

async function makeRoom(keptLooks: Network['keptLooks']): Promise<void> {
  const old = [...(keptLooks?.values() ?? [])]
  keptLooks?.clear()
  await Promise.all(old.map((each) => each.dispose()))
}

/** The output of this name, as real numbers. */
export function numbersOf(outputs: Outputs, name: string): Float32Array {
  const found = outputs[name]
  if (found !== undefined && isFloat32Array(found)) return found
  throw new ConvzooError({ kind: 'engine', message: `The engine did not give "${name}".` })
}
