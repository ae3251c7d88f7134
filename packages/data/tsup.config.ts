import { library } from '../../tools/tsup.js'

export default library({ workers: ['src/images/image-worker.ts'] })
