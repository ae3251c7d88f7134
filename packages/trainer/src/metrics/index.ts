export { ConfusionMatrix } from './confusion.js'
export { argmax, rankOf } from './rank.js'
export { RunningScore, type Scored } from './running-score.js'
