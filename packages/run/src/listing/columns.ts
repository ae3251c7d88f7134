import type { ListedRun } from './listed-run.js'

/** What runs may be sorted by, besides their metrics. */
export const runColumns = [
  'name',
  'network',
  'data',
  'optimizer',
  'learningRate',
  'batchSize',
  'state',
  'epochs',
  'epoch',
  'steps',
  'split',
  'loss',
  'top1',
  'top5',
  'gradientNorm',
  'seconds',
  'bytes',
  'changed',
] as const satisfies readonly (keyof ListedRun)[]
