export { ConfusionMatrix } from './confusion.js'

export { RunningScore } from './running-score.js'
export { withoutRows } from './without-rows.js'
