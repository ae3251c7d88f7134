import { tfjs } from '@convzoo/engine-tfjs'
import { describeNetworkSteps } from '../src/testing/describe-network-steps.js'

const project = process.env.CONVZOO_TFJS_PROJECT ?? process.cwd()

describeNetworkSteps(() => tfjs({ device: 'webgpu', project, allowCpu: true }), 1e-3)
