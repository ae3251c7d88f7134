import { ConvzooError } from '@convzoo/core'
import { oneOf, requireArguments } from '@convzoo/core/define'
import { installCommand } from './install-command.js'

/** Packages that are installed when they are asked for, and what for. */
const purposes = {
  '@convzoo/engine-onnx': 'runs networks by ONNX Runtime',
  '@convzoo/engine-tfjs': 'runs networks by TensorFlow.js',
  '@convzoo/visualize': 'draws pictures',
} as const

/** A package that is installed when it is asked for. */
export type OptionalPackage = keyof typeof purposes

const optionalPackage = oneOf(...Object.keys(purposes))

/** The error for a package that is not there: what it is for, and the command that installs it. */
export async function missingPackage(name: OptionalPackage): Promise<ConvzooError> {
  return new ConvzooError({
    kind: 'registry',
    message: `${name}, which ${purposes[name]}, is not installed.`,
    hint: `${await installCommand(name)}, where convzoo is installed`,
  })
}

/**
 * For the `catch` of an import: says what to install where the package itself is not there, and leaves other errors as they are. Bundlers
 * leave such an import alone where the package is missing.
 *
 * @example
 * const { graphSvg } = await import('@convzoo/visualize').catch(orNotInstalled('@convzoo/visualize'))
 */
export function orNotInstalled(name: OptionalPackage): (error: unknown) => Promise<never> {
  requireArguments('orNotInstalled', { name: [optionalPackage, name] })
  return async (error) => {
    throw isMissing(name, error) ? await missingPackage(name) : error
  }
}

/** Node says `Cannot find package '@convzoo/visualize' imported from …`; where a file of it is gone it says another name. */
const isMissing = (name: string, error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  error.code === 'ERR_MODULE_NOT_FOUND' &&
  String('message' in error ? error.message : '').includes(`'${name}'`)
