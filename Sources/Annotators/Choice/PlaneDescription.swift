import Documents
import ImageCoding
import Imaging

/// How a plane's values lie in its file: `value = sample * scale + offset`.
public struct PlaneDescription: Hashable, Sendable {
  public enum File: String, Hashable, Sendable, CaseIterable, DocumentWord {
    /// Whole numbers of 8 or 16 bits.
    case png
    /// NumPy's array file, 32-bit floats, (height, width) or (height, width, channels).
    case npy
    /// OpenEXR, 32-bit float channels, ZIP compressed.
    case exr
  }

  /// "depth": its name in records, and that of its folder below `labels/`.
  public var name: String
  public var file: File
  /// A letter for each channel, in the order of the samples; a plane of one channel has one too.
  public var channels: [String]
  /// Of a sample: 8, 16 or 32 (a float).
  public var bits: Int
  public var scale: Double
  public var offset: Double
  /// "m", "1", "id": what a value counts.
  public var unit: String
  /// How many of the last channels are flags: 0 or 1 as they are, whatever scale and offset.
  public var flagChannels: Int
  /// Whether neighbouring samples differ smoothly; a matter of compression.
  public var isSmooth: Bool

  public init(
    _ name: String, _ file: File, channels: [String], bits: Int, scale: Double = 1, offset: Double = 0, unit: String,
    isSmooth: Bool, flagChannels: Int = 0
  ) {
    (self.name, self.file, self.channels, self.bits) = (name, file, channels, bits)
    (self.scale, self.offset, self.unit, self.isSmooth) = (scale, offset, unit, isSmooth)
    self.flagChannels = flagChannels
  }

  /// 32-bit floats as they are, in a file that is not a PNG.
  static func floats(_ name: String, _ file: File, channels: [String], unit: String) -> PlaneDescription {
    PlaneDescription(name, file, channels: channels, bits: 32, unit: unit, isSmooth: true)
  }

  /// The picture lies apart from the labels.
  public var folder: String { name == "rgb" ? "images" : "labels/\(name)" }
}

/// A plane of one frame, before it becomes a file.
public enum PlaneImage: Equatable, Sendable {
  case eight(Plane<UInt8>)
  case sixteen(Plane<UInt16>)
  case raster(RasterImage)
  case floats(FloatImage)

  /// Of the samples, row by row, channels interleaved, little-endian: what a record says of the plane, whether it was just
  /// made or read from its file.
  public var digest: Digest {
    switch self {
    case .eight(let p): Digest(of: p)
    case .sixteen(let p): Digest(of: p)
    case .raster(let image): Digest(ofSamplesOf: image)
    case .floats(let image): Digest(of: image)
    }
  }

  public var size: (width: Int, height: Int) {
    switch self {
    case .eight(let p): (p.width, p.height)
    case .sixteen(let p): (p.width, p.height)
    case .raster(let i): (i.width, i.height)
    case .floats(let i): (i.width, i.height)
    }
  }
}

extension Digest {
  /// Of an image's samples, row by row, channels interleaved, 16-bit samples little-endian.
  public init(ofSamplesOf image: RasterImage) {
    switch image.samples {
    case .eight(let s): self.init(of: s)
    case .sixteen(let s): self.init(of: Plane(width: s.count, height: 1, values: s))
    }
  }
}

extension PlaneDescription {
  /// The file's bytes; PNG goes through the encoder that is given.
  public func encode(_ image: PlaneImage, _ encoder: PNGEncoder) throws(ImageCodingError) {
    let content: PNGEncoder.Content = name == "rgb" ? .picture : isSmooth ? .smooth : .ids
    switch image {
    case .eight(let p): try encoder.write(p, as: content)
    case .sixteen(let p): try encoder.write(p, as: content)
    // Labels are no colours, whatever their channels.
    case .raster(let i): try encoder.write(i, as: content, isSRGB: name == "rgb" ? nil : false)
    case .floats: throw .unwritable("floats do not go into a PNG")
    }
  }

  /// Reads a file of this plane back.
  public func decode(_ bytes: [UInt8]) throws(ImageCodingError) -> PlaneImage {
    switch file {
    case .png: .raster(try decodePNG(bytes))
    case .npy: .floats(try decodeNPY(bytes))
    case .exr: .floats(try decodeEXR(bytes, channels: channels))
    }
  }

  /// The values of a decoded plane, channels interleaved; nil where it is of another kind than described.
  public func values(_ image: PlaneImage) -> [Double]? {
    switch image {
    case .eight(let p): return channels.count == 1 ? p.values.map { Double($0) * scale + offset } : nil
    case .sixteen(let p): return channels.count == 1 ? p.values.map { Double($0) * scale + offset } : nil
    case .floats(let f): return f.channels == channels.count ? f.samples.map { Double($0) * scale + offset } : nil
    case .raster(let i):
      guard i.channels == channels.count, i.bitDepth == bits else { return nil }
      switch i.samples {
      case .eight(let s): return scaled(s)
      case .sixteen(let s): return scaled(s)
      }
    }
  }

  private func scaled<Sample: BinaryInteger>(_ samples: [Sample]) -> [Double] {
    var values = samples.map { Double($0) * scale + offset }
    for c in channels.count - flagChannels..<channels.count {
      for k in stride(from: c, to: samples.count, by: channels.count) { values[k] = Double(samples[k]) }
    }
    return values
  }
}
