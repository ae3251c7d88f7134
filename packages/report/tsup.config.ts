import { library } from '../../tools/tsup.js'

export default library({ compact: true, keepNames: false, workers: ['src/page/report-script.ts'], bundled: ['uplot'] })
