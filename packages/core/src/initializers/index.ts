export {
  fans,
  glorotUniform,
  type Initializer,
  type InitializerName,
  initialize,
  initializerNames,
  ones,
  zeros,
} from './initializers.js'
