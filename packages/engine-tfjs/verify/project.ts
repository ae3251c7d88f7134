/** The project whose native packages are verified. */
export const project = process.env.CONVZOO_TFJS_PROJECT ?? process.cwd()
