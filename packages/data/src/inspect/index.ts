export {
  type ContactSheetOptions,
  contactSheet,
  displayedImages,
  type SheetLayout,
  sheetLayout,
} from './contact-sheet.js'
export { type InspectOptions, type InspectReport, inspectImages, type SplitReport } from './inspect.js'
