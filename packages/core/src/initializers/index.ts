export {
  fans,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  initialize,
  lecunNormal,
  lecunUniform,
  ones,
  zeros,
} from './initializers.js'
export {
  type Initializer,
  type InitializerInput,
  type InitializerName,
  initializer,
  randomNormal,
  randomUniform,
  truncatedNormal,
} from './option.js'
