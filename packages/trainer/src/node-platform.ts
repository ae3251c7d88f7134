import { AsyncLocalStorage } from 'node:async_hooks'
import { openSafetensors, writeSafetensors } from '@convzoo/safetensors'
import type { CallScope, Platform } from './platform.js'

/** Node.js, and whatever has its modules: files of the system, and calls that are followed. */
export const nodePlatform: Platform = {
  files: { write: writeSafetensors, open: openSafetensors },
  scope<T>(): CallScope<T> {
    const storage = new AsyncLocalStorage<T>()
    return {
      follows: true,
      run: (value, work) => storage.run(value, work),
      current: () => storage.getStore(),
    }
  },
}
