/** Whether two spellings of a name are meant alike: `sgd-l2` is `sgdL2`. */
export const isSpelled = (a: string, b: string): boolean => plain(a) === plain(b)

const plain = (name: string): string => name.replaceAll('-', '').toLowerCase()
