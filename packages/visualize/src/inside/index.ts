export { type Activations, type ActivationsOptions, activations } from './activations.js'
export { classMaps } from './class-maps.js'
export { firstConvolution, lastConvolution } from './convolutions.js'
export {
  type DeconvnetOptions,
  deconvnet,
  type Projection,
  type TopActivation,
  type TopActivationsOptions,
  topActivations,
} from './deconvnet.js'
export type { Aliasing } from './diagnosis/aliasing.js'
export { type DiagnoseOptions, type Diagnosis, diagnose } from './diagnosis/diagnose.js'
export type { DuplicateFilters } from './diagnosis/duplicates.js'
export {
  type Finding,
  type FindingKind,
  findingKinds,
  type LayerDiagnosis,
  type Severity,
} from './diagnosis/findings.js'
export { diagnosisPage, type PageSection, type PageTable, verdictOf } from './diagnosis/page.js'
export type { Bounds, UnitStatistics } from './diagnosis/units.js'
export { type Evolution, type EvolutionOptions, type EvolutionStage, evolution } from './evolution.js'
export type { Explained, Explaining } from './explained-classes.js'
export { type Filters, type FiltersOptions, filters } from './filters.js'
export { type GradCamOptions, gradCam, lastMaps } from './grad-cam.js'
export { type Attribution, type GradientOptions, guidedGradients, inputGradients } from './gradients.js'
export type { StepWeights } from './history.js'
export { type IntegratedGradientsOptions, integratedGradients } from './integrated-gradients.js'
export { type ClassMaps, type Maps, nthMap, resized } from './maps.js'
export type { Looking, Network } from './network.js'
export { type OcclusionOptions, type Occlusions, occlusion } from './occlusion.js'
export { type Figure, figuresPage } from './page.js'
export { type Box, type ReceptiveFields, receptiveFields } from './receptive-field.js'
export { type SmoothGradOptions, smoothGrad } from './smooth-grad.js'
export {
  activationTiles,
  enlarged,
  filterTiles,
  greyTiles,
  heatTiles,
  joined,
  magnitudes,
  overlaid,
  patches,
  signedTiles,
  type Tiles,
} from './tiles.js'
