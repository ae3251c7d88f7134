/**
 * Faults of a system that is not this one. The functions of Node.js themselves fail as they do there, so that a test sees what its user
 * would see, through every package.
 */
import fs from 'node:fs'
import promises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

function replace(owner, name, value) {
  const original = owner[name]
  owner[name] = value
  syncBuiltinESMExports()
  return () => {
    owner[name] = original
    syncBuiltinESMExports()
  }
}

/**
 * Makes a function of `node:fs` and of `node:fs/promises` refuse paths: the first `times` calls for each path, until it is disposed of.
 *
 * `met` holds the path of each refused call.
 */
export function refusing(name, { code, times, path = /(?:)/ }) {
  const met = []
  const counts = new Map()
  const refuse = (given) => {
    const text = String(given)
    const count = counts.get(text) ?? 0
    if (!path.test(text) || count >= times) return
    counts.set(text, count + 1)
    met.push(text)
    throw Object.assign(new Error(`${code}: operation not permitted, ${name} '${text}'`), { code, syscall: name })
  }
  const original = promises[name]
  const originalSync = fs[`${name}Sync`]
  const undo = [
    replace(promises, name, async (...given) => {
      refuse(given[0])
      return original(...given)
    }),
    replace(fs, `${name}Sync`, (...given) => {
      refuse(given[0])
      return originalSync(...given)
    }),
  ]
  return {
    met,
    [Symbol.dispose]() {
      for (const each of undo) each()
    },
  }
}

/** Until it is disposed of, this process takes itself for one on another system; paths and native code stay those of this one. */
export function takenFor(platform) {
  const original = Object.getOwnPropertyDescriptor(process, 'platform')
  Object.defineProperty(process, 'platform', { ...original, value: platform })
  return { [Symbol.dispose]: () => Object.defineProperty(process, 'platform', original) }
}
