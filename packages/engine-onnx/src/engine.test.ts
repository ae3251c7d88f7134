import { onnx } from '@convzoo/engine-onnx'
import { describeEngine } from '@convzoo/plugin-kit'

describeEngine('onnx on cpu', { create: () => onnx({ device: 'cpu' }) })
