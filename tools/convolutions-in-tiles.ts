/** Padding with which a kernel of `taps` × `taps` keeps the image's size, at a stride of 1. */
export const same = (taps: number) => {
  const before = Math.floor((taps - 1) / 2)
  const after = taps - 1 - before
  return {
    strides: [1, 1],
    dilations: [1, 1],
    groups: 1,
    padding: { top: before, left: before, bottom: after, right: after },
  } as const
}

/** Convolutions that @convzoo/onnx computes in tiles, each with its gradients: what an engine makes of them is compared with exact sums. */
export const convolutionsInTiles = [
  {
    title: '3×3 in tiles that end beyond the image',
    shape: [6, 13, 11, 96],
    taps: 3,
    filters: 80,
    attributes: same(3),
  },
  { title: '5×5', shape: [4, 9, 10, 64], taps: 5, filters: 48, attributes: same(5) },
  { title: '2×2, more padding after', shape: [6, 12, 12, 128], taps: 2, filters: 128, attributes: same(2) },
  { title: '4×4 without padding', shape: [6, 12, 12, 96], taps: 4, filters: 64, attributes: { ...same(1) } },
  {
    title: '3×3, padded by more than it reaches',
    shape: [6, 10, 9, 96],
    taps: 3,
    filters: 80,
    attributes: { ...same(3), padding: { top: 4, left: 3, bottom: 0, right: 5 } },
  },
] as const
