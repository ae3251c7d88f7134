import { messageOf } from '@convzoo/core/define'
import type * as Koffi from 'koffi'

export type Ffi = typeof Koffi

let loaded: Promise<Ffi> | undefined

/**
 * koffi, which calls functions of a library without a compiler.
 *
 * @throws Error that says what keeps it from being loaded.
 */
export function loadKoffi(): Promise<Ffi> {
  loaded ??= import('koffi').catch((error: unknown) => {
    throw new Error(`the package koffi cannot be loaded: ${messageOf(error).split('\n')[0]}`, { cause: error })
  })
  return loaded
}

/**
 * Has a library stay in the process to its end. koffi unloads what a thread has loaded when the thread ends, and a session that was not
 * released has threads of its own, which would run on in memory that is no more.
 */
export function keepLoaded(koffi: Ffi, path: string): void {
  if (process.platform === 'win32') {
    koffi.load('kernel32.dll').func('LoadLibraryW', 'void *', ['str16'])(path)
    return
  }
  const now = 2
  koffi.load(null).func('dlopen', 'void *', ['str', 'int'])(path, now)
}
