import type { Shape } from '@convzoo/core'
import type { LoweredFunction } from '../lowering/lowered.js'

/** What a worker needs before it can run anything. */
export interface WorkerStart {
  readonly functions: readonly LoweredFunction[]
  readonly state: readonly { readonly name: string; readonly shape: Shape }[]
  readonly threads: number
}

export type Arrays = Readonly<Record<string, Float32Array | Uint32Array>>

/** What the main thread asks for. Requests are answered in their order. */
export type Request =
  | { readonly type: 'start'; readonly start: WorkerStart }
  | { readonly type: 'run'; readonly name: string; readonly inputs: Arrays }
  | { readonly type: 'read'; readonly name: string }
  /** Puts a tensor aside until `commit`. */
  | { readonly type: 'stage'; readonly name: string; readonly data: Float32Array }
  | { readonly type: 'commit' }
  | { readonly type: 'discard' }
  | { readonly type: 'stop' }

export type Answer =
  | { readonly type: 'done' }
  /** `inputs` come back so that their memory serves again. */
  | {
      readonly type: 'ran'
      readonly outputs: Readonly<Record<string, Float32Array | Uint8Array>>
      readonly inputs: Arrays
    }
  | { readonly type: 'read'; readonly data: Float32Array }
  | { readonly type: 'failed'; readonly message: string; readonly missingRuntime: boolean }
