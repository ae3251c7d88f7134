import { describe, expect, it } from 'vitest'
import { contextOfNew } from '../testing/context.js'
import { waitMeter } from './wait-meter.js'

/** What is said after an epoch of ten steps of a second each. */
async function said(waited: number, advice?: string): Promise<readonly string[]> {
  const lines: string[] = []
  const context = contextOfNew()
  const meter = waitMeter({ warn: (line) => lines.push(line), advice })
  const record = { epoch: 0, samples: 32, loss: 1, learningRate: 0.1, weightDecay: 0, seconds: 1, waited }
  for (let step = 0; step < 10; step++) await meter.onStep?.({ type: 'step', step, ...record }, context)
  const training = { samples: 320, loss: 1, top1: 0, top5: 0 }
  await meter.onEpoch?.({ type: 'epoch', epoch: 0, seconds: 10, training }, context)
  return lines
}

describe('after an epoch', () => {
  it('that waited much, advice is given', async () => {
    expect(await said(0.3)).toEqual([expect.stringMatching(/30 % of the time\. .* more workers/)])
    expect(await said(0.3, 'buy a disk')).toEqual([expect.stringMatching(/: buy a disk\.$/)])
  })

  it('that waited little, none', async () => {
    expect(await said(0.02)).toEqual([])
  })
})
