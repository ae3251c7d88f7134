/** The place of the largest value; of equal ones the first. */
export function argmax(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0
  for (let index = 1; index < count; index++) {
    if ((values[start + index] ?? 0) > (values[start + best] ?? 0)) best = index
  }
  return best
}

/** How many values come before the one at `place`: those larger, and equal ones with a lower place. A NaN counts against it. */
export function rankOf(values: ArrayLike<number>, start: number, count: number, place: number): number {
  const value = values[start + place] ?? Number.NaN
  let before = 0
  for (let index = 0; index < count; index++) {
    const other = values[start + index] ?? Number.NaN
    const after = other < value || (other === value && index >= place)
    if (!after && index !== place) before++
  }
  return before
}
