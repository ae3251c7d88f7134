import { alexnet } from '@convzoo/alexnet'
import { alexnetTwoTower } from '@convzoo/alexnet-twotower'
import { type Registry, register, sharedRegistry } from '@convzoo/core'
import { nin } from '@convzoo/nin'
import { zfnet } from '@convzoo/zfnet'

/** The architectures that come with the command line. */
const bundled = [alexnet, alexnetTwoTower, zfnet, nin]

/** The registry of this process, with the architectures that come with the command line in it. */
export function architectures(): Registry {
  bundled.forEach(register)
  return sharedRegistry()
}
