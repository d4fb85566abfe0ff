import CLanes
import Imaging
import LaneMath
import Stage

/// What a sensor under a mosaic of colour filters sees: one number a pixel, with a margin of two pixels around the picture
/// in which it is mirrored, so that colours go on in their order.
struct RawPlane {
  private(set) var width = 0
  private(set) var height = 0
  /// Which of the first two columns, and of the first two rows, has red.
  private(set) var redColumn = 0
  private(set) var redRow = 0
  private var stride = 0
  private var samples: [Float] = []

  /// Columns before the first; a whole vector, so that rows begin at the same step.
  private static let before = 8
  private static let above = 2

  /// Takes what comes through the lens to each pixel's filter.
  mutating func fill(_ light: LinearImage, _ mosaic: Sensor.Mosaic, through lens: Transmission? = nil) {
    if width != light.width || height != light.height {
      (width, height) = (light.width, light.height)
      stride = RawPlane.before + light.stride + 8
      samples = [Float](repeating: 0, count: stride * (height + 2 * RawPlane.above))
    }
    (redColumn, redRow) =
      switch mosaic {
      case .rggb, .none: (0, 0)
      case .grbg: (1, 0)
      case .gbrg: (0, 1)
      case .bggr: (1, 1)
      }
    let (plane, from) = (light.planeSize, light.stride)
    let (width, height, redRow) = (width, height, redRow)
    let isRedColumn = RawPlane.columns(redColumn)
    light.read { base in
      write { row in
        for y in 0..<height {
          let out = row(y)
          // Rows with red have red and green, the others green and blue.
          let (here, there) = y & 1 == redRow ? (0, plane) : (plane, 2 * plane)
          for x in Swift.stride(from: 0, to: width, by: 8) {
            let p = base + (y * from + x)
            let seen = select(isRedColumn, load(p + here), load(p + there))
            store(lens.map { seen * $0.factors(x, y) } ?? seen, out + x)
          }
        }
      }
    }
  }

  /// The lanes of the columns that have red.
  static func columns(_ red: Int) -> LaneMask {
    red == 0 ? LaneMask(-1, 0, -1, 0, -1, 0, -1, 0) : LaneMask(0, -1, 0, -1, 0, -1, 0, -1)
  }

  mutating func write(_ body: ((Int) -> UnsafeMutablePointer<Float>) -> Void) {
    let stride = stride
    samples.withUnsafeMutableBufferPointer { s in
      guard let base = s.baseAddress else { return }
      body { y in base + ((y + RawPlane.above) * stride + RawPlane.before) }
    }
  }

  /// Calls `body` with the address of a row's first pixel, and the way from a row to the next.
  func read(_ body: ((Int) -> UnsafePointer<Float>, Int) -> Void) {
    let stride = stride
    samples.withUnsafeBufferPointer { s in
      guard let base = s.baseAddress else { return }
      body({ y in base + ((y + RawPlane.above) * stride + RawPlane.before) }, stride)
    }
  }

  /// Fills the margin: the pixel at -1 is that at 1, and so on. Where the picture has but one row or column, that one.
  mutating func mirrorEdges() {
    let (width, height, stride) = (width, height, stride)
    func mirrored(_ i: Int, _ n: Int) -> Int {
      let k = i < 0 ? -i : (i >= n ? 2 * (n - 1) - i : i)
      return min(max(k, 0), n - 1)
    }
    write { row in
      for y in 0..<height {
        let line = row(y)
        for i in [-2, -1, width, width + 1] { line[i] = line[mirrored(i, width)] }
      }
      for y in [-2, -1, height, height + 1] {
        (row(y) - 2).update(from: row(mirrored(y, height)) - 2, count: min(width + 4, stride - 6))
      }
    }
  }
}
