export { type CosineOptions, cosine, type Schedule, valueAt, warmUp } from './schedule.js'
