export { decodeJpegPart } from './decode-jpeg.js'
