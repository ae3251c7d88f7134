import type { Outputs } from '../contracts/index.js'
import type { ErrorFields } from '../errors/index.js'

export type Arrays = Readonly<Record<string, Float32Array | Uint32Array>>

/** What the caller's thread asks an engine's worker for. Requests are answered in their order; `start` comes first. */
export type Request<Start = unknown> =
  | { readonly type: 'start'; readonly start: Start }
  /** `after` as in `runAfter`. */
  | { readonly type: 'run'; readonly name: string; readonly inputs: Arrays; readonly after?: true }
  | { readonly type: 'read'; readonly name: string }
  /** Puts a state tensor aside until `commit`. */
  | { readonly type: 'stage'; readonly name: string; readonly data: Float32Array }
  | { readonly type: 'commit' }
  | { readonly type: 'discard' }
  | { readonly type: 'stop' }

export type Answer =
  | { readonly type: 'done' }
  /** What the worker found when it started: the runtime's version, the device; whether it has `runAfter`. */
  | { readonly type: 'started'; readonly description: string; readonly after: boolean }
  /** `inputs` come back so that their memory serves again. `undone`: not made, since the call before was not. */
  | { readonly type: 'ran'; readonly outputs: Outputs; readonly inputs: Arrays; readonly undone?: true }
  | { readonly type: 'read'; readonly data: Float32Array }
  | { readonly type: 'failed'; readonly error: ErrorFields }
