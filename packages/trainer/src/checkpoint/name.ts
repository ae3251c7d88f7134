/** The name of a checkpoint's file in the folder of a run: that of the step it stands at. */
export const checkpointName = (step: number): string => `step-${String(step).padStart(8, '0')}.safetensors`

/** The step that a file's name says; undefined where it says none. */
export function stepOfName(path: string): number | undefined {
  const [, digits] = /^step-(\d{1,15})\.safetensors$/.exec(path.replace(/^.*[\\/]/s, '')) ?? []
  return digits === undefined ? undefined : Number(digits)
}
