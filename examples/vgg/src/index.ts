export { vgg } from './vgg.js'
