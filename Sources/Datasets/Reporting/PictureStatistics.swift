// Brightness, contrast and colour of pictures, from their codes (8-bit sRGB), and what finds pictures that resemble each other.

import Geometry
import Imaging

/// What is kept of a picture.
struct PictureSummary: Sendable, Equatable {
  /// Luma of ITU-R BT.709 on the codes: its mean and its standard deviation over the picture (RMS contrast), both of 255.
  var brightness: Double
  var contrast: Double
  /// The mean of HSV's saturation, 0 to 1.
  var saturation: Double
  /// Hasler and Suesstrunk, "Measuring colourfulness in natural images" (2003), equation 3: 0 for grey, above 80 for gaudy.
  var colourfulness: Double
  /// Mean codes of red, green and blue.
  var mean: SIMD3<Double>
  /// Shares of pixels whose luma is at most 2, and at least 253.
  var dark: Double
  var light: Double
  /// The picture's perceptual hash.
  var hash: UInt64
  /// Mean colours of 16 x 16 cells, by rows.
  var cells: [UInt8]

  /// What is wrong with a picture that shows nothing: hardly any contrast. Nil for others.
  var degeneracy: String? {
    guard contrast < PictureSummary.leastContrast else { return nil }
    if brightness < 4 { return "all black" }
    if brightness > 251 { return "all white" }
    return "all of one colour"
  }

  /// In codes. An evenly lit wall with a sensor's noise has more.
  static let leastContrast = 1.0
}

/// Counts over all pictures that were read.
struct PictureStatistics: Sendable {
  /// Of red, green, blue and luma, 32 bins over the codes; shares of each picture's pixels, so that pictures of any size weigh
  /// the same.
  private(set) var channels = [[Double]](repeating: [Double](repeating: 0, count: 32), count: 4)
  private(set) var pictures = 0

  static let luma = 3

  /// The summary of a picture, and its pixels' codes in the 32 bins of each channel.
  ///
  /// - Precondition: 8-bit RGB.
  static func summary(of image: RasterImage) -> (summary: PictureSummary, bins: [[Double]])? {
    guard case .eight(let samples) = image.samples, image.channels == 3 else { return nil }
    var scan = PictureScan(width: image.width, height: image.height)
    samples.withUnsafeBufferPointer { scan.run($0) }
    return (scan.summary, scan.bins)
  }

  mutating func add(_ bins: [[Double]]) {
    pictures += 1
    for c in 0..<4 { for b in 0..<32 { channels[c][b] += bins[c][b] } }
  }
}

/// One pass over a picture's pixels.
private struct PictureScan {
  let width: Int
  let height: Int
  /// Counts by code: red, green, blue, luma.
  private var counts = [Int](repeating: 0, count: 4 * 256)
  /// Sums over the cells of a grid of 32 x 32: red, green, blue.
  private var cells = [Int](repeating: 0, count: PictureScan.side * PictureScan.side * 3)
  private var saturation = 0
  /// Sums of red - green and of red + green - 2 blue, and of their squares.
  private var (rg, rg2, yb, yb2) = (0, 0, 0, 0)

  static let side = 32

  init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

  mutating func run(_ samples: UnsafeBufferPointer<UInt8>) {
    precondition(samples.count == width * height * 3)
    let side = PictureScan.side
    let cell = (0..<width).map { $0 * side / width * 3 }
    // 2^16 / maximum: saturation without a division.
    let reciprocal = [0] + (1...255).map { (65536 + $0 / 2) / $0 }
    var (saturation, rg, rg2, yb, yb2) = (0, 0, 0, 0, 0)
    counts.withUnsafeMutableBufferPointer { counts in
      cells.withUnsafeMutableBufferPointer { cells in
        for y in 0..<height {
          let row = y * side / height * side * 3
          var at = y * width * 3
          for x in 0..<width {
            let (r, g, b) = (Int(samples[at]), Int(samples[at + 1]), Int(samples[at + 2]))
            at += 3
            // 0.2126, 0.7152, 0.0722 in 65536ths, which sum to 1.
            let luma = (r &* 13933 &+ g &* 46871 &+ b &* 4732 &+ 32768) >> 16
            counts[r] &+= 1
            counts[256 &+ g] &+= 1
            counts[512 &+ b] &+= 1
            counts[768 &+ luma] &+= 1
            let (most, least) = (max(r, max(g, b)), min(r, min(g, b)))
            saturation &+= (most &- least) &* reciprocal[most]
            let (u, v) = (r &- g, r &+ g &- 2 &* b)
            rg &+= u
            rg2 &+= u &* u
            yb &+= v
            yb2 &+= v &* v
            let c = row &+ cell[x]
            cells[c] &+= r
            cells[c &+ 1] &+= g
            cells[c &+ 2] &+= b
          }
        }
      }
    }
    self.saturation = saturation
    (self.rg, self.rg2, self.yb, self.yb2) = (rg, rg2, yb, yb2)
  }

  private var pixels: Double { Double(width * height) }

  /// Shares of the pixels.
  var bins: [[Double]] {
    (0..<4).map { c in
      (0..<32).map { b in Double(counts[(c * 256 + b * 8)..<(c * 256 + b * 8 + 8)].reduce(0, +)) / pixels }
    }
  }

  private func moments(_ channel: Int) -> (mean: Double, deviation: Double) {
    var (sum, squares) = (0, 0)
    for v in 0..<256 {
      sum += v * counts[channel * 256 + v]
      squares += v * v * counts[channel * 256 + v]
    }
    let mean = Double(sum) / pixels
    return (mean, max(0, Double(squares) / pixels - mean * mean).squareRoot())
  }

  var summary: PictureSummary {
    let luma = moments(3)
    func deviation(_ sum: Int, _ squares: Int) -> (Double, Double) {
      let mean = Double(sum) / pixels
      return (mean, max(0, Double(squares) / pixels - mean * mean))
    }
    let (meanRG, varianceRG) = deviation(rg, rg2)
    // yb is (red + green) / 2 - blue: half of what is summed.
    let (doubleYB, quadrupleYB) = deviation(yb, yb2)
    let (meanYB, varianceYB) = (doubleYB / 2, quadrupleYB / 4)
    let colourfulness =
      (varianceRG + varianceYB).squareRoot() + 0.3 * (meanRG * meanRG + meanYB * meanYB).squareRoot()
    return PictureSummary(
      brightness: luma.mean, contrast: luma.deviation, saturation: Double(saturation) / 65536 / pixels,
      colourfulness: colourfulness, mean: SIMD3(moments(0).mean, moments(1).mean, moments(2).mean),
      dark: Double(counts[768...770].reduce(0, +)) / pixels,
      light: Double(counts[(768 + 253)...(768 + 255)].reduce(0, +)) / pixels, hash: PerceptualHash.of(grey),
      cells: thumb)
  }

  /// How many pixels a cell of the grid has.
  private func area(_ column: Int, _ row: Int) -> Int {
    func span(_ k: Int, _ n: Int) -> Int {
      // Pixels x with x * 32 / n == k.
      (((k + 1) * n + PictureScan.side - 1) / PictureScan.side) - ((k * n + PictureScan.side - 1) / PictureScan.side)
    }
    return span(column, width) * span(row, height)
  }

  /// Mean luma of the 32 x 32 cells; a cell without a pixel (of a picture of fewer than 32) takes its neighbour's.
  private var grey: [Double] {
    var values: [Double] = []
    for row in 0..<PictureScan.side {
      for column in 0..<PictureScan.side {
        let n = area(column, row)
        let at = (row * PictureScan.side + column) * 3
        if n > 0 {
          let weighted = 0.2126 * Double(cells[at]) + 0.7152 * Double(cells[at + 1]) + 0.0722 * Double(cells[at + 2])
          values.append(weighted / Double(n))
        } else {
          values.append(
            column > 0 && area(column - 1, row) > 0 || row == 0
              ? values.last ?? 0 : values[(row - 1) * PictureScan.side + column])
        }
      }
    }
    return values
  }

  /// Mean colours of 16 x 16 cells.
  private var thumb: [UInt8] {
    let half = PictureScan.side / 2
    var out: [UInt8] = []
    out.reserveCapacity(half * half * 3)
    for row in 0..<half {
      for column in 0..<half {
        var (n, sum) = (0, SIMD3<Int>())
        for (j, i) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
          let at = ((2 * row + j) * PictureScan.side + 2 * column + i) * 3
          n += area(2 * column + i, 2 * row + j)
          sum &+= SIMD3(cells[at], cells[at + 1], cells[at + 2])
        }
        for c in 0..<3 { out.append(n > 0 ? UInt8(min((sum[c] + n / 2) / n, 255)) : 0) }
      }
    }
    return out
  }
}

/// The perceptual hash by the discrete cosine transform: Zauner, "Implementation and benchmarking of perceptual image hash
/// functions" (2010), section 3.2.1. A picture of 32 x 32 grey values is transformed; each of the 64 coefficients of frequencies
/// 1 to 8 in both directions gives a bit: whether it is above their median. Pictures that look alike differ in few bits.
enum PerceptualHash {
  /// cos((2 i + 1) k pi / 64) by k and i.
  private static let cosines: [Double] = {
    var list: [Double] = []
    for k in 1...8 {
      for i in 0..<32 {
        let turns = Double((2 * i + 1) * k)
        list.append(StableMath.cos(turns * Double.pi / 64))
      }
    }
    return list
  }()

  static func of(_ grey: [Double]) -> UInt64 {
    // Rows first: eight coefficients each.
    var rows = [Double](repeating: 0, count: 32 * 8)
    for y in 0..<32 {
      for k in 0..<8 {
        var sum = 0.0
        for i in 0..<32 { sum += grey[y * 32 + i] * cosines[k * 32 + i] }
        rows[y * 8 + k] = sum
      }
    }
    var coefficients: [Double] = []
    for v in 0..<8 {
      for u in 0..<8 {
        var sum = 0.0
        for y in 0..<32 { sum += rows[y * 8 + u] * cosines[v * 32 + y] }
        coefficients.append(sum)
      }
    }
    let sorted = coefficients.sorted()
    let median = (sorted[31] + sorted[32]) / 2
    var hash: UInt64 = 0
    for (i, c) in coefficients.enumerated() where c > median { hash |= 1 << UInt64(i) }
    return hash
  }
}
