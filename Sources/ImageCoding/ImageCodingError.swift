// Image files to pixels and back. Every PNG, read or written, goes through libpng, every JPEG through libjpeg-turbo.
//
// Chosen where nothing prescribes it: sample values are taken as they are stored; gAMA, cHRM, sRGB and iCCP chunks,
// profiles and EXIF orientation are not applied (a texture's colour space is said by the scene). A damaged file is an error even where a viewer would
// show part of it: a training set must not contain half of a texture.

/// Why an image file cannot be read or written.
public enum ImageCodingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The bytes are not of the format; `found` says what they look like.
  case wrongFormat(found: String, expected: String)
  /// The image is larger than `ImageLimits` allows.
  case tooLarge(width: Int, height: Int)
  /// The file breaks its format's rules, is cut short or fails a checksum.
  case damaged(String, format: ImageFormat = .png)
  /// The image cannot be written.
  case unwritable(String)

  /// The two halves of the message.
  public var found: String {
    switch self {
    case .wrongFormat(let found, _): found
    case .tooLarge(let width, let height): "an image of \(width)x\(height) pixels"
    case .damaged(let reason, let format): "a damaged \(format.rawValue) file (\(reason))"
    case .unwritable(let reason): "an image that cannot be written as PNG (\(reason))"
    }
  }

  public var expected: String {
    switch self {
    case .wrongFormat(_, let expected): expected
    case .tooLarge: "at most \(ImageLimits.side) a side and \(ImageLimits.pixels) in all"
    case .damaged: "a whole one"
    case .unwritable: "one that can"
    }
  }

  public var description: String { "found \(found), expected \(expected)" }
}

/// The largest image that is read. A few bytes of file can declare any size, so the limit comes before the allocation.
public enum ImageLimits {
  /// Pixels along either side.
  public static let side = 32768
  /// Pixels in all.
  public static let pixels = 1 << 28
}

/// The kinds of image file that are read, as messages name them.
public enum ImageFormat: String, Hashable, Sendable {
  case png = "PNG"
  case jpeg = "JPEG"
  case hdr = "Radiance HDR"
  case npy = "NPY"
  case exr = "OpenEXR"
}
