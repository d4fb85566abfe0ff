import Geometry

/// How far two images of one kind are apart, in code values: 0 to 255 or 0 to 65535, alpha as any other channel.
public struct ImageDifference: Hashable, Sendable {
  /// The largest absolute difference of two samples.
  public let maximum: Int
  /// The mean absolute difference over all samples.
  public let mean: Double
  /// Pixels of which at least one sample differs, and all pixels.
  public let changedPixels: Int
  public let pixelCount: Int
  /// The mean squared difference over all samples.
  public let meanSquare: Double
  /// The largest code: 255 or 65535.
  public let whitest: Int

  /// Peak signal-to-noise ratio in decibels, 10 log10(whitest^2 / meanSquare); infinite for equal images.
  public var psnr: Double {
    guard meanSquare > 0 else { return .infinity }
    return 10 * StableMath.log(Double(whitest) * Double(whitest) / meanSquare) / StableMath.log(10)
  }

  public var isEqual: Bool { changedPixels == 0 }

  /// Images that cannot be compared sample by sample.
  public struct Mismatch: Error, Equatable, CustomStringConvertible {
    /// "640x480, 3 channels of 8 bits", of both images.
    public let first: String
    public let second: String

    public var description: String { "the images differ in kind: \(first), and \(second)" }

    /// Of what each is, in words.
    public init(first: String, second: String) { (self.first, self.second) = (first, second) }

    init(_ a: RasterImage, _ b: RasterImage) {
      func kind(_ i: RasterImage) -> String { "\(i.width)x\(i.height), \(i.channels) channels of \(i.bitDepth) bits" }
      (first, second) = (kind(a), kind(b))
    }
  }

  /// Compares two images of the same size, channels and bits.
  public init(_ a: RasterImage, _ b: RasterImage) throws(Mismatch) {
    guard a.width == b.width, a.height == b.height, a.channels == b.channels else { throw Mismatch(a, b) }
    let sums: Sums
    switch (a.samples, b.samples) {
    case (.eight(let x), .eight(let y)): sums = Sums(x, y, channels: a.channels)
    case (.sixteen(let x), .sixteen(let y)): sums = Sums(x, y, channels: a.channels)
    default: throw Mismatch(a, b)
    }
    let count = Double(a.width * a.height * a.channels)
    maximum = sums.maximum
    mean = Double(sums.absolute) / count
    meanSquare = Double(sums.square) / count
    changedPixels = sums.changedPixels
    pixelCount = a.width * a.height
    whitest = a.bitDepth == 8 ? 255 : 65535
  }

  /// Exact sums; 64 bits hold the squares of four thousand million 16-bit samples.
  private struct Sums {
    var maximum = 0
    var absolute: UInt64 = 0
    var square: UInt64 = 0
    var changedPixels = 0

    init<T: FixedWidthInteger & UnsignedInteger>(_ a: [T], _ b: [T], channels: Int) {
      var largest: UInt64 = 0
      for pixel in stride(from: 0, to: a.count, by: channels) {
        var changed = false
        for i in pixel..<pixel + channels where a[i] != b[i] {
          let d = UInt64(a[i] > b[i] ? a[i] - b[i] : b[i] - a[i])
          largest = max(largest, d)
          absolute += d
          square += d * d
          changed = true
        }
        if changed { changedPixels += 1 }
      }
      maximum = Int(largest)
    }
  }
}
