/// An image of interleaved 32-bit floats as a file holds it: positions, directions, light.
public struct FloatImage: Equatable, Sendable {
  public let width: Int
  public let height: Int
  /// 1 to 4.
  public let channels: Int
  /// `width * height * channels` samples, row by row from the top left.
  public var samples: [Float]

  public init(width: Int, height: Int, channels: Int) {
    self.init(
      width: width, height: height, channels: channels, samples: Array(repeating: 0, count: width * height * channels))
  }

  public init(width: Int, height: Int, channels: Int, samples: [Float]) {
    precondition(width > 0 && height > 0 && (1...4).contains(channels) && samples.count == width * height * channels)
    self.width = width
    self.height = height
    self.channels = channels
    self.samples = samples
  }

  @inlinable public subscript(x: Int, y: Int, channel: Int) -> Float {
    get { samples[(y * width + x) * channels + channel] }
    set { samples[(y * width + x) * channels + channel] = newValue }
  }
}

extension Digest {
  /// Of the samples' bits, little-endian.
  public init(of image: FloatImage) {
    self.init(of: Plane(width: image.samples.count, height: 1, values: image.samples.map(\.bitPattern)))
  }
}
