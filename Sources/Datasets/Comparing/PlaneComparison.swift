import Annotators
import Imaging

/// Two states of a plane that are not alike.
public struct PlaneComparison: Sendable {
  public var plane: String
  /// Nil where the values of one side are not kept, or the planes are of different forms.
  public var metrics: PlaneMetrics?
  /// For people, encoded; nil beyond what a page holds.
  public var pictures: Pictures?

  /// PNG files.
  public struct Pictures: Sendable {
    public var before: [UInt8]?
    public var after: [UInt8]?
    public var difference: [UInt8]?
  }
}

extension PlaneMetrics {
  /// - Throws: `ImageDifference.Mismatch` for planes of different forms.
  init(_ a: PlaneImage, _ b: PlaneImage, isPicture: Bool) throws(ImageDifference.Mismatch) {
    if case .raster(let x) = a, case .raster(let y) = b {
      let d = try ImageDifference(x, y)
      (maximum, mean, changedPixels, pixelCount) = (Double(d.maximum), d.mean, d.changedPixels, d.pixelCount)
      psnr = d.psnr
      if isPicture {
        ssim = try StructuralSimilarity.mean(x, y)
        flip = try FlipMap(x, y).mean
      }
      return
    }
    guard case .floats(let x) = a, case .floats(let y) = b, x.width == y.width, x.height == y.height,
      x.channels == y.channels
    else { throw ImageDifference.Mismatch(first: a.form, second: b.form) }
    (maximum, mean, changedPixels, pixelCount) = (0, 0, 0, x.width * x.height)
    for pixel in stride(from: 0, to: x.samples.count, by: x.channels) {
      var isChanged = false
      for k in pixel..<pixel + x.channels where x.samples[k].bitPattern != y.samples[k].bitPattern {
        isChanged = true
        var d = abs(Double(x.samples[k]) - Double(y.samples[k]))
        // What is no number in one of them is as far off as can be: no limit allows it.
        if !d.isFinite { d = .infinity }
        maximum = max(maximum, d)
        mean += d
      }
      if isChanged { changedPixels += 1 }
    }
    mean /= Double(x.samples.count)
  }
}

extension PlaneImage {
  /// "640x480, 1 channel of 16 bits".
  var form: String {
    switch asRaster {
    case .raster(let i): "\(i.width)x\(i.height), \(i.channels) channels of \(i.bitDepth) bits"
    case .floats(let f): "\(f.width)x\(f.height), \(f.channels) channels of floats"
    case .eight, .sixteen: ""
    }
  }

  /// Which pixels are not the same in another plane of the same form; nil for other forms.
  func changed(in other: PlaneImage) -> [Bool]? {
    let ((a, step), (b, otherStep)) = (sampleBytes, other.sampleBytes)
    guard size == other.size, step == otherStep, a.count == b.count else { return nil }
    return stride(from: 0, to: a.count, by: step).map { k in
      for i in k..<k + step where a[i] != b[i] { return true }
      return false
    }
  }
}

// MARK: - Pictures

/// A picture of where two planes differ: for pictures FLIP's errors, for ids the pixels that changed, for other values how
/// far they lie apart, over the largest such distance. Dark is alike.
func differencePicture(_ a: ComparedPlane, _ b: ComparedPlane) -> RasterImage? {
  guard let x = a.image, let y = b.image, x.size == y.size else { return nil }
  let (width, height) = x.size
  var degrees: [Double]
  if a.name == "rgb" {
    guard case .raster(let p) = x, case .raster(let q) = y, let flip = try? FlipMap(p, q) else { return nil }
    degrees = flip.errors.values
    // A change that nobody sees is still to be found.
    for (k, isChanged) in (x.changed(in: y) ?? []).enumerated() where isChanged { degrees[k] = max(degrees[k], 0.12) }
  } else if a.description.unit.hasSuffix("id") {
    guard let changed = x.changed(in: y) else { return nil }
    degrees = changed.map { $0 ? 0.9 : 0 }
  } else {
    guard let p = a.description.values(x), let q = b.description.values(y), p.count == q.count else { return nil }
    let channels = a.description.channels.count
    let changed = x.changed(in: y) ?? []
    degrees = (0..<width * height).map { k in
      guard k < changed.count, changed[k] else { return 0 }
      return (0..<channels).reduce(0) {
        let d = abs(p[k * channels + $1] - q[k * channels + $1])
        return max($0, d.isFinite ? d : .infinity)
      }
    }
    let largest = degrees.lazy.filter(\.isFinite).max() ?? 0
    degrees = degrees.map { $0 == 0 ? 0 : $0.isFinite ? 0.12 + 0.88 * $0 / largest : 1 }
  }
  return RasterImage(width: width, height: height, channels: 3, samples: .eight(degrees.flatMap(heat)))
}

/// From near black over violet and orange to a light yellow: brighter is always more.
private func heat(_ degree: Double) -> [UInt8] {
  let stops: [SIMD3<Double>] = [
    SIMD3(6, 4, 16), SIMD3(84, 22, 110), SIMD3(186, 54, 86), SIMD3(246, 140, 60), SIMD3(252, 250, 190),
  ]
  let t = min(max(degree, 0), 1) * Double(stops.count - 1)
  let k = min(Int(t), stops.count - 2)
  let c = stops[k] + (stops[k + 1] - stops[k]) * (t - Double(k))
  return [UInt8(c.x + 0.5), UInt8(c.y + 0.5), UInt8(c.z + 0.5)]
}
