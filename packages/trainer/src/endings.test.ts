import { type Callback, ConvzooError, type Dataset } from '@convzoo/core'
import { describe, expect, it } from 'vitest'
import { dataset, trainer } from './testing/brighter.js'

const never = (): Promise<never> => new Promise(() => undefined)

/** A dataset whose batch number `stuck`, from 0, never comes. */
function stuckDataset(stuck: number, onStuck: () => void): Dataset {
  let batches = 0
  return {
    ...dataset(),
    batch: (indices) => {
      if (batches++ !== stuck) return dataset().batch(indices)
      onStuck()
      return never()
    },
  }
}

/** Where training can wait for ever, by the callbacks and options that do so. */
const waits: Readonly<
  Record<string, (stuck: () => Promise<never>) => { callback?: Callback; onValidated?: () => Promise<void> }>
> = {
  onTrainBegin: (stuck) => ({ callback: { onTrainBegin: stuck } }),
  onStep: (stuck) => ({ callback: { onStep: stuck } }),
  onEpoch: (stuck) => ({ callback: { onEpoch: stuck } }),
  onTrainEnd: (stuck) => ({ callback: { onTrainEnd: stuck } }),
  onValidated: (stuck) => ({ onValidated: stuck }),
}

describe.concurrent('a wait that nothing ends', () => {
  it.each([0, 1, 2])('is ended by the signal where a batch never comes, number %i', async (number) => {
    await using trained = trainer()
    const controller = new AbortController()
    const stuck = stuckDataset(number, () => setTimeout(() => controller.abort(), 5))
    const { completed } = await trained.fit(stuck, { epochs: 2, batchSize: 4, signal: controller.signal })
    expect(completed).toBe(false)
    const again = new AbortController()
    const evaluated = stuckDataset(number, () => setTimeout(() => again.abort(new Error('enough')), 5))
    await expect(trained.evaluate(evaluated, { batchSize: 4, signal: again.signal })).rejects.toThrow('enough')
    // It is as usable as before.
    expect(await trained.fit(dataset(), { epochs: 2, batchSize: 4 })).toMatchObject({ completed: true })
  })

  it.each(Object.keys(waits))('is ended by the signal where %s never resolves', async (name) => {
    const controller = new AbortController()
    const stuck = (): Promise<never> => {
      setTimeout(() => controller.abort(), 5)
      return never()
    }
    const { callback, onValidated } = waits[name]?.(stuck) ?? {}
    await using trained = trainer([], 1, { callbacks: callback === undefined ? [] : [callback] })
    const more = { validation: dataset(), onValidated, signal: controller.signal }
    const { completed } = await trained.fit(dataset(), { epochs: 2, batchSize: 4, ...more })
    expect(completed).toBe(name === 'onTrainEnd')
  })

  it.each(Object.keys(waits))('is ended by dispose where %s never resolves', async (name) => {
    let begun = (): void => undefined
    const isStuck = new Promise<void>((resolve) => {
      begun = resolve
    })
    const stuck = (): Promise<never> => {
      begun()
      return never()
    }
    const { callback, onValidated } = waits[name]?.(stuck) ?? {}
    const trained = trainer([], 1, { callbacks: callback === undefined ? [] : [callback] })
    const training = trained.fit(dataset(), { epochs: 2, batchSize: 4, validation: dataset(), onValidated })
    const ended = training.catch((error: unknown) => error)
    await isStuck
    await trained.dispose()
    if (name === 'onTrainEnd') expect(await ended).toMatchObject({ completed: true })
    else expect(await ended).toMatchObject({ kind: 'state', message: expect.stringContaining('disposed') })
  })

  it('is ended by dispose where a batch never comes', async () => {
    const trained = trainer()
    let begun = (): void => undefined
    const isStuck = new Promise<void>((resolve) => {
      begun = resolve
    })
    const evaluated = trained.evaluate(stuckDataset(1, begun), { batchSize: 4 })
    const ended = evaluated.catch((error: unknown) => error)
    await isStuck
    await trained.dispose()
    expect(await ended).toMatchObject({ kind: 'state' })
    await expect(trained.predict(new Float32Array(4))).rejects.toMatchObject({ kind: 'state' })
  })

  it('is ended by the signal where the fingerprint of a dataset never comes, or compiling takes long', async () => {
    await using trained = trainer()
    const signal = AbortSignal.timeout(20)
    const stuck = { ...dataset(), fingerprint: never }
    expect(await trained.fit(stuck, { epochs: 1, batchSize: 4, signal })).toEqual({ completed: false, epochs: [] })
    // Not disposed of: that would wait for the engine.
    const slow = trainer([], 1, {
      engine: { specification: 'engine/v1', name: 'slow', devices: async () => [], compile: never },
    })
    const soon = AbortSignal.timeout(20)
    expect(await slow.fit(dataset(), { epochs: 1, batchSize: 4, signal: soon })).toMatchObject({ completed: false })
    const late = AbortSignal.timeout(20)
    await expect(slow.evaluate(dataset(), { batchSize: 4, signal: late })).rejects.toMatchObject({
      name: 'TimeoutError',
    })
  })

  it('does not begin where the signal was given before', async () => {
    let batches = 0
    const counted = {
      ...dataset(),
      batch: async (indices: ArrayLike<number>) => {
        batches++
        return dataset().batch(indices)
      },
    }
    await using trained = trainer()
    const signal = AbortSignal.abort(new Error('before'))
    const ended = { completed: false, epochs: [] }
    expect(await trained.fit(counted, { epochs: 1, batchSize: 4, signal })).toEqual(ended)
    await expect(trained.evaluate(counted, { batchSize: 4, signal })).rejects.toThrow('before')
    expect(batches).toBe(0)
  })
})

describe('a listener that is told of images', () => {
  it.each(['onEvaluated', 'onValidated'])('is waited for, and its error is the error: %s', async (name) => {
    await using trained = trainer()
    let open = 0
    let most = 0
    const slow = async (): Promise<void> => {
      most = Math.max(most, ++open)
      await new Promise((resolve) => setTimeout(resolve, 2))
      open--
    }
    const failing = () => Promise.reject(new Error('no room'))
    const call = (listener: () => Promise<void>) =>
      name === 'onEvaluated'
        ? trained.evaluate(dataset(), { batchSize: 2, onEvaluated: listener })
        : trained.fit(dataset(), { epochs: 3, batchSize: 4, validation: dataset(), onValidated: listener })
    await call(slow)
    expect([most, open]).toEqual([1, 0])
    await using another = trainer()
    const failed =
      name === 'onEvaluated'
        ? another.evaluate(dataset(), { batchSize: 2, onEvaluated: failing })
        : another.fit(dataset(), { epochs: 3, batchSize: 4, validation: dataset(), onValidated: failing })
    await expect(failed).rejects.toThrow('no room')
  })
})

describe('an error of onTrainEnd', () => {
  it('does not hide the first one, is said, and keeps no other callback from its end', async () => {
    const lines: string[] = []
    const ended: string[] = []
    const callbacks: Callback[] = [
      {
        onStep: () => {
          throw new Error('first')
        },
        onTrainEnd: () => {
          throw new Error('second')
        },
      },
      { onTrainEnd: () => void ended.push('other') },
    ]
    await using trained = trainer([], 1, { callbacks, log: (line) => lines.push(line) })
    await expect(trained.fit(dataset(), { epochs: 1, batchSize: 4 })).rejects.toThrow('first')
    expect(ended).toEqual(['other'])
    expect(lines.join('\n')).toContain('second')
  })

  it('is the error where there is no other', async () => {
    const onTrainEnd = () => Promise.reject(new Error('at the end'))
    await using trained = trainer([], 1, { callbacks: [{ onTrainEnd }] })
    await expect(trained.fit(dataset(), { epochs: 1, batchSize: 4 })).rejects.toThrow('at the end')
  })

  it('a training that is refused is one that ends, too', async () => {
    let ends = 0
    await using trained = trainer([], 1, { callbacks: [{ onTrainEnd: () => void ends++ }] })
    const refused = await trained.fit(dataset(0), { epochs: 1, batchSize: 4 }).catch((error: unknown) => error)
    expect(ConvzooError.isInstance(refused) && refused.kind).toBe('data')
    expect(ends).toBe(1)
  })
})
