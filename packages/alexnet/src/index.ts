export { alexnet } from './alexnet.js'
