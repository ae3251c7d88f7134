import { type Ffi, keepLoaded } from './koffi.js'

/**
 * Loads libraries by their paths, in this order, for the whole process: whatever needs one of them by its name is then given that one,
 * wherever it is. So no variable has to say where CUDA is.
 *
 * @throws Error of the first that cannot be loaded, in the words of the system.
 */
export function preload(koffi: Ffi, paths: readonly string[]): void {
  for (const path of paths) {
    koffi.load(path)
    keepLoaded(koffi, path)
  }
}
