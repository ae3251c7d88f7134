import type { Outputs } from '../contracts/index.js'
import type { ErrorFields } from '../errors/index.js'

export type Arrays = Readonly<Record<string, Float32Array | Uint32Array>>

/** What the caller's thread asks an engine's worker for. Requests are answered in their order; `start` comes first. */
export type Request<Start = unknown> =
  | { readonly type: 'start'; readonly start: Start }
  | { readonly type: 'run'; readonly name: string; readonly inputs: Arrays }
  | { readonly type: 'read'; readonly name: string }
  /** Puts a state tensor aside until `commit`. */
  | { readonly type: 'stage'; readonly name: string; readonly data: Float32Array }
  | { readonly type: 'commit' }
  | { readonly type: 'discard' }
  | { readonly type: 'stop' }

export type Answer =
  | { readonly type: 'done' }
  /** What the worker found when it started: the runtime's version, the device. */
  | { readonly type: 'started'; readonly description: string }
  /** `inputs` come back so that their memory serves again. */
  | { readonly type: 'ran'; readonly outputs: Outputs; readonly inputs: Arrays }
  | { readonly type: 'read'; readonly data: Float32Array }
  | { readonly type: 'failed'; readonly error: ErrorFields }
