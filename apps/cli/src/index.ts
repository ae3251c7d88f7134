import { bringPlugins } from '@convzoo/run'

export * from '@convzoo/run'

// The networks and engines that this package depends on are found as if the user's project had them.
bringPlugins(import.meta.url)
