export { ConfusionMatrix } from './confusion.js'
export { RunningScore, type Totals } from './running-score.js'
export { withoutRows } from './without-rows.js'
export { type Mistake, WorstMistakes } from './worst-mistakes.js'
