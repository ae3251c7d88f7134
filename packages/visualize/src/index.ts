export { confusionSvg, curvesSvg, type LearningRatePoint, learningRatesSvg } from './charts/index.js'
export { graphSvg } from './graph/graph-svg.js'
export { pngOf } from './raster/png.js'
