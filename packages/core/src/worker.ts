export { type Channel, WorkerClient } from './worker/client.js'
export type { Arrays } from './worker/protocol.js'
export { RemoteExecutable } from './worker/remote-executable.js'
export { type Host, type ServeOptions, serve } from './worker/serve.js'
