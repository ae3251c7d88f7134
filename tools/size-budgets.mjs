/**
 * What is published may have so many kB (1000 bytes): the sum of some packages. Nearly half of core is types with what editors say of them.
 */
export const sizeBudgets = [
  { what: '@convzoo/core', packages: ['core'], budget: 370 },
  ...['alexnet', 'alexnet-twotower', 'zfnet', 'nin'].map((name) => ({
    what: `@convzoo/${name} with core`,
    packages: [name, 'core'],
    budget: 395,
  })),
  { what: '@convzoo/plugins', packages: ['plugins'], budget: 52 },
  { what: '@convzoo/nin-fashion-mnist', packages: ['nin-fashion-mnist'], budget: 5000 },
]

/** What a browser may load of core, trainer, NIN and engine tfjs: so many kB, gzipped. */
export const bundleBudget = 250
