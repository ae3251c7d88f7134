/**
 * Kinds of options that a configuration shares with the trainer, without the trainer.
 *
 * @packageDocumentation
 */

export { type Storage, storageOption } from '@convzoo/safetensors/blob'
export { type ClassWeights, classWeightsOption } from './class-weights.js'
export { type ParameterGroup, parameterGroupsOption } from './parameter-groups.js'
