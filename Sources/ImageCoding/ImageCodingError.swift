// Image files to pixels and back. Every PNG, read or written, goes through libpng.
//
// Chosen where nothing prescribes it: sample values are taken as they are stored; gAMA, cHRM, sRGB and iCCP chunks are
// not applied (a texture's colour space is said by the scene). A damaged file is an error even where a viewer would
// show part of it: a training set must not contain half of a texture.

/// Why an image file cannot be read or written.
public enum ImageCodingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The bytes are not of the format; `found` says what they look like.
  case wrongFormat(found: String, expected: String)
  /// The image is larger than `PNGLimits` allows.
  case tooLarge(width: Int, height: Int)
  /// The file breaks its format's rules, is cut short or fails a checksum.
  case damaged(String)
  /// The image cannot be written.
  case unwritable(String)

  /// The two halves of the message.
  public var found: String {
    switch self {
    case .wrongFormat(let found, _): found
    case .tooLarge(let width, let height): "an image of \(width)x\(height) pixels"
    case .damaged(let reason): "a damaged PNG file (\(reason))"
    case .unwritable(let reason): "an image that cannot be written as PNG (\(reason))"
    }
  }

  public var expected: String {
    switch self {
    case .wrongFormat(_, let expected): expected
    case .tooLarge: "at most \(PNGLimits.side) a side and \(PNGLimits.pixels) in all"
    case .damaged: "a whole one"
    case .unwritable: "one that can"
    }
  }

  public var description: String { "found \(found), expected \(expected)" }
}

/// The largest image that is read. A few bytes of file can declare any size, so the limit comes before the allocation.
public enum PNGLimits {
  /// Pixels along either side.
  public static let side = 32768
  /// Pixels in all.
  public static let pixels = 1 << 28
}
