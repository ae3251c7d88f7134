import { library } from '../../tools/tsup.js'

// The native packages are found at run time, in the user's project: their names are strings that no bundler sees.
export default library({
  workers: ['src/runtime/tfjs-worker.ts', 'src/native/tfjs-probe.ts', 'src/layers-model/layers-model-worker.ts'],
})
