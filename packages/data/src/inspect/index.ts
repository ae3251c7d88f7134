export { type ContactSheetOptions, contactSheet } from './contact-sheet.js'
export { type InspectOptions, type InspectReport, inspectImages, type SplitReport } from './inspect.js'
