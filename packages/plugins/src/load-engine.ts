import { ConvzooError, type Engine } from '@convzoo/core'
import { messageOf, requireSpecification } from '@convzoo/core/define'
import { engineSpecification } from '@convzoo/core/engine'
import { type Definition, isDefinition } from './definition.js'
import type { Plugin } from './find.js'
import { loadProvided } from './provided.js'

/** Makes an engine; what options it takes is the engine's own affair. */
export interface EngineFactory {
  (options: Readonly<Record<string, unknown>>): Engine
  /** What it says of itself and of its options; not there where the package exports a plain function. */
  readonly definition?: Definition
}

/**
 * Imports a plugin and gives what makes the engine of that name. What it makes is checked when it is called.
 *
 * @throws ConvzooError of kind `engine` if the package cannot be imported, or exports nothing that makes the engine.
 */
export async function loadEngine(plugin: Plugin, name: string): Promise<EngineFactory> {
  const make = await loadProvided(plugin, engineSpecification, name)
  const checked = (options: Readonly<Record<string, unknown>>): Engine => {
    const engine = madeBy(plugin, name, () => make(options))
    requireEngine(`The engine "${name}" of ${plugin.name}@${plugin.version}`, engine)
    return engine
  }
  return isDefinition(make) ? Object.assign(checked, { definition: make }) : checked
}

/** A plugin's function may give anything, nothing included. */
function requireEngine(subject: string, made: unknown): asserts made is Engine {
  requireSpecification(subject, Reflect.get(Object(made), 'specification'), engineSpecification)
}

/** What a plugin's function gives. An error that is none of convzoo's does not say whose it is. */
function madeBy({ name, version }: Plugin, engine: string, make: () => unknown): unknown {
  try {
    return make()
  } catch (cause) {
    if (ConvzooError.isInstance(cause)) throw cause
    throw new ConvzooError({
      kind: 'engine',
      message: `The engine "${engine}" of ${name}@${version} cannot be made: ${messageOf(cause)}`,
      hint: `install another version of ${name}, or tell its author`,
      cause,
    })
  }
}
