export { resnet9 } from './resnet9.js'
