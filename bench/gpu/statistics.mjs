/** Images a second and milliseconds of a step, of what was measured. */
export function rates({ mode, batch, error, milliseconds = [], processMiB, gpuMiB }) {
  const sorted = milliseconds.toSorted((a, b) => a - b)
  const about = { mode, batch, processMiB, gpuMiB }
  if (sorted.length === 0) return { ...about, error: error ?? 'no time was left' }
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
  const [best, p50, p90] = [at(0), at(0.5), at(0.9)].map((value) => Number(value.toFixed(3)))
  const perSecond = (ms) => Number(((batch * 1000) / ms).toFixed(1))
  return {
    ...about,
    error,
    steps: sorted.length,
    ms: { best, p50, p90 },
    imagesPerSecond: { best: perSecond(best), p50: perSecond(p50) },
  }
}

/** A line a case, as text. */
export function table(contestants) {
  const width = Math.max(...contestants.map(({ name }) => name.length))
  return contestants
    .flatMap(({ name, failure, cases }) => [
      ...cases.map(({ mode, batch, ms, imagesPerSecond, error }) => {
        const start = `${name.padEnd(width)} ${mode.padEnd(11)} ${String(batch).padStart(4)}`
        if (ms === undefined) return `${start}  not measured: ${error}`
        return `${start}  ${imagesPerSecond.p50} img/s (best ${imagesPerSecond.best}), ${ms.p50} ms (best ${ms.best}, p90 ${ms.p90})`
      }),
      ...(failure === undefined ? [] : [`${name.padEnd(width)} out: ${failure}`]),
    ])
    .join('\n')
}
