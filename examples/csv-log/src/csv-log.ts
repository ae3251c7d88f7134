import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { EpochRecord } from '@convzoo/core'
import { defineCallback, described, optional, text } from '@convzoo/core/define'

const columns: Readonly<Record<string, (record: EpochRecord) => number | undefined>> = {
  epoch: ({ epoch }) => epoch + 1,
  seconds: ({ seconds }) => Number(seconds.toFixed(3)),
  loss: ({ training }) => training.loss,
  top1: ({ training }) => training.top1,
  validation_loss: ({ validation }) => validation?.loss,
  validation_top1: ({ validation }) => validation?.top1,
}

/**
 * Writes a line of comma-separated values after each epoch, for a spreadsheet. A training that goes on appends to the file; one that begins
 * replaces it.
 *
 * @example
 * const trainer = new Trainer({ model, engine, optimizer, callbacks: [csvLog({ path: 'course.csv' })] })
 */
export const csvLog = defineCallback({
  specification: 'callback/v1',
  name: 'csvLog',
  title: 'writes each epoch as a line of a CSV file',
  options: { path: described('the file', optional(text, 'epochs.csv')) },
  create: ({ path }) => {
    const file = resolve(path)
    return {
      onTrainBegin({ done }) {
        if (done.steps > 0 && existsSync(file)) return
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, `${Object.keys(columns).join(',')}\n`)
      },
      onEpoch(record) {
        const values = Object.values(columns).map((of) => of(record) ?? '')
        appendFileSync(file, `${values.join(',')}\n`)
      },
    }
  },
})
