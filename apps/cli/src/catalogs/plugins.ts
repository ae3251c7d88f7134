import { alexnet } from '@convzoo/alexnet'
import { type Registry, register, sharedRegistry } from '@convzoo/core'

/** The architectures that come with the command line. */
const bundled = [alexnet]

/** The registry of this process, with the architectures that come with the command line in it. */
export function architectures(): Registry {
  bundled.forEach(register)
  return sharedRegistry()
}
