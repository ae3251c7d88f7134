export { confusionSvg } from './confusion.js'
export { curvesSvg } from './curves.js'
