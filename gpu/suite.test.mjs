import { describeEngine } from '../packages/plugin-kit/dist/index.js'
import { openTarget } from './engines.mjs'

const target = JSON.parse(process.env.CONVZOO_GPU_TARGET)

describeEngine(`${target.engine} on ${target.device}`, { create: () => openTarget(target) })
