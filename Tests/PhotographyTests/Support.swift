import Geometry
import Imaging
import Stage

@testable import Photography

extension LinearImage {
  /// A picture of one colour.
  init(_ width: Int, _ height: Int, _ colour: SIMD3<Float>) {
    self.init(width: width, height: height)
    for y in 0..<height { for x in 0..<width { self[x, y] = colour } }
  }
}

extension Camera {
  static func straight(_ width: Int, _ height: Int, f: Double) -> Camera {
    Camera(
      fx: f, fy: f, cx: Double(width) / 2, cy: Double(height) / 2, rotation: .identity, translation: Vector3())
  }
}

/// Mean and variance of numbers.
func moments(_ values: [Double]) -> (mean: Double, variance: Double, third: Double) {
  let n = Double(values.count)
  let mean = values.reduce(0, +) / n
  let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
  let third = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) * ($1 - mean) } / n
  return (mean, variance, third)
}

extension RasterImage {
  func sample(_ x: Int, _ y: Int, _ c: Int = 0) -> Int {
    switch samples {
    case .eight(let s): Int(s[(y * width + x) * channels + c])
    case .sixteen(let s): Int(s[(y * width + x) * channels + c])
    }
  }
}
