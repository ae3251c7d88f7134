import { cpus } from 'node:os'
import { boolean, described, type OptionsOf, oneOf, optional, text } from '@convzoo/core/define'
import { defineEngine, threadCount } from '@convzoo/core/engine'
import { makeFolder, processors } from '@convzoo/files'
import { checkedCompile, compileOn } from './compile.js'
import { requireCuda } from './cuda/require-cuda.js'
import { reportDevices } from './devices.js'
import { runtimeVersion } from './runtime/version.js'
import { precisions } from './session/cuda-options.js'
import { stopProbe } from './session/stop-probe.js'

/** Where graphs run. */
export const onnxDevices = ['cpu', 'cuda'] as const
export type OnnxDevice = (typeof onnxDevices)[number]

/**
 * The engine on ONNX Runtime: a program's functions become ONNX models of standard operators, run by the library of onnxruntime-node in one
 * worker thread, so that the caller is never blocked. The runtime is loaded when something is compiled, with its reports to its maker
 * switched off unless `ORT_DISABLE_TELEMETRY` in the environment says otherwise. On `cuda`, state stays on the device.
 *
 * @throws ConvzooError of kind `option` for an unknown option or device, or a thread count that is none.
 * @example
 * const trainer = new Trainer({ model, engine: onnx({ device: 'cpu' }), optimizer })
 */
export const onnx = defineEngine({
  specification: 'engine/v1',
  name: 'onnx',
  title: 'ONNX Runtime',
  options: {
    /** `cpu` by default. */
    device: described('where it runs', optional(oneOf(...onnxDevices), 'cpu')),
    /** Threads that share an operator; as many as the process may use by default, which a container's quota bounds. Results depend on it in their last bits. */
    threads: described('threads that share an operator (all)', optional(threadCount)),
    /** Whether threads that wait for work stay awake: quicker where nothing else computes, at the cost of the others where something does; true by default. */
    spinning: described('threads that wait stay awake, at the cost of others (true)', optional(boolean, true)),
    /** On `cuda`: `float32` by default, or `tf32`, which rounds the factors of products to 10 binary digits and is faster where there are tensor cores. */
    precision: described('the digits of products on a GPU', optional(oneOf(...precisions), 'float32')),
    /** On `cuda`: go on where ONNX Runtime places some of the work on the CPU, which is an error otherwise. */
    allowCpu: described('go on where a GPU was asked for and the CPU does the work', optional(boolean, false)),
    /** On `cuda`: whether a function is recorded when it first runs, and replayed by the GPU from then on, which takes the process a fraction of the time; true by default. */
    graphs: described('record a function once and have a GPU replay it (true)', optional(boolean, true)),
    /** The folder that ONNX Runtime's record of each function is written into, a JSON file with what each operator took; none by default. */
    profile: described("the folder that ONNX Runtime's record of each operator is written into", optional(text)),
    /** On `cuda`: the folder in whose node_modules a linked provider is looked for; the current folder by default. */
    project: described('the folder whose native packages are used (the current one)', optional(text)),
  },
  create({ device, threads = processors().count, spinning, project = process.cwd(), ...rest }) {
    const { precision, allowCpu, graphs, profile } = rest
    const processor = cpus()[0]?.model.trim() ?? 'unknown processor'
    const description = `onnxruntime-node ${runtimeVersion()}, cpu (${processor}), ${threads} thread${threads === 1 ? '' : 's'}`
    return {
      devices: () => reportDevices(description, project),
      async compile(program, how = {}) {
        const { log } = checkedCompile(program, how)
        if (profile !== undefined) await makeFolder(profile)
        if (device === 'cpu')
          return compileOn(program, description, { device, threads, spinning, profile, probe: stopProbe() })
        const { library, preloaded, kernels, lost, description: gpu } = await requireCuda(project)
        const digits = precision === 'tf32' ? 'products in TF32' : 'float32'
        log(`${gpu}: ${digits}`)
        if (lost !== undefined) log(lost)
        const own = { device, threads, spinning, library, preloaded, kernels } as const
        return compileOn(program, `${gpu}, ${digits}`, { ...own, precision, allowCpu, graphs, profile })
      },
    }
  },
})

/** What may be said to {@link onnx}. */
export type OnnxOptions = OptionsOf<typeof onnx>
