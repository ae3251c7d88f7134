/** The momentum and the decay of AlexNet's paper (Krizhevsky et al. 2012, §5). */
export const papers = { weightDecay: 5e-4, momentum: 0.9 } as const

/** What optimizers take in a run where nothing is said, instead of their own defaults. */
export const optimizerDefaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  sgdw: papers,
  sgd: papers,
  sgdL2: papers,
  adamW: { learningRate: 3e-4 },
}
