import { ConvzooError } from '../errors/index.js'
import { defineOptions, functionOf, isOptionsObject, matching, requireArguments, text } from '../options/index.js'
import { type ActivationFunction, type ActivationName, activations } from './activations.js'

declare global {
  namespace Convzoo {
    /**
     * The activations that installed plugins register. A plugin adds its own, so that editors complete them; any other name is allowed
     * too.
     *
     * @example
     * declare global {
     *   namespace Convzoo {
     *     interface ActivationNames {
     *       cubic: true
     *     }
     *   }
     * }
     */
    interface ActivationNames {}
  }
}

/** An activation under a name. */
export interface Activation {
  readonly name: string
  readonly call: ActivationFunction
}

const activationParts = defineOptions({ name: text, call: functionOf<ActivationFunction>() })
const activationOption = matching('{ name, call }', isOptionsObject)

/**
 * Checks an activation and gives it back.
 *
 * @throws ConvzooError of kind `option` for a part that is unknown or does not fit.
 * @example
 * export const cubic = defineActivation({ name: 'cubic', call: (ops, x) => ops.multiply(ops.square(x), x) })
 */
export function defineActivation(activation: Activation): Activation {
  requireArguments('defineActivation', { activation: [activationOption, activation] })
  return Object.freeze(activationParts.parse('the activation', activation))
}

const key: unique symbol = Symbol.for('convzoo.activations/v1')

const holder: typeof globalThis & { [key]?: Map<string, ActivationFunction> } = globalThis

/** What has registered in this process, shared by every copy of core that is loaded. */
function registered(): Map<string, ActivationFunction> {
  holder[key] ??= new Map()
  return holder[key]
}

/**
 * Lets an activation be chosen by its name: what a plugin does when it is imported. The same again does nothing.
 *
 * @throws ConvzooError of kind `registry` if the name stands for another function.
 * @example
 * registerActivation(cubic)
 * const x = conv2d({ filters: 8, kernelSize: 3, activation: 'cubic' })(images)
 */
export function registerActivation(activation: Activation): void {
  requireArguments('registerActivation', { activation: [activationOption, activation] })
  const { name, call } = activationParts.parse('the activation', activation)
  const known = activationNamed(name)
  if (known === undefined) registered().set(name, call)
  else if (known !== call) {
    throw new ConvzooError({
      kind: 'registry',
      message: `Two functions would be the activation "${name}".`,
      expected: 'the one that was there first',
      received: 'another',
      hint: 'give one of them another name, or pass the function itself instead of a name',
    })
  }
}

/** The function of a name, if there is one. */
export function activationNamed(name: string): ActivationFunction | undefined {
  return isOfCore(name) ? activations[name] : registered().get(name)
}

/** All names, those of core first. */
export function knownActivations(): readonly string[] {
  return [...Object.keys(activations), ...registered().keys()]
}

const isOfCore = (name: string): name is ActivationName => Object.hasOwn(activations, name)
