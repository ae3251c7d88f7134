import { setImmediate as nextTurn } from 'node:timers/promises'

/** Something that was made ahead of its use. */
export interface Prefetched<T> {
  readonly item: T
  /** Seconds from when it was asked for to when it was there. */
  readonly waited: number
}

/**
 * Makes items in order, one at a time, at most `depth` ahead of the one in use. An item that cannot be made throws where its turn
 * is. Whoever stops early waits only for the item that is being made; no other is begun.
 */
export async function* prefetch<T>(
  makers: Iterable<() => Promise<T>>,
  depth = 2,
): AsyncGenerator<Prefetched<T>, void, undefined> {
  const iterator = makers[Symbol.iterator]()
  const ahead: Promise<T>[] = []
  let previous: Promise<unknown> = Promise.resolve()
  let stopped = false
  const begin = (): void => {
    const next = iterator.next()
    if (next.done === true) return
    const make = next.value
    const made = previous.then(async () => {
      // A turn of the event loop first, so that whoever took the last item can start to use it before this one takes the thread.
      await nextTurn()
      if (stopped) throw new Error('Nobody waits for this item any more.')
      return make()
    })
    previous = made.catch(() => undefined)
    ahead.push(made)
  }
  for (let count = 0; count < depth; count++) begin()
  try {
    while (true) {
      const asked = performance.now()
      const made = ahead.shift()
      if (made === undefined) return
      const item = await made
      const waited = (performance.now() - asked) / 1000
      begin()
      yield { item, waited }
    }
  } finally {
    stopped = true
    await previous
  }
}
