import { isOptionsObject, matching } from '@convzoo/core/define'
import { contracts } from './contracts.js'
import type { FoundPlugins, Plugin } from './find.js'

const isPlugin = (given: unknown): given is Plugin =>
  isOptionsObject(given) &&
  ['name', 'version', 'folder'].every((part) => typeof Reflect.get(given, part) === 'string') &&
  'provides' in given &&
  isOptionsObject(given.provides) &&
  contracts.every((contract) => Array.isArray(Reflect.get(Object(given.provides), contract))) &&
  'weights' in given &&
  isOptionsObject(given.weights)

/** A plugin that was found. */
export const pluginKind = matching('a plugin, as findPlugins() gives it', isPlugin)

/** All plugins that were found. */
export const foundKind = matching(
  'what findPlugins() gives',
  (given): given is FoundPlugins =>
    isOptionsObject(given) &&
    ['plugins', 'problems'].every((list) => {
      const members: unknown = Reflect.get(given, list)
      return Array.isArray(members) && members.every(isPlugin)
    }),
)
