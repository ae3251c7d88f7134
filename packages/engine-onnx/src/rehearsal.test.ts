import { describeEngine } from '@convzoo/plugin-kit'
import { rehearsalOn } from './testing/rehearsal.js'

const rehearsal = rehearsalOn()

describeEngine('onnx as for a GPU, on cpu', { create: () => rehearsal() })
