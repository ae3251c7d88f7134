export * from './dataset/index.js'
export * from './idx/index.js'
export * from './mnist/index.js'
