/** How a value of rank 4 may lie in memory: [N, H, W, C] as core means it, or [N, C, H, W] as ONNX's convolutions want it. */
export const layouts = ['channelsLast', 'channelsFirst'] as const
export type Layout = (typeof layouts)[number]
