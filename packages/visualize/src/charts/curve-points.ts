/** One mark of a chart: epochs since the start, a value, and what it is a value of. */
export interface CurvePoint {
  readonly epochs: number
  readonly value: number
  readonly series: Series
}

/** What a curve follows. */
export type Series = 'training' | 'validation' | 'test'

/** What the curves show: the loss of every so many steps, and the scores of every epoch. */
export interface Curves {
  readonly stepLosses: readonly CurvePoint[]
  readonly losses: readonly CurvePoint[]
  readonly accuracies: readonly CurvePoint[]
}

/** Marks that a line of steps has at most: more could not be told apart. */
const mostMarks = 400

/**
 * The points of a run's curves. Records are lines of `metrics.jsonl`: of type `step`, `epoch` and `test`; others, and values that are
 * not finite, are passed over. Where steps are many, their losses are averaged over stretches.
 */
export function curvesOf(records: Iterable<object>): Curves {
  const steps: { readonly epoch: number; readonly loss: number }[] = []
  const losses: CurvePoint[] = []
  const accuracies: CurvePoint[] = []
  const add = (series: Series, epochs: number, score: unknown): void => {
    const { loss, top1 } = fieldsOf(score)
    if (isNumber(loss)) losses.push({ epochs, value: loss, series })
    if (isNumber(top1)) accuracies.push({ epochs, value: top1, series })
  }
  let epochs = 0
  for (const record of records) {
    const { type, epoch, loss, training, validation } = fieldsOf(record)
    if (type === 'step' && isNumber(epoch) && isNumber(loss)) steps.push({ epoch, loss })
    if (type === 'epoch' && isNumber(epoch)) {
      epochs = epoch + 1
      add('training', epochs, training)
      add('validation', epochs, validation)
    }
    if (type === 'test') add('test', epochs, record)
  }
  return { stepLosses: stretches(inEpochs(steps)), losses, accuracies }
}

/** An epoch's steps are spread evenly over it; an epoch that was cut short has as many as the longest. */
function inEpochs(steps: readonly { readonly epoch: number; readonly loss: number }[]): CurvePoint[] {
  const counts = new Map<number, number>()
  for (const { epoch } of steps) counts.set(epoch, (counts.get(epoch) ?? 0) + 1)
  let longest = 0
  for (const count of counts.values()) longest = Math.max(longest, count)
  const placed = new Map<number, number>()
  return steps.map(({ epoch, loss }) => {
    const place = (placed.get(epoch) ?? 0) + 1
    placed.set(epoch, place)
    return { epochs: epoch + place / longest, value: loss, series: 'training' }
  })
}

/** The means of neighbouring points, so many that the marks do. */
function stretches(points: readonly CurvePoint[]): CurvePoint[] {
  const length = Math.ceil(points.length / mostMarks)
  return Array.from({ length: Math.ceil(points.length / Math.max(length, 1)) }, (_, index) => {
    const part = points.slice(index * length, (index + 1) * length)
    const mean = (field: 'epochs' | 'value'): number => part.reduce((sum, point) => sum + point[field], 0) / part.length
    return { epochs: mean('epochs'), value: mean('value'), series: 'training' }
  })
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

const isNumber = (value: unknown): value is number => Number.isFinite(value)
