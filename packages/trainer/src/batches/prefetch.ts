import type { Dataset } from '@convzoo/core'
import {
  abortSignal,
  defineOptions,
  describeValue,
  integer,
  isIterable,
  matching,
  optional,
  requireArguments,
  unusableOption,
} from '@convzoo/core/define'
import { nextTurn } from '../next-turn.js'
import { patience, Stop } from '../stop.js'

/** Something that was made ahead of its use. */
export interface Prefetched<T> {
  readonly item: T
  /** Seconds from when it was asked for to when it was there. */
  readonly waited: number
}

export interface PrefetchOptions {
  /** How many items may be in the making at once; 1 by default. */
  readonly concurrency?: number | undefined
  /** How many may be made ahead of the one in use; one more than are in the making by default. */
  readonly depth?: number | undefined
  /** Ends the wait for an item: its reason is thrown, and those in the making are not waited for long. */
  readonly signal?: AbortSignal | undefined
}

const options = defineOptions({
  concurrency: optional(integer(1), 1),
  depth: optional(integer(1)),
  signal: optional(abortSignal),
})

const makersKind = matching('a list of functions that each make an item', isIterable)

const isDataset = (given: PrefetchOptions | Dataset): given is Dataset =>
  typeof given === 'object' && given !== null && 'batch' in given

/**
 * Makes items in order, `concurrency` at a time, at most `depth` ahead of the one in use: one more than are in the making by default.
 * An item that cannot be made throws where its turn is. Whoever stops early waits only for the items that are being made; no other is
 * begun.
 *
 * @param given How many at a time and how far ahead, or the dataset whose batches they are.
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * const makers = parts.map((indices) => () => dataset.batch(indices))
 * for await (const { item, waited } of prefetch(makers, dataset)) use(item)
 */
export function prefetch<T>(
  makers: Iterable<() => Promise<T>>,
  given: PrefetchOptions | Dataset = {},
): AsyncGenerator<Prefetched<T>, void, undefined> {
  // A dataset says by itself how many of its batches may be in the making; its other members are no options.
  requireArguments('prefetch', { makers: [makersKind, makers] })
  const own = isDataset(given) ? { concurrency: given.concurrency } : given
  const { concurrency, depth = concurrency + 1, signal } = options.parse('prefetch', own)
  return madeAhead(makers, { concurrency, depth, stop: new Stop(signal) })
}

/** Makes the batches of a dataset in order, as {@link prefetch} does, until it is stopped. */
export function prefetchBatches<T>(
  makers: Iterable<() => Promise<T>>,
  { concurrency = 1 }: Dataset,
  stop: Stop,
): AsyncGenerator<Prefetched<T>, void, undefined> {
  return madeAhead(makers, { concurrency, depth: concurrency + 1, stop })
}

interface Ahead {
  readonly concurrency: number
  readonly depth: number
  readonly stop: Stop
}

async function* madeAhead<T>(
  makers: Iterable<() => Promise<T>>,
  { concurrency, depth, stop }: Ahead,
): AsyncGenerator<Prefetched<T>, void, undefined> {
  const iterator = makers[Symbol.iterator]()
  const ahead: Promise<T>[] = []
  const lanes = Array.from({ length: concurrency }, (): Promise<unknown> => Promise.resolve())
  let begun = 0
  let stopped = false
  const begin = (): void => {
    const next = iterator.next()
    if (next.done === true) return
    const make: unknown = next.value
    if (!isMaker<T>(make)) throw notMaker(make)
    const lane = begun++ % concurrency
    const made = (lanes[lane] ?? Promise.resolve()).then(async () => {
      // A turn of the event loop first, so that whoever took the last item can start to use it before this one takes the thread.
      await nextTurn()
      if (stopped) throw new Error('Nobody waits for this item any more.')
      return make()
    })
    lanes[lane] = made.catch(() => undefined)
    ahead.push(made)
  }
  for (let count = 0; count < depth; count++) begin()
  try {
    while (true) {
      const asked = performance.now()
      const made = ahead.shift()
      if (made === undefined) return
      const item = await stop.race(made)
      const waited = (performance.now() - asked) / 1000
      begin()
      yield { item, waited }
    }
  } finally {
    stopped = true
    await stop.race(Promise.all(lanes), patience).catch(() => undefined)
  }
}

const isMaker = <T>(value: unknown): value is () => Promise<T> => typeof value === 'function'

const notMaker = (value: unknown): Error =>
  unusableOption('"makers" of prefetch', {
    expected: 'a list of functions that each make an item',
    received: `${describeValue(value)} in it`,
  })
