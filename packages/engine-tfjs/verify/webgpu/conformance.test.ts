import { tfjs } from '@convzoo/engine-tfjs'
import { describeEngine } from '@convzoo/plugin-kit'
import { project } from '../project.js'

const create = () => tfjs({ device: 'webgpu', project, allowCpu: true })

// SwiftShader compiles a program's hundreds of shaders in its first step.
describeEngine('tfjs on webgpu', { create, timeout: 1_800_000 })
