import { onnx } from '@convzoo/engine-onnx'
import { describeNetworkSteps } from '../testing/describe-network-steps.js'

describeNetworkSteps(() => onnx({ device: 'cpu' }), 1e-4)
