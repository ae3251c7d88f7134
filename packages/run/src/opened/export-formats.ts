/** What other software runs. */
export const exportFormats = ['onnx'] as const
export type ExportFormat = (typeof exportFormats)[number]
