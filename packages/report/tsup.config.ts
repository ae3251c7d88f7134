import { library } from '../../tools/tsup.js'

export default library({ compact: true, scripts: ['src/page/report-script.ts'] })
