import { CLibrary } from '../capi/c-library.js'
import type { Ffi } from '../capi/koffi.js'

/** Source: cuda_runtime_api.h of CUDA 13. */
const runtime = {
  cudaMalloc: ['void *', 'size_t'],
  cudaFree: ['void *'],
  cudaDeviceGetAttribute: ['void *', 'int', 'int'],
  cudaMemcpy: ['void *', 'void *', 'size_t', 'int'],
  cudaDeviceSynchronize: [],
  cudaMemGetInfo: ['void *', 'void *'],
  cudaHostRegister: ['void *', 'size_t', 'uint'],
  cudaHostUnregister: ['void *'],
} as const

/** Source: cuda.h of CUDA 13. What it calls handles are addresses. */
const driver = {
  cuModuleLoadData: ['void *', 'void *'],
  cuModuleUnload: ['void *'],
  cuModuleGetFunction: ['void *', 'void *', 'str'],
  cuLaunchKernel: [
    'void *',
    ...['uint', 'uint', 'uint', 'uint', 'uint', 'uint', 'uint'],
    'void *',
    'void *',
    'void *',
  ] as readonly ('void *' | 'uint')[],
} as const

/** Source: nvrtc.h of CUDA 13. */
const compiler = {
  nvrtcCreateProgram: ['void *', 'str', 'str', 'int', 'void *', 'void *'],
  nvrtcCompileProgram: ['void *', 'int', 'str *'],
  nvrtcGetProgramLogSize: ['void *', 'void *'],
  nvrtcGetProgramLog: ['void *', 'void *'],
  nvrtcGetCUBINSize: ['void *', 'void *'],
  nvrtcGetCUBIN: ['void *', 'void *'],
  nvrtcDestroyProgram: ['void *'],
} as const

/** Of a convolution and its gradients alike: a handle, two factors, the convolution, the result; then what is asked for, or where it is written. */
const described = ['void *', 'void *', 'void *', 'void *', 'void *'] as const
const search = [...described, 'int', 'void *', 'void *'] as const
const workspace = [...described, 'int', 'void *'] as const
const run = [
  ...['void *', 'void *', 'void *', 'void *', 'void *', 'void *', 'void *'],
  'int',
  'void *',
  'size_t',
  ...['void *', 'void *', 'void *'],
] as readonly ('void *' | 'int' | 'size_t')[]

/** Source: cudnn_ops.h and cudnn_cnn.h of cuDNN 9. */
const cudnn = {
  cudnnCreate: ['void *'],
  cudnnDestroy: ['void *'],
  cudnnSetStream: ['void *', 'void *'],
  cudnnCreateTensorDescriptor: ['void *'],
  cudnnSetTensor4dDescriptor: ['void *', 'int', 'int', 'int', 'int', 'int', 'int'],
  cudnnDestroyTensorDescriptor: ['void *'],
  cudnnCreateFilterDescriptor: ['void *'],
  cudnnSetFilter4dDescriptor: ['void *', 'int', 'int', 'int', 'int', 'int', 'int'],
  cudnnDestroyFilterDescriptor: ['void *'],
  cudnnCreateConvolutionDescriptor: ['void *'],
  cudnnSetConvolution2dDescriptor: ['void *', 'int', 'int', 'int', 'int', 'int', 'int', 'int', 'int'],
  cudnnSetConvolutionGroupCount: ['void *', 'int'],
  cudnnSetConvolutionMathType: ['void *', 'int'],
  cudnnDestroyConvolutionDescriptor: ['void *'],
  cudnnGetConvolutionForwardAlgorithm_v7: search,
  cudnnGetConvolutionForwardWorkspaceSize: workspace,
  cudnnConvolutionForward: run,
  cudnnGetConvolutionBackwardDataAlgorithm_v7: search,
  cudnnGetConvolutionBackwardDataWorkspaceSize: workspace,
  cudnnConvolutionBackwardData: run,
  cudnnGetConvolutionBackwardFilterAlgorithm_v7: search,
  cudnnGetConvolutionBackwardFilterWorkspaceSize: workspace,
  cudnnConvolutionBackwardFilter: run,
} as const

/** The files of CUDA's libraries. */
export interface CudaFiles {
  readonly runtime: string
  readonly driver: string
  readonly compiler: string
  readonly cudnn: string
}

/** CUDA's libraries, as far as kernels of our own need them. */
export class CudaLibraries {
  readonly runtime: CLibrary<typeof runtime>
  readonly driver: CLibrary<typeof driver>
  readonly compiler: CLibrary<typeof compiler>
  readonly cudnn: CLibrary<typeof cudnn>

  /** @throws Error of the first that cannot be loaded. */
  constructor(koffi: Ffi, files: CudaFiles) {
    this.runtime = new CLibrary(koffi, files.runtime, { declared: runtime, explanation: 'cudaGetErrorString' })
    this.driver = new CLibrary(koffi, files.driver, { declared: driver })
    this.compiler = openCompiler(koffi, files.compiler)
    this.cudnn = new CLibrary(koffi, files.cudnn, { declared: cudnn, explanation: 'cudnnGetErrorString' })
  }
}

/** CUDA's compiler, which takes no GPU. */
export function openCompiler(koffi: Ffi, path: string): CLibrary<typeof compiler> {
  return new CLibrary(koffi, path, { declared: compiler, explanation: 'nvrtcGetErrorString' })
}
