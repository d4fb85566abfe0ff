import Imaging

extension Texture {
  /// A texture from a file's samples.
  ///
  /// - Parameter isColour: true for what the eye sees, which is encoded in sRGB and decoded here to linear light; false
  ///   for data (roughness, normals, masks), whose samples are values already. Grey fills all three channels; alpha is
  ///   never encoded, and 1 where the image has none. 8-bit data are widened so that 255 becomes 65535.
  public convenience init(image: RasterImage, isColour: Bool) {
    let texels: [SIMD4<UInt16>]
    switch image.samples {
    case .eight(let samples):
      texels = Texture.texels(samples, channels: image.channels, colour: isColour ? SRGB.linear16OfCode8 : nil) {
        UInt16($0) * 257
      }
    case .sixteen(let samples):
      texels = Texture.texels(samples, channels: image.channels, colour: isColour ? SRGB.linear16OfCode16 : nil) { $0 }
    }
    self.init(base: Plane(width: image.width, height: image.height, values: texels))
  }

  /// - Parameters:
  ///   - colour: what a colour sample becomes, by code; nil for `wide`.
  ///   - wide: what an alpha sample becomes.
  private static func texels<T: FixedWidthInteger>(
    _ samples: [T], channels: Int, colour: [UInt16]?, wide: (T) -> UInt16
  ) -> [SIMD4<UInt16>] {
    func value(_ i: Int) -> UInt16 { colour.map { $0[Int(samples[i])] } ?? wide(samples[i]) }
    return stride(from: 0, to: samples.count, by: channels).map { i in
      switch channels {
      case 1, 2:
        let grey = value(i)
        return SIMD4(grey, grey, grey, channels == 2 ? wide(samples[i + 1]) : 65535)
      default:
        return SIMD4(value(i), value(i + 1), value(i + 2), channels == 4 ? wide(samples[i + 3]) : 65535)
      }
    }
  }
}
