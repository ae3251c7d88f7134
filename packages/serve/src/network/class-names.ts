/** Names of the outputs of a network; their numbers where nobody knows names, or not so many. */
export const classNames = (known: readonly string[] | undefined, count: number): readonly string[] =>
  known?.length === count ? known : Array.from({ length: count }, (_, label) => String(label))
