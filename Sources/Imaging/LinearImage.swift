/// A picture in linear light: red, green and blue planes of `Float`. Rows are padded to whole vectors of eight, so that
/// loops over a row need no rest; what is in the padding has no meaning but is a finite number.
public struct LinearImage: Sendable {
  public let width: Int
  public let height: Int
  /// Samples from the start of a row to that of the next: the width, rounded up to a multiple of 8.
  public let stride: Int
  /// Three planes, one after the other, `stride * height` samples each.
  public var samples: [Float]

  public init(width: Int, height: Int) {
    precondition(width > 0 && height > 0, "a picture has at least one pixel")
    self.width = width
    self.height = height
    stride = (width + 7) & ~7
    samples = [Float](repeating: 0, count: 3 * stride * height)
  }

  public var planeSize: Int { stride * height }

  /// Linear RGB of a pixel.
  public subscript(x: Int, y: Int) -> SIMD3<Float> {
    get {
      let k = y * stride + x
      return SIMD3(samples[k], samples[planeSize + k], samples[2 * planeSize + k])
    }
    set {
      let k = y * stride + x
      (samples[k], samples[planeSize + k], samples[2 * planeSize + k]) = (newValue.x, newValue.y, newValue.z)
    }
  }
}
