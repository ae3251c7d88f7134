export { type MnistOptions, mnist, mnistPreprocessing } from './mnist.js'
