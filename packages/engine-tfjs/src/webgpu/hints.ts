/** Whose GPU it is: a browser's where there is no process. */
function system(): string | undefined {
  const process: { readonly platform?: string } | undefined = Reflect.get(globalThis, 'process')
  return process?.platform
}

/** Browsers from which on WebGPU is there by default, on one system at least. */
export const browsersWithWebgpu = 'Chrome and Edge 113, Safari 26 and Firefox 141, and later ones'

/** What is missing where there is no adapter. On Linux WebGPU stands on Vulkan, whose loader few systems bring. */
export function missingDriver(): string {
  const platform = system()
  if (platform === undefined)
    return `turn on hardware acceleration in the settings of the browser, or take another one (${browsersWithWebgpu})`
  return platform === 'linux'
    ? "apt-get install libvulkan1 (Vulkan's loader), and the Vulkan driver of the GPU: mesa-vulkan-drivers for AMD and Intel, NVIDIA's own comes with its driver"
    : "install the GPU's current driver"
}

/** How the processor is allowed to do the work. */
export const allowingCpu = (): string => (system() === undefined ? 'allowCpu: true' : '--allow-cpu (allowCpu: true)')

/** How to go on when the device is lost. */
export const goingOn = (): string =>
  system() === undefined
    ? 'load the page anew and go on from the last checkpoint'
    : 'go on from the last checkpoint in a new process (convzoo train --resume <folder>)'
