// Small PNGs: what Chromium draws in true colour, written again with a palette.
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const HEAD = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])

/** The same picture with at most 256 colours. */
export function small(png) {
  const { width, height, pixels, step } = decoded(png)
  for (let bits = 8; bits > 2; bits -= 1) {
    const told = indexed(pixels, step, bits)
    if (told) return encoded(width, height, told)
  }
  return png
}

function* chunks(png) {
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const length = png.readUInt32BE(at)
    yield [png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length)]
  }
}

function decoded(png) {
  const parts = [...chunks(png)]
  const head = parts[0][1]
  const [width, height, depth, colours, , , interlace] = [head.readUInt32BE(0), head.readUInt32BE(4), ...head.subarray(8)]
  const step = { 2: 3, 6: 4 }[colours]
  if (depth !== 8 || !step || interlace) throw new Error('a PNG of 8 bits in true colour, please')
  const raw = inflateSync(Buffer.concat(parts.filter(([name]) => name === 'IDAT').map(([, data]) => data)))
  return { width, height, step, pixels: unfiltered(raw, width * step, height, step) }
}

/** Undo the five filters of PNG: https://www.w3.org/TR/png-3/#9Filters */
function unfiltered(raw, line, height, step) {
  const out = Buffer.alloc(line * height)
  for (let row = 0; row < height; row += 1) {
    const filter = raw[row * (line + 1)]
    for (let column = 0; column < line; column += 1) {
      const at = row * line + column
      const left = column >= step ? out[at - step] : 0
      const up = row ? out[at - line] : 0
      const corner = row && column >= step ? out[at - line - step] : 0
      out[at] = raw[row * (line + 1) + 1 + column] + predicted(filter, left, up, corner)
    }
  }
  return out
}

function predicted(filter, left, up, corner) {
  const guess = left + up - corner
  const [a, b, c] = [left, up, corner].map((one) => Math.abs(guess - one))
  const nearest = a <= b && a <= c ? left : b <= c ? up : corner
  return [0, left, up, (left + up) >> 1, nearest][filter]
}

/** Palette and one byte a pixel, colours rounded to so many bits; nothing where that is not enough. */
function indexed(pixels, step, bits) {
  const palette = new Map()
  const out = Buffer.alloc(pixels.length / step)
  const most = 2 ** bits - 1
  const round = (value) => Math.round((Math.round((value / 255) * most) / most) * 255)
  for (let pixel = 0; pixel < out.length; pixel += 1) {
    const [r, g, b] = [0, 1, 2].map((part) => round(pixels[pixel * step + part]))
    const key = (r << 16) | (g << 8) | b
    if (!palette.has(key)) palette.set(key, palette.size)
    if (palette.size > 256) return null
    out[pixel] = palette.get(key)
  }
  return { out, palette: Buffer.from([...palette.keys()].flatMap((key) => [key >> 16, (key >> 8) & 255, key & 255])) }
}

function encoded(width, height, { out, palette }) {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 3, 0, 0, 0], 8)
  const lines = Buffer.alloc((width + 1) * height)
  for (let row = 0; row < height; row += 1) out.copy(lines, row * (width + 1) + 1, row * width, (row + 1) * width)
  return Buffer.concat([HEAD, chunk('IHDR', head), chunk('PLTE', palette), chunk('IDAT', deflateSync(lines, { level: 9 })), chunk('IEND', Buffer.alloc(0))])
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}
