/// An image of interleaved integer samples as a file holds it: no colour space is applied yet.
public struct RasterImage: Equatable, Sendable {
  /// The samples, row by row from the top left, `channels` per pixel.
  public enum Samples: Equatable, Sendable {
    case eight([UInt8])
    case sixteen([UInt16])
  }

  public let width: Int
  public let height: Int
  /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA (straight alpha).
  public let channels: Int
  public let samples: Samples

  /// `samples` holds `width * height * channels` values.
  public init(width: Int, height: Int, channels: Int, samples: Samples) {
    let count =
      switch samples {
      case .eight(let s): s.count
      case .sixteen(let s): s.count
      }
    precondition(width > 0 && height > 0 && (1...4).contains(channels) && count == width * height * channels)
    self.width = width
    self.height = height
    self.channels = channels
    self.samples = samples
  }

  public var bitDepth: Int {
    switch samples {
    case .eight: 8
    case .sixteen: 16
    }
  }
}
