import { describeOptions } from '../../../tools/option-face.js'
import * as entry from './index.js'

describeOptions('@convzoo/visualize', {
  exports: entry,
  cases: {},
  without: { 'takes its arguments one by one': ['confusionSvg', 'curvesSvg', 'graphSvg', 'learningRatesSvg', 'pngOf'] },
})
