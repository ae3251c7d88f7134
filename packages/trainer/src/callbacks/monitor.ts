import { ConvzooError, type EpochRecord, type Progress } from '@convzoo/core'

/** What can be watched of an epoch. A loss is better the lower it is, the others the higher. */
export const monitors = [
  'validation.loss',
  'validation.top1',
  'validation.top5',
  'training.loss',
  'training.top1',
  'training.top5',
] as const
export type Monitor = (typeof monitors)[number]

export const isLossMonitor = (monitor: Monitor): boolean => monitor.endsWith('.loss')

/** What an epoch gave of it; undefined after an epoch without a validation, where one is watched. */
export function monitored(monitor: Monitor, { training, validation }: EpochRecord): number | undefined {
  switch (monitor) {
    case 'validation.loss':
      return validation?.loss
    case 'validation.top1':
      return validation?.top1
    case 'validation.top5':
      return validation?.top5
    case 'training.loss':
      return training.loss
    case 'training.top1':
      return training.top1
    case 'training.top5':
      return training.top5
  }
}

/** Whether a value is better than the best before, by more than a difference. */
export function isBetter(monitor: Monitor, value: number, best: number | undefined, minimumDelta = 0): boolean {
  if (best === undefined) return true
  return isLossMonitor(monitor) ? value < best - minimumDelta : value > best + minimumDelta
}

/** @throws ConvzooError of kind `option` if a validation is watched and there is none. */
export function requireMonitored(subject: string, monitor: Monitor, { validateEvery }: Progress): void {
  if (validateEvery !== undefined || monitor.startsWith('training.')) return
  throw new ConvzooError({
    kind: 'option',
    message: `The option "monitor" of ${subject} is of a validation, and there is none.`,
    expected: 'a dataset to validate on',
    received: monitor,
    hint: `give fit a validation, or ${subject} the monitor ${monitor.replace('validation', 'training')}`,
  })
}
