export { type Cost, costOf, type LayerCost } from './cost.js'
export type { ReceptiveField } from './receptive-field.js'
