import { library } from '../../tools/tsup.js'

export default library({ compact: true, workers: ['src/page/report-script.ts'], bundled: ['uplot'] })
