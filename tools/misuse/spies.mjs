// Hears of the calls of the packages' functions, so that their arguments can be had, or changed on their way.

let listener

const heard = (name, call) => (self, given) =>
  listener === undefined ? call(self, given) : listener({ name, self, given, call })

const isClass = (value) => /^class\b/.test(Function.prototype.toString.call(value))

/** Where what the language itself gives begins. */
export const ofTheLanguage = new Set([null, Object.prototype, Function.prototype, Error, Error.prototype])

/** Its own members, and those that it inherits. */
function membersOf(owner) {
  if (ofTheLanguage.has(owner)) return {}
  return { ...membersOf(Object.getPrototypeOf(owner)), ...Object.getOwnPropertyDescriptors(owner) }
}

/** A function that tells of its calls under its name; of a class also its methods, as `Class.method`. */
export function spied(value, name) {
  if (typeof value !== 'function') return value
  if (!isClass(value)) {
    const apply = heard(name, (self, given) => Reflect.apply(value, self, given))
    return new Proxy(value, { apply: (_, self, given) => apply(self, given) })
  }
  for (const owner of [value, value.prototype]) {
    for (const [method, { value: own, configurable }] of Object.entries(membersOf(owner))) {
      if (typeof own !== 'function' || method === 'constructor' || !configurable || own.isSpied) continue
      const apply = heard(`${name}.${method}`, (self, given) => Reflect.apply(own, self, given))
      const told = function (...given) {
        return apply(this, given)
      }
      Object.defineProperties(told, { isSpied: { value: true }, length: { value: own.length } })
      Object.defineProperty(owner, method, { value: told, writable: true, configurable: true })
    }
  }
  const construct = heard(name, (_, given) => Reflect.construct(value, given))
  return new Proxy(value, { construct: (_, given) => construct(undefined, given) })
}

/** What is done while each call of `name` goes through `through`; the calls of others, and those within it, go their way. */
export async function spyOn(name, through, work) {
  const before = listener
  listener = ({ name: called, self, given, call }) => {
    if (called !== name) return call(self, given)
    listener = before
    return through({ self, given, call })
  }
  try {
    return await work()
  } finally {
    listener = before
  }
}

class Captured {
  constructor(call) {
    this.call = call
  }
}

/** How `name` is called when `work` is done: `self`, `given`, and `call`, which does it. It is not called for that. */
export async function captured(name, work) {
  try {
    await spyOn(
      name,
      (call) => {
        throw new Captured(call)
      },
      work,
    )
  } catch (error) {
    if (error instanceof Captured) return error.call
    throw error
  }
  throw new Error(`${name} was not called.`)
}
