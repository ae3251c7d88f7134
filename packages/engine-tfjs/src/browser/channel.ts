import type { serve, WorkerClient } from '@convzoo/core/engine'
import type { HostStart } from '../runtime/host.js'

type Caller = WorkerClient['channel']
type HostPort = Parameters<typeof serve<HostStart>>[0]
type Listener<Message> = (message: Message) => void

/** Both ends of a way within one thread: messages are handed over as they are, in a later turn. */
export function channel(): { readonly caller: Caller; readonly host: HostPort } {
  const toHost = oneWay<Parameters<Parameters<HostPort['on']>[1]>[0]>()
  const toCaller = oneWay<Parameters<Parameters<Caller['on']>[1]>[0]>()
  return {
    caller: {
      postMessage: toHost.send,
      on: (_, listener) => toCaller.listen(listener),
      // A page lives as long as it is open.
      ref: () => undefined,
      unref: () => undefined,
    },
    host: { postMessage: toCaller.send, on: (_, listener) => toHost.listen(listener) },
  }
}

function oneWay<Message>() {
  let heard: Listener<Message> | undefined
  return {
    listen(listener: Listener<Message>): void {
      heard = listener
    },
    send(message: Message): void {
      queueMicrotask(() => heard?.(message))
    },
  }
}
