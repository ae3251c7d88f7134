import { describeEngine } from '@convzoo/plugin-kit'
import { onnx } from '../dist/index.js'

describeEngine('onnx on cpu', { create: () => onnx({ device: 'cpu' }) })
