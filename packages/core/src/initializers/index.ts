export {
  fans,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initializer,
  type InitializerName,
  initialize,
  lecunNormal,
  lecunUniform,
  ones,
  zeros,
} from './initializers.js'
export {
  type InitializerInput,
  initializer,
  randomNormal,
  randomUniform,
  truncatedNormal,
} from './option.js'
