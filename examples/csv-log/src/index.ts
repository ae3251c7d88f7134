export { csvLog } from './csv-log.js'
