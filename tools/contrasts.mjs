/** Of texts of a page in a browser, by their selectors: the contrast to what is behind each, as WCAG 2.2 counts it. */
export const contrastsOf = (page, selectors) =>
  page.evaluate((chosen) => {
    const luminance = (colour) => {
      const linear = /(\d+), (\d+), (\d+)/
        .exec(colour)
        .slice(1, 4)
        .map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4))
      return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }
    const behind = (element) => {
      const { backgroundColor } = getComputedStyle(element)
      return /, 0\)$/.test(backgroundColor) ? behind(element.parentElement) : backgroundColor
    }
    return chosen.map((selector) => {
      const element = document.querySelector(selector)
      const [one, other] = [luminance(getComputedStyle(element).color), luminance(behind(element))]
      return { selector, contrast: (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05) }
    })
  }, selectors)
