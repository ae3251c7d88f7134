export { nin } from './nin.js'
