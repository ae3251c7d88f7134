export { type AdaGradOptions, adaGrad } from './adagrad.js'
export { channelGate } from './channel-gate.js'
export { gatedNet } from './gated-net.js'
