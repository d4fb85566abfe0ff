import Imaging

/// An 8-bit RGB picture to draw captions and outlines on. What lies outside is cut off.
struct Canvas {
  typealias Color = SIMD3<Float>

  let width: Int
  let height: Int
  /// sRGB, three a pixel. Blending is done on these values: good enough for captions.
  private(set) var rgb: [UInt8]

  init(width: Int, height: Int, color: Color) {
    self.width = width
    self.height = height
    rgb = []
    rgb.reserveCapacity(width * height * 3)
    for _ in 0..<width * height { for c in 0..<3 { rgb.append(UInt8(color[c])) } }
  }

  var image: RasterImage { RasterImage(width: width, height: height, channels: 3, samples: .eight(rgb)) }

  mutating func blend(_ x: Int, _ y: Int, _ color: Color, _ alpha: Float) {
    guard x >= 0, y >= 0, x < width, y < height, alpha > 0 else { return }
    let at = (y * width + x) * 3
    for c in 0..<3 {
      let old = Float(rgb[at + c])
      rgb[at + c] = UInt8(min(max(old + (color[c] - old) * min(alpha, 1) + 0.5, 0), 255))
    }
  }

  mutating func fill(x: Int, y: Int, width: Int, height: Int, _ color: Color, _ alpha: Float = 1) {
    for j in y..<y + max(height, 0) { for i in x..<x + max(width, 0) { blend(i, j, color, alpha) } }
  }

  /// The outline of [x0, x1) x [y0, y1), one pixel wide, inside it.
  mutating func outline(x0: Int, y0: Int, x1: Int, y1: Int, _ color: Color) {
    fill(x: x0, y: y0, width: x1 - x0, height: 1, color)
    fill(x: x0, y: y1 - 1, width: x1 - x0, height: 1, color)
    fill(x: x0, y: y0, width: 1, height: y1 - y0, color)
    fill(x: x1 - 1, y: y0, width: 1, height: y1 - y0, color)
  }

  /// Draws `image` at (x, y), reduced to `width` x `height` by averaging areas.
  mutating func draw(_ image: RasterImage, x: Int, y: Int, width w: Int, height h: Int) {
    guard case .eight(let source) = image.samples, image.channels >= 3 else { return }
    for j in 0..<h {
      let rows = j * image.height / h..<max((j + 1) * image.height / h, j * image.height / h + 1)
      for i in 0..<w {
        let columns = i * image.width / w..<max((i + 1) * image.width / w, i * image.width / w + 1)
        var sum = SIMD3<Int>(repeating: 0)
        for sy in rows {
          for sx in columns {
            let at = (sy * image.width + sx) * image.channels
            sum &+= SIMD3(Int(source[at]), Int(source[at + 1]), Int(source[at + 2]))
          }
        }
        let mean = Color(Float(sum.x), Float(sum.y), Float(sum.z)) / Float(rows.count * columns.count)
        blend(x + i, y + j, mean, 1)
      }
    }
  }

  static func textWidth(_ text: String, scale: Float) -> Int {
    Int((Float(text.count) * StrokeFont.advance - 2) * scale) + 1
  }

  /// Text with its upper left corner at (x, y); a capital is `6 * scale` high.
  mutating func text(_ text: String, x: Int, y: Int, scale: Float, _ color: Color) {
    // Strokes are a sixth of a capital's height wide, and never thinner than a pixel and a bit.
    let half = max(scale * 0.5, 0.6)
    var left = Float(x) + half
    for character in text {
      let lines = StrokeFont.polylines(character).map { $0.map { $0 * scale + SIMD2(left, Float(y) + half) } }
      let reach = Int(half + 1.5)
      for py in y - reach...y + Int(StrokeFont.lineHeight * scale) + reach {
        for px in Int(left) - reach...Int(left + 4 * scale) + reach {
          let p = SIMD2(Float(px) + 0.5, Float(py) + 0.5)
          var nearest = Float.infinity
          for line in lines {
            for k in 0..<max(line.count - 1, 0) { nearest = min(nearest, Canvas.distance(p, line[k], line[k + 1])) }
          }
          blend(px, py, color, half + 0.5 - nearest)
        }
      }
      left += StrokeFont.advance * scale
    }
  }

  /// From a point to a piece of line.
  private static func distance(_ p: SIMD2<Float>, _ a: SIMD2<Float>, _ b: SIMD2<Float>) -> Float {
    let (ab, ap) = (b - a, p - a)
    let length = ab.x * ab.x + ab.y * ab.y
    let t = length > 0 ? min(max((ap.x * ab.x + ap.y * ab.y) / length, 0), 1) : 0
    let d = ap - ab * t
    return (d.x * d.x + d.y * d.y).squareRoot()
  }
}
