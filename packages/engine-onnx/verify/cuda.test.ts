import { describeEngine } from '@convzoo/plugin-kit'
import { onnx } from '../src/engine.js'
import { project } from './project.js'

describeEngine('onnx on cuda', { create: () => onnx({ device: 'cuda', project }) })
