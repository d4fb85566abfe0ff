// The few forms in which planes of real numbers lie in 16-bit PNGs.

import Documents
import Imaging

extension FloatImage {
  /// Values 0 to 1 as whole numbers 0 to 65535, rounded half up; what lies outside, by rounding, is brought back.
  func fractions() -> RasterImage {
    RasterImage(
      width: width, height: height, channels: channels,
      samples: .sixteen(samples.map { UInt16(min(max(Double($0), 0), 1) * 65535 + 0.5) }))
  }

  /// Components -1 to 1 as 0 to 65535: 0 is (v + 1) / 2 = 1/2. Pixels that show nothing, all of whose components are 0,
  /// become 0 in all channels, which no unit vector is.
  func directions() -> RasterImage {
    var codes = [UInt16](repeating: 0, count: samples.count)
    for k in stride(from: 0, to: samples.count, by: 3) {
      if samples[k] == 0 && samples[k + 1] == 0 && samples[k + 2] == 0 { continue }
      for c in 0..<3 { codes[k + c] = UInt16(min(max(Double(samples[k + c]) * 0.5 + 0.5, 0), 1) * 65535 + 0.5) }
    }
    return RasterImage(width: width, height: height, channels: 3, samples: .sixteen(codes))
  }
}

extension PlaneDescription {
  /// 16-bit fractions: value = sample / 65535.
  static func fractions(_ name: String, channels: [String]) -> PlaneDescription {
    PlaneDescription(name, .png, channels: channels, bits: 16, scale: 1 / 65535.0, unit: "1", isSmooth: true)
  }

  /// 16-bit components of unit vectors: value = sample * 2 / 65535 - 1.
  static func directions(_ name: String) -> PlaneDescription {
    PlaneDescription(
      name, .png, channels: ["X", "Y", "Z"], bits: 16, scale: 2 / 65535.0, offset: -1, unit: "1", isSmooth: true)
  }
}

/// A file of floats: for what no PNG can hold.
public enum FloatFile: String, Hashable, Sendable, CaseIterable, DocumentWord {
  case npy, exr

  var file: PlaneDescription.File { self == .npy ? .npy : .exr }
}
