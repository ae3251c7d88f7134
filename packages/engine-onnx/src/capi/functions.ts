/** What a function of the table takes, as it is passed on: addresses are whole numbers, arrays are passed by the address of their memory. */
export interface Parameter {
  readonly pointer: bigint | NodeJS.TypedArray | null
  readonly text: string
  /** Of a file; the system's own characters, which are two bytes each on Windows. */
  readonly path: string
  readonly texts: readonly string[]
  readonly int: number
  readonly size: number
}

interface Declared {
  /** Its place in the table. */
  readonly place: number
  readonly takes: readonly (keyof Parameter)[]
}

/** @param place Counted from 0. */
const at = <const T extends readonly (keyof Parameter)[]>(place: number, ...takes: T) => ({ place, takes })

/**
 * The version of the interface that is asked for: the one that brought the last of these functions, ONNX Runtime 1.24. A later library gives
 * it, an earlier one does not have it.
 */
export const apiVersion = 24

/**
 * The functions of ONNX Runtime's C interface that are called here, by their names there: those that give a status, which is null or an
 * error. The last argument of those that make something is where its address is written.
 *
 * Source: `struct OrtApi` in include/onnxruntime/core/session/onnxruntime_c_api.h of ONNX Runtime 1.30. Its order is a contract: functions
 * are added at the end, and none is moved or removed.
 */
export const functions = {
  CreateEnv: at(3, 'int', 'text', 'pointer'),
  DisableTelemetryEvents: at(6, 'pointer'),
  CreateSessionFromArray: at(8, 'pointer', 'pointer', 'size', 'pointer', 'pointer'),
  CreateSessionOptions: at(10, 'pointer'),
  CloneSessionOptions: at(12, 'pointer', 'pointer'),
  SetSessionExecutionMode: at(13, 'pointer', 'int'),
  EnableProfiling: at(14, 'pointer', 'path'),
  DisableMemPattern: at(17, 'pointer'),
  SetSessionGraphOptimizationLevel: at(23, 'pointer', 'int'),
  SetIntraOpNumThreads: at(24, 'pointer', 'int'),
  SetInterOpNumThreads: at(25, 'pointer', 'int'),
  CreateCustomOpDomain: at(26, 'text', 'pointer'),
  CustomOpDomain_Add: at(27, 'pointer', 'pointer'),
  AddCustomOpDomain: at(28, 'pointer', 'pointer'),
  CreateRunOptions: at(39, 'pointer'),
  CreateTensorAsOrtValue: at(48, 'pointer', 'pointer', 'size', 'int', 'pointer'),
  CreateTensorWithDataAsOrtValue: at(49, 'pointer', 'pointer', 'size', 'pointer', 'size', 'int', 'pointer'),
  GetTensorMutableData: at(51, 'pointer', 'pointer'),
  CreateMemoryInfo: at(68, 'text', 'int', 'int', 'int', 'pointer'),
  KernelContext_GetInput: at(90, 'pointer', 'size', 'pointer'),
  KernelContext_GetOutput: at(91, 'pointer', 'size', 'pointer', 'size', 'pointer'),
  AddSessionConfigEntry: at(130, 'pointer', 'text', 'text'),
  CreateAllocator: at(131, 'pointer', 'pointer', 'pointer'),
  RunWithBinding: at(133, 'pointer', 'pointer', 'pointer'),
  CreateIoBinding: at(134, 'pointer', 'pointer'),
  BindInput: at(136, 'pointer', 'text', 'pointer'),
  BindOutput: at(137, 'pointer', 'text', 'pointer'),
  AddRunConfigEntry: at(165, 'pointer', 'text', 'text'),
  KernelContext_GetGPUComputeStream: at(193, 'pointer', 'pointer'),
  SessionOptionsAppendExecutionProvider_CUDA_V2: at(204, 'pointer', 'pointer'),
  CreateCUDAProviderOptions: at(205, 'pointer'),
  UpdateCUDAProviderOptions: at(206, 'pointer', 'texts', 'texts', 'size'),
  Session_GetEpGraphAssignmentInfo: at(407, 'pointer', 'pointer', 'pointer'),
  EpAssignedSubgraph_GetEpName: at(408, 'pointer', 'pointer'),
  EpAssignedSubgraph_GetNodes: at(409, 'pointer', 'pointer', 'pointer'),
  EpAssignedNode_GetOperatorType: at(412, 'pointer', 'pointer'),
} as const satisfies Readonly<Record<string, Declared>>

/** The functions that give something back, which gives no status. */
export const releases = {
  Env: 92,
  Status: 93,
  MemoryInfo: 94,
  Session: 95,
  Value: 96,
  RunOptions: 97,
  SessionOptions: 100,
  CustomOpDomain: 101,
  Allocator: 132,
  IoBinding: 135,
  CUDAProviderOptions: 208,
} as const

/** `const char* GetErrorMessage(const OrtStatus*)`. */
export const errorMessagePlace = 2

export type FunctionName = keyof typeof functions
export type Released = keyof typeof releases

/** Any of what functions take. */
export type Value = Parameter[keyof Parameter]

type Values<T extends readonly (keyof Parameter)[]> = { readonly [I in keyof T]: Parameter[T[I]] }

/** What a function takes. */
export type Arguments<N extends FunctionName> = Values<(typeof functions)[N]['takes']>

/** What a function takes that writes an address to where its last argument says: all but that one. */
export type Making<N extends FunctionName> =
  Arguments<N> extends readonly [...infer Before extends readonly Value[], infer _] ? Before : never
