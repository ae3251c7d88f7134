import { activation, functionalModel, input } from '@convzoo/core'
import { describe, expect, it, vi } from 'vitest'
import { imageProgress, trainingProgress } from './progress.js'

/** What is written when `done` images are done at `seconds`, of 100. */
function written(...counts: readonly (readonly [seconds: number, done: number])[]): readonly string[] {
  const lines: string[] = []
  const now = vi.spyOn(performance, 'now')
  try {
    now.mockReturnValue(0)
    const onProgress = imageProgress('tested', {
      interactive: false,
      draw: () => undefined,
      clear: () => undefined,
      warn: (line) => lines.push(String(line)),
    })
    for (const [seconds, done] of counts) {
      now.mockReturnValue(1000 * seconds)
      onProgress(done, 100)
    }
  } finally {
    now.mockRestore()
  }
  return lines
}

describe('the progress through images', () => {
  it('counts the time from the first image on, not from when it was made', () => {
    expect(written([1000, 10], [1006, 40])).toEqual(['tested | 40 of 100 images | 5.0 img/s | ETA 12 s'])
  })

  it('is written now and then, and starts again with the count', () => {
    expect(written([10, 10], [11, 20], [16, 70], [17, 100], [50, 10], [56, 22])).toEqual([
      'tested | 70 of 100 images | 10.0 img/s | ETA 3 s',
      'tested | 22 of 100 images | 2.0 img/s | ETA 39 s',
    ])
  })
})

describe('the progress of a training', () => {
  const images = input({ shape: [2] })
  const model = functionalModel({ inputs: images, output: activation({ function: 'softmax' })(images) })

  /** What is warned of while steps of a second each go by, of so many images. */
  function warned(samplesPerEpoch: number): readonly string[] {
    const lines: string[] = []
    const { onTrainBegin, onStep } = trainingProgress({
      screen: {
        interactive: true,
        draw: () => undefined,
        clear: () => undefined,
        say: () => undefined,
        warn: (line) => lines.push(String(line)),
      },
      hint: (shape) => `a smaller --input than ${shape} takes less`,
    })
    onTrainBegin({ epochs: 1, stepsPerEpoch: samplesPerEpoch / 10, samplesPerEpoch, done: { steps: 0, samples: 0 } })
    for (let step = 0; step < 6; step++) {
      const rates = { learningRate: 0.1, weightDecay: 0, seconds: 1, waited: 0 }
      onStep({ type: 'step', step, epoch: 0, samples: 10, loss: 1, ...rates }, { score: undefined, model })
    }
    return lines
  }

  it('says once what would take less time where it takes more than an hour', () => {
    // 80,000 images at ten a second.
    expect(warned(80_030)).toEqual(['This takes 2 h 13 min; a smaller --input than 2 takes less'])
    expect(warned(30_000)).toEqual([])
  })
})
