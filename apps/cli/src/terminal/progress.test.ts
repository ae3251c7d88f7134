import type { RunEvent } from '@convzoo/run'
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

/** A step of ten images a second in the first of two epochs of ten steps, or in another one. */
const step = (number: number, more: object = {}): RunEvent => ({
  ...{ type: 'step', step: number, steps: 20, epoch: Math.floor((number - 1) / 10), epochs: 2 },
  ...{ imagesPerSecond: 10, secondsLeft: 20 - number, epochSecondsLeft: (20 - number) % 10 },
  ...{ loss: 3 - number / 10, top1: 0.5, waited: 0.02 },
  ...more,
})

const start: RunEvent = {
  type: 'start',
  folder: 'runs/tiny',
  network: { id: 'tiny.only', layers: 2, parameters: 10, input: [28, 28, 1] },
  data: { name: 'digits', classes: 2, images: { train: 100 } },
  engine: { name: 'onnx', device: 'cpu', description: 'onnx' },
  ...{ epochs: 2, batchSize: 10, steps: 20, diskBytes: 1000, resumed: false },
  position: { step: 0, epoch: 0, sample: 0 },
}

/** What is drawn, said and warned of when these happen a second after each other. */
function shown(interactive: boolean, events: readonly RunEvent[]) {
  const [drawn, said, warned]: string[][] = [[], [], []]
  const now = vi.spyOn(performance, 'now')
  try {
    now.mockReturnValue(0)
    const tell = trainingProgress({
      screen: {
        interactive,
        draw: ({ parts }) => drawn?.push(parts.join(' | ')),
        clear: () => undefined,
        say: (line) => said?.push(String(line)),
        warn: (line) => warned?.push(String(line)),
      },
      hint: (shape) => `a smaller --input than ${shape} takes less`,
    })
    for (const [second, event] of [start, ...events].entries()) {
      now.mockReturnValue(1000 * second)
      tell(event)
    }
  } finally {
    now.mockRestore()
  }
  return { drawn, said, warned }
}

const steps = (count: number, more: object = {}): readonly RunEvent[] =>
  Array.from({ length: count }, (_, index) => step(index + 1, more))

describe('the progress of a training', () => {
  it('says once what would take less time where it takes more than an hour', () => {
    const { warned } = shown(true, steps(6, { secondsLeft: 8000 }))
    expect(warned).toEqual(['This takes 2 h 13 min; a smaller --input than 28x28x1 takes less'])
    expect(shown(true, steps(6, { secondsLeft: 3000 })).warned).toEqual([])
  })

  it('is on a terminal a bar with what is left of run and epoch, and with the losses', () => {
    const { drawn, said } = shown(true, steps(12))
    expect(drawn?.[0]).toBe(
      'step 1/20 | 10.0 img/s | loss 2.9000 | accuracy 50.00 % | ETA 19 s (epoch 9 s) | waited 2 % for data',
    )
    expect(drawn?.[7]).toContain('ETA 12 s (epoch 2 s) | loss █▇▆▅▄▃▂▁ | waited')
    // The last epoch ends with the run.
    expect(drawn?.[11]).toMatch(/ETA 8 s \| loss █/)
    expect(said).toEqual([])
  })

  it('is elsewhere a plain line now and then', () => {
    expect(shown(false, steps(12))).toMatchObject({
      drawn: [],
      said: [
        'step 6/20 | 10.0 img/s | loss 2.4000 | accuracy 50.00 % | ETA 14 s | waited 2 % for data',
        'step 12/20 | 10.0 img/s | loss 1.8000 | accuracy 50.00 % | ETA 8 s | waited 2 % for data',
      ],
    })
  })
})
