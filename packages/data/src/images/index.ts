export { type BadImageOptions, type BadImagePolicy, badImagePolicies } from './bad-images.js'
export { type ImageDataset, type ImageDatasetOptions, imageDataset } from './image-dataset.js'
export { type PictureReader, type PictureReaderOptions, pictureReader, type ReadPicture } from './picture-reader.js'
export type { BadImage, ImageListing, ImageReference } from './reference.js'
