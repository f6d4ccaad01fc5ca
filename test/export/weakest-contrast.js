// Runs in the page: the lowest contrast between visible text and its
// background.
;(() => {
  function numbers(colour) {
    const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number)
    return { red, green, blue, alpha }
  }
  function luminance({ red, green, blue }) {
    const [r, g, b] = [red, green, blue].map((value) => {
      const part = value / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  function backgroundOf(element) {
    for (let at = element; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor)
      if (colour.alpha === 1) return colour
    }
    return { red: 255, green: 255, blue: 255 }
  }
  const contrasts = [...document.querySelectorAll('body *')]
    .filter((element) => element.checkVisibility() && !element.disabled)
    .filter(({ childNodes }) =>
      [...childNodes].some((node) => node.nodeType === 3 && node.data.trim()),
    )
    .map((element) => {
      const lights = [numbers(getComputedStyle(element).color), backgroundOf(element)].map(
        luminance,
      )
      return (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05)
    })
  return Math.min(...contrasts)
})()
