/** Whether a point is in a shape of area 1 about 0. */
type Inside = (x: number, y: number) => boolean

/** The shapes by name. All have the same area, so that no class is told by how much of the picture it fills. */
export const shapes: Readonly<Record<string, Inside>> = {
  circle: (x, y) => x * x + y * y <= 1 / Math.PI,
  square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) <= 0.5,
  /** Equilateral: of the half-width s at its base, the area is s²·√3. */
  triangle: (x, y) => {
    const half = 3 ** -0.25
    const height = half * Math.sqrt(3)
    const fromTop = y + (2 / 3) * height
    return fromTop >= 0 && fromTop <= height && Math.abs(x) <= (fromTop / height) * half
  },
}

/** How far a corner of the triangle, the farthest of all, is from the middle. */
const farthest = 0.88

/** Numbers from 0 to 1 by which a picture is drawn: place, size, turn, and two colours. */
export const drawsPerPicture = 4 + 6

/** Radians to either side. */
const mostTurn = Math.PI / 12

/** Points of a pixel along each side that are looked at: edges are as smooth as in a photograph. */
const fineness = 3

/**
 * Draws a bright shape on a dark ground.
 *
 * @param image [size, size, 3], bytes from 0 to 255, to be written to.
 */
export function draw(image: Uint8Array, size: number, inside: Inside, draws: ArrayLike<number>): void {
  const of = (place: number): number => draws[place] ?? 0
  const scale = size * (0.25 + 0.3 * of(0))
  const reach = size / 2 - scale * farthest
  const centre = [size / 2 + (2 * of(1) - 1) * reach, size / 2 + (2 * of(2) - 1) * reach] as const
  const turn = mostTurn * (2 * of(3) - 1)
  const [cosine, sine] = [Math.cos(turn) / scale, Math.sin(turn) / scale]
  const shape = [4, 5, 6].map((place) => 0.5 + 0.5 * of(place))
  const ground = [7, 8, 9].map((place) => 0.4 * of(place))
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let points = 0
      for (let part = 0; part < fineness ** 2; part++) {
        const x = column + ((part % fineness) + 0.5) / fineness - centre[0]
        const y = row + (Math.floor(part / fineness) + 0.5) / fineness - centre[1]
        if (inside(x * cosine + y * sine, y * cosine - x * sine)) points += 1
      }
      const covered = points / fineness ** 2
      for (let channel = 0; channel < 3; channel++) {
        const value = covered * (shape[channel] ?? 0) + (1 - covered) * (ground[channel] ?? 0)
        image[(row * size + column) * 3 + channel] = Math.round(255 * value)
      }
    }
  }
}
