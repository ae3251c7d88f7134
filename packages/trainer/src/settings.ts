/**
 * Kinds of options and what can be chosen by name that a configuration shares with the trainer, without the trainer.
 *
 * @packageDocumentation
 */

export { type Storage, storageOption } from '@convzoo/safetensors/blob'
export { callbackDefinitions } from './callbacks/definitions.js'
export { type ClassWeights, classWeightsOption } from './class-weights.js'
export { metricDefinitions } from './metrics/definitions.js'
export { type ParameterGroup, parameterGroupsOption } from './parameter-groups.js'
