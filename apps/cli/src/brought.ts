import { bringPlugins } from '@convzoo/run/plugins'

// The networks and engines that this package depends on are found as if the user's project had them.
bringPlugins(import.meta.url)

export { bringPlugins }
