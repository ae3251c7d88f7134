export { myNet } from './my-net.js'
