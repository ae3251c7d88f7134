export { focal } from './focal.js'
