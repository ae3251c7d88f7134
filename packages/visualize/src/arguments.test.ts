import { describeArguments } from '../../../tools/argument-face.js'
import * as entry from './index.js'

describeArguments('@convzoo/visualize', {
  exports: entry,
  calls: {
    confusionSvg: [[[1]], ['cat']],
    curvesSvg: [[{ type: 'epoch', epoch: 0, training: { loss: 1, top1: 0.5 } }]],
    learningRatesSvg: [[{ learningRate: 0.1, loss: 1, smoothed: 1 }], 0.1],
    graphSvg: ['digraph { a -> b }'],
    pngOf: ['<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'],
  },
  accepts: { confusionSvg: { 1: 'list' }, learningRatesSvg: { 1: 'nothing' } },
})
