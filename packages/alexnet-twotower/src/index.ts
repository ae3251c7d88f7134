export { alexnetTwoTower } from './alexnet-twotower.js'
