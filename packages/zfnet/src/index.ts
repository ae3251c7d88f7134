export { zfnet } from './zfnet.js'
