// LDR-FLIP: Andersson, Nilsson, Akenine-Moller, Oskarsson, Astrom and Fairchild, "FLIP: A Difference Evaluator for
// Alternating Images" (2020). How different two pictures look to somebody who flips between them: 0 not at all, 1 as much as
// can be. Names and equation numbers below are the paper's.

import Geometry

/// The error at each pixel of two pictures.
public struct FlipMap: Sendable {
  /// Pixels per degree of the visual field that the paper takes: a screen 0.7 m wide with 3840 pixels, seen from 0.7 m.
  public static let pixelsPerDegree = 3840 * Double.pi / 180

  /// 0 to 1.
  public let errors: Plane<Double>

  public var mean: Double { errors.values.reduce(0, +) / Double(errors.values.count) }

  /// Compares two pictures in sRGB of the same size; one channel is taken as grey, alpha is left out.
  public init(
    _ a: RasterImage, _ b: RasterImage, pixelsPerDegree ppd: Double = FlipMap.pixelsPerDegree
  ) throws(ImageDifference.Mismatch) {
    guard a.width == b.width, a.height == b.height, a.channels == b.channels, a.bitDepth == b.bitDepth else {
      throw ImageDifference.Mismatch(a, b)
    }
    let (oa, ob) = (OpponentColors(a), OpponentColors(b))
    let contrast = ContrastSensitivity(pixelsPerDegree: ppd)
    let (ca, cb) = (contrast.perceived(oa), contrast.perceived(ob))
    let detector = FeatureDetector(pixelsPerDegree: ppd)
    let (fa, fb) = (detector.features(of: oa.luminance), detector.features(of: ob.luminance))

    var errors = Plane<Double>(width: a.width, height: a.height, repeating: 0)
    for i in errors.values.indices {
      let color = FlipMap.redistributed(StableMath.pow(LabColor.hyAB(ca[i], cb[i]), FlipMap.colorExponent))
      // Equations 16 and 17: the larger of the changes in edges and in points, by the power q_f = 0.5.
      let (edge, point) = (abs(fa.edges.values[i] - fb.edges.values[i]), abs(fa.points.values[i] - fb.points.values[i]))
      let feature = min((max(edge, point) * 0.5.squareRoot()).squareRoot(), 1)
      // Equation 18.
      errors.values[i] = StableMath.pow(color, 1 - feature)
    }
    self.errors = errors
  }

  /// q_c.
  private static let colorExponent = 0.7

  /// The largest colour error there is, between green and blue.
  private static let largest: Double = {
    let (green, blue) = (LabColor(linear: SIMD3(0, 1, 0)), LabColor(linear: SIMD3(0, 0, 1)))
    return StableMath.pow(LabColor.hyAB(green.huntAdjusted, blue.huntAdjusted), colorExponent)
  }()

  /// Section 4.1.3: errors up to p_c = 0.4 of the largest take the range up to p_t = 0.95, the rest what is left.
  private static func redistributed(_ e: Double) -> Double {
    let (bend, part) = (0.4 * largest, 0.95)
    return e < bend ? part / bend * e : part + (e - bend) / (largest - bend) * (1 - part)
  }
}

/// CIELAB under the white of linear sRGB's (1, 1, 1), with differences by HyAB.
struct LabColor {
  var l: Double
  var a: Double
  var b: Double

  /// L* 0 to 100.
  init(linear: SIMD3<Double>) {
    let v = WhitePoint.relativeXYZ(linear)
    func f(_ t: Double) -> Double {
      let delta = 6.0 / 29
      return t > delta * delta * delta ? StableMath.pow(t, 1.0 / 3) : t / (3 * delta * delta) + 4.0 / 29
    }
    let (x, y, z) = (f(v.x), f(v.y), f(v.z))
    (l, a, b) = (116 * y - 16, 500 * (x - y), 200 * (y - z))
  }

  private init(l: Double, a: Double, b: Double) { (self.l, self.a, self.b) = (l, a, b) }

  /// Chroma counts by lightness (Hunt): equation 7.
  var huntAdjusted: LabColor { LabColor(l: l, a: 0.01 * l * a, b: 0.01 * l * b) }

  /// Abasi, Amani Tehran and Fairchild: lightness by the city-block distance, chroma by the Euclidean.
  static func hyAB(_ p: LabColor, _ q: LabColor) -> Double {
    let (da, db) = (p.a - q.a, p.b - q.b)
    return abs(p.l - q.l) + (da * da + db * db).squareRoot()
  }
}

/// Linear sRGB to CIE XYZ over that of white (1, 1, 1), and back.
enum WhitePoint {
  /// IEC 61966-2-1's primaries and D65, as exact fractions.
  private static let rows: [Vector3] = [
    Vector3(10_135_552, 8_788_810, 4_435_075) / 24_577_794,
    Vector3(2_613_072, 8_788_810, 887_015) / 12_288_897,
    Vector3(1_425_312, 8_788_810, 70_074_185) / 73_733_382,
  ]

  private static let toRelative: Matrix3 = {
    let r = rows.map { $0 / dot($0, Vector3(1, 1, 1)) }
    return Matrix3(r[0], r[1], r[2])
  }()

  private static let fromRelative: Matrix3 = {
    guard let inverse = toRelative.inverse else { preconditionFailure("three primaries span the colours") }
    return inverse
  }()

  static func relativeXYZ(_ linear: Vector3) -> Vector3 { toRelative * linear }

  static func linear(relativeXYZ v: Vector3) -> Vector3 { fromRelative * v }
}

/// A picture in YCxCz, a linear opponent space: section 4.1.1.
struct OpponentColors {
  var y: Plane<Double>
  var cx: Plane<Double>
  var cz: Plane<Double>

  init(_ image: RasterImage) {
    let channels = image.channels >= 3 ? [0, 1, 2] : [0, 0, 0]
    let planes = channels.map { image.plane(ofChannel: $0) }
    let whitest = image.bitDepth == 8 ? 255.0 : 65535.0
    let codes = (0...Int(whitest)).map { SRGB.linear(Double($0) / whitest) }
    y = planes[0]
    (cx, cz) = (y, y)
    for i in y.values.indices {
      let v = WhitePoint.relativeXYZ(
        SIMD3(codes[Int(planes[0].values[i])], codes[Int(planes[1].values[i])], codes[Int(planes[2].values[i])]))
      y.values[i] = 116 * v.y - 16
      cx.values[i] = 500 * (v.x - v.y)
      cz.values[i] = 200 * (v.y - v.z)
    }
  }

  /// Luminance over white's.
  var luminance: Plane<Double> {
    Plane(width: y.width, height: y.height, values: y.values.map { ($0 + 16) / 116 })
  }

  /// Linear RGB of pixel `i`, brought into 0 to 1.
  func clampedLinear(_ i: Int) -> SIMD3<Double> {
    let yy = (y.values[i] + 16) / 116
    let v = SIMD3(yy + cx.values[i] / 500, yy, yy - cz.values[i] / 200)
    return WhitePoint.linear(relativeXYZ: v).clamped(lowerBound: SIMD3(repeating: 0), upperBound: SIMD3(repeating: 1))
  }
}

/// The eye's blur: contrast sensitivity of each opponent channel as sums of Gaussians, table 1 of the paper.
struct ContrastSensitivity {
  /// Along one axis; each a Gaussian with its share of the channel's weight.
  private typealias Parts = [(share: Double, weights: [Double])]
  private let achromatic: Parts
  private let redGreen: Parts
  private let blueYellow: Parts

  init(pixelsPerDegree ppd: Double) {
    // Three standard deviations of the widest Gaussian: b = 0.04.
    let radius = Int((3 * (0.04 / (2 * Double.pi * Double.pi)).squareRoot() * ppd).rounded(.up))
    func parts(_ gaussians: [(a: Double, b: Double)]) -> Parts {
      var found: Parts = []
      for g in gaussians {
        let weights = (-radius...radius).map { k in
          StableMath.exp(-Double.pi * Double.pi * (Double(k) / ppd) * (Double(k) / ppd) / g.b)
        }
        let sum = weights.reduce(0, +)
        found.append((g.a * (Double.pi / g.b).squareRoot() * sum * sum, weights.map { $0 / sum }))
      }
      let whole = found.reduce(0) { $0 + $1.share }
      return found.map { ($0.share / whole, $0.weights) }
    }
    achromatic = parts([(1, 0.0047)])
    redGreen = parts([(1, 0.0053)])
    blueYellow = parts([(34.1, 0.04), (13.5, 0.025)])
  }

  /// The colours that are perceived, by pixel.
  func perceived(_ o: OpponentColors) -> [LabColor] {
    var blurred = o
    blurred.y = ContrastSensitivity.filter(o.y, achromatic)
    blurred.cx = ContrastSensitivity.filter(o.cx, redGreen)
    blurred.cz = ContrastSensitivity.filter(o.cz, blueYellow)
    return o.y.values.indices.map { LabColor(linear: blurred.clampedLinear($0)).huntAdjusted }
  }

  private static func filter(_ p: Plane<Double>, _ parts: Parts) -> Plane<Double> {
    var out = Plane<Double>(width: p.width, height: p.height, repeating: 0)
    for part in parts {
      let one = SeparableFilter.extended(p, rows: part.weights, columns: part.weights)
      for i in out.values.indices { out.values[i] += part.share * one.values[i] }
    }
    return out
  }
}

/// Edges and points as the eye finds them: first and second derivatives of a Gaussian whose width is that of a feature, 0.082
/// degrees (section 4.2).
struct FeatureDetector {
  private let gaussian: [Double]
  private let first: [Double]
  private let second: [Double]

  init(pixelsPerDegree ppd: Double) {
    let deviation = 0.5 * 0.082 * ppd
    let radius = Int((3 * deviation).rounded(.up))
    let places = (-radius...radius).map(Double.init)
    let g = places.map { StableMath.exp(-$0 * $0 / (2 * deviation * deviation)) }
    let sum = g.reduce(0, +)
    gaussian = g.map { $0 / sum }
    // Positive and negative weights sum to 1 each, so that a full step gives 1.
    func balanced(_ w: [Double]) -> [Double] {
      let up = w.reduce(0) { $0 + max($1, 0) }
      let down = w.reduce(0) { $0 + max(-$1, 0) }
      return w.map { $0 < 0 ? $0 / down : $0 / up }
    }
    first = balanced(zip(places, g).map { -$0 * $1 })
    second = balanced(zip(places, g).map { ($0 * $0 / (deviation * deviation) - 1) * $1 })
  }

  /// The strengths of both at each pixel.
  func features(of luminance: Plane<Double>) -> (edges: Plane<Double>, points: Plane<Double>) {
    (strength(luminance, first), strength(luminance, second))
  }

  private func strength(_ p: Plane<Double>, _ weights: [Double]) -> Plane<Double> {
    let x = SeparableFilter.extended(p, rows: weights, columns: gaussian)
    let y = SeparableFilter.extended(p, rows: gaussian, columns: weights)
    return Plane(
      width: p.width, height: p.height,
      values: zip(x.values, y.values).map { ($0 * $0 + $1 * $1).squareRoot() })
  }
}
