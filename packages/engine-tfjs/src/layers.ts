/**
 * The layers that a LayersModel lacks of those that convzoo exports. Importing this registers them, in Node.js and in a browser; then
 * `tf.loadLayersModel` opens what `convzoo export --format tfjs` wrote.
 *
 * @packageDocumentation
 */

import { registerLayers } from './layers/register.js'

registerLayers()
