export type { Declaration } from './declaration.js'
export { type FindOptions, type FoundPlugins, findPlugins, type Plugin, type PluginProblem } from './find.js'
export {
  type EngineFactory,
  type LoadedPlugin,
  type LoadedPlugins,
  type LoadOptions,
  loadArchitectures,
  loadEngine,
  loadPlugins,
} from './load.js'
