export { type LiveOptions, type LiveRun, liveRun } from './live/live-run.js'
export { type ReportOptions, report } from './report.js'
export { writeReport } from './write-report.js'
