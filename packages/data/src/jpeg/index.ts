export { decodeJpegPart } from './decode-jpeg.js'
export { mostScans } from './progressive-scans.js'
