export { type PlotOptions, renderDot } from './dot.js'
