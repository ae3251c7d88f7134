export { googlenet } from './googlenet.js'
