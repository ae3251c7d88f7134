/** What the files in the folder of a run are called. */
export const files = {
  config: 'config.json',
  environment: 'environment.json',
  metrics: 'metrics.jsonl',
  weights: 'weights.safetensors',
  best: 'best.safetensors',
  confusion: 'confusion.json',
  mistakes: 'mistakes.json',
  filters: 'filters.png',
  meanImage: 'mean-image.safetensors',
  whitening: 'whitening.safetensors',
  lock: 'lock',
} as const

/** Those for people. */
export const pictures = { curves: 'curves.svg', confusion: 'confusion.svg' } as const

/** The page of it. */
export const pageFile = 'report.html'
