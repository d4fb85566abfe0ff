import CJPEGShims

/// What a JPEG file does to a picture.
public enum JPEGArtefacts {
  /// The longest side that a JPEG file can have.
  public static let longestSide = 65_500

  /// Encodes the picture and decodes it into the same place. Colour is kept at half the size in both directions.
  ///
  /// - Parameters:
  ///   - rgb: `width * height` pixels of three samples.
  ///   - quality: 1 to 100, by libjpeg's scale.
  /// - Returns: the size of the file in bytes.
  @discardableResult
  public static func apply(
    to rgb: inout [UInt8], width: Int, height: Int, quality: Int
  ) throws(ImageCodingError) -> Int {
    precondition(rgb.count == width * height * 3 && (1...100).contains(quality))
    guard width <= longestSide, height <= longestSide else {
      throw .unwritable("a picture of \(width) x \(height) pixels is too large for JPEG")
    }
    var bytes = 0
    let status = rgb.withUnsafeMutableBufferPointer {
      diorama_jpeg_round_trip($0.baseAddress, Int32(width), Int32(height), Int32(quality), &bytes)
    }
    guard status == 0 else { throw .unwritable("libjpeg failed on a picture of \(width) x \(height) pixels") }
    return bytes
  }
}
