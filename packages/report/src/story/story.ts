import type { EpochRecord } from '@convzoo/core'
import type { RunRecord } from '@convzoo/trainer'
import type { Chart, ProgressParts, RunState } from '../page/page-data.js'
import { Stretches } from './stretches.js'

/** An epoch, and how many steps were done at its end. */
interface EndedEpoch {
  readonly record: EpochRecord
  readonly steps: number
}

type LastScore = NonNullable<ProgressParts['last']>

/** What the records of a run tell, in bounded memory but for its epochs. */
export class Story {
  readonly #steps = new Stretches()
  #epochs: EndedEpoch[] = []
  #done = 0
  #last: LastScore | undefined
  #isFinished = false

  take(record: RunRecord): void {
    this.#isFinished = record.type === 'test' || record.type === 'validation'
    if (record.type === 'step') {
      this.#steps.add(record)
      this.#done = record.step + 1
    } else if (record.type === 'epoch') {
      this.#epochs.push({ record, steps: this.#done })
    } else if (record.type === 'test' || record.type === 'validation') {
      const { type: split, samples, loss, top1 } = record
      this.#last = { split, samples, loss, top1 }
    }
  }

  /** The records come again. */
  anew(): void {
    this.#steps.clear()
    this.#epochs = []
    this.#done = 0
    this.#last = undefined
    this.#isFinished = false
  }

  /** Whether its last word is its last score. */
  get isFinished(): boolean {
    return this.#isFinished
  }

  progress(state: RunState, planned: number): ProgressParts {
    return {
      state,
      steps: this.#done,
      epochs: this.#epochs.length,
      planned,
      ...(this.#last === undefined ? {} : { last: this.#last }),
      charts: [this.#loss(), this.#accuracy(), ...this.#ofSteps()],
    }
  }

  /** The loss of steps, and of validations at the step after which they were. */
  #loss(): Chart {
    const ofSteps = new Map(this.#steps.all.map(({ end, loss, count }) => [end, loss / count]))
    const validated = new Map(
      this.#epochs.flatMap(({ record: { validation }, steps }) =>
        validation === undefined ? [] : [[steps, validation.loss] as const],
      ),
    )
    const places = [...new Set([...ofSteps.keys(), ...validated.keys()])].sort((a, b) => a - b)
    const valuesOf = (found: ReadonlyMap<number, number>): (number | null)[] =>
      places.map((place) => found.get(place) ?? null)
    const lines = [
      { name: 'training', values: valuesOf(ofSteps) },
      ...(validated.size === 0 ? [] : [{ name: 'validation', values: valuesOf(validated) }]),
    ]
    return { id: 'loss', title: 'Loss', along: 'steps', unit: 'number', places, lines, stretch: this.#steps.length }
  }

  #accuracy(): Chart {
    const isValidated = this.#epochs.some(({ record }) => record.validation !== undefined)
    const lines = [
      { name: 'training', values: this.#epochs.map(({ record }) => record.training.top1) },
      ...(isValidated
        ? [{ name: 'validation', values: this.#epochs.map(({ record }) => record.validation?.top1 ?? null) }]
        : []),
    ]
    const places = this.#epochs.map(({ record }) => record.epoch + 1)
    return { id: 'accuracy', title: 'Accuracy', along: 'epochs', unit: 'part', places, lines, stretch: 1 }
  }

  #ofSteps(): readonly Chart[] {
    const steps = this.#steps.all
    const places = steps.map(({ end }) => end)
    const shared = { along: 'steps', places, stretch: this.#steps.length } as const
    const line = (name: string, values: readonly number[]) => [
      { name, values: values.map((value) => (Number.isFinite(value) ? value : null)) },
    ]
    return [
      {
        id: 'learning-rate',
        title: 'Learning rate',
        unit: 'number',
        lines: line(
          'learning rate',
          steps.map(({ learningRate, count }) => learningRate / count),
        ),
        ...shared,
      },
      ...(steps.some(({ gradientNorms }) => gradientNorms.count > 0)
        ? [
            {
              id: 'gradient-norm',
              title: 'Norm of the gradients',
              unit: 'number',
              lines: line(
                'norm before clipping',
                steps.map(({ gradientNorms: { sum, count } }) => sum / count),
              ),
              ...shared,
            } as const,
          ]
        : []),
      {
        id: 'throughput',
        title: 'Throughput',
        unit: 'images per second',
        lines: line(
          'images per second',
          steps.map(({ samples, seconds }) => samples / seconds),
        ),
        ...shared,
      },
      {
        id: 'data-wait',
        title: 'Time waited for data',
        unit: 'part',
        lines: line(
          'part of the time',
          steps.map(({ waited, seconds }) => waited / seconds),
        ),
        ...shared,
      },
    ]
  }
}
