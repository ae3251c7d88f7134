// Loaded into the processes that `verify:hostile` starts: writes down the most memory that they held, in kB.
import { writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const { CONVZOO_METER: path } = process.env
if (path !== undefined && isMainThread) {
  process.on('exit', () => {
    writeFileSync(path, String(process.resourceUsage().maxRSS))
  })
}
