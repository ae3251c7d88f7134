import { library } from '../../tools/tsup.js'

export default library({ workers: ['src/page/page-script.ts'] })
