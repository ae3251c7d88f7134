/** A step that was done. */
export interface Point {
  readonly loss: number
  /** Of the epoch so far, a part of 1. */
  readonly accuracy: number
}

/** Draws losses from 0 to the highest, and accuracies from 0 to 1, over all steps. */
export function drawCurves(canvas: HTMLCanvasElement, points: readonly Point[], steps: number): void {
  const context = canvas.getContext('2d')
  if (context === null) return
  const { width, height } = canvas
  context.clearRect(0, 0, width, height)
  const highest = Math.max(1, ...points.map(({ loss }) => loss))
  const line = (color: string, heightOf: (point: Point) => number): void => {
    context.strokeStyle = color
    context.lineWidth = 2
    context.beginPath()
    for (const [index, point] of points.entries()) {
      context.lineTo(((index + 0.5) / Math.max(steps, points.length)) * width, (1 - heightOf(point)) * height)
    }
    context.stroke()
  }
  line('#1d4ed8', ({ loss }) => loss / highest)
  line('#c2410c', ({ accuracy }) => accuracy)
}
