import { describeEngine } from '@convzoo/plugin-kit'
import { rehearsalOn } from './testing/rehearsal.js'

// As float32 on CUDA; rehearsal.test.ts has TF32's.
const rehearsal = rehearsalOn({ layout: 'channelsFirst' })

describeEngine('onnx as for a GPU, with channels first, on cpu', { create: () => rehearsal() })
