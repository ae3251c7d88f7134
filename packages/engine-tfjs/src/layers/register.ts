import { serialization } from '@tensorflow/tfjs-core'
import { GeluTanh, HardSigmoid, HardSwish } from './activations.js'
import { ChannelShuffle } from './channel-shuffle.js'
import { DilatedDepthwiseConv2D } from './dilated-depthwise-conv2d.js'
import { GlobalPooling2D } from './global-pooling2d.js'
import { GroupedConv2D } from './grouped-conv2d.js'
import { LocalResponseNormalization } from './local-response-normalization.js'
import { Preprocessing } from './preprocessing.js'
import { ScaledElu } from './scaled-elu.js'

/** Has `tf.loadLayersModel` find what a LayersModel lacks of our layers. The same again does nothing. */
export function registerLayers(): void {
  for (const layer of [
    ChannelShuffle,
    DilatedDepthwiseConv2D,
    GlobalPooling2D,
    GroupedConv2D,
    LocalResponseNormalization,
    Preprocessing,
    ScaledElu,
  ]) {
    serialization.registerClass<InstanceType<typeof layer>>(layer)
  }
  for (const activation of [GeluTanh, HardSigmoid, HardSwish]) serialization.registerClass(activation)
}
