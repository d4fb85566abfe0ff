// Stands in for what Stage is about to offer under the same names.

import Geometry
import Imaging
import Stage

extension Texture {
  static func baked(_ pattern: any Pattern, resolution: Int) -> Texture {
    var base = Plane(width: resolution, height: resolution, repeating: SIMD4<UInt16>(repeating: 65535))
    for y in 0..<resolution {
      for x in 0..<resolution {
        let t = pattern.value(u: (Double(x) + 0.5) / Double(resolution), v: (Double(y) + 0.5) / Double(resolution))
        let code = UInt16(min(max(t, 0), 1) * 65535 + 0.5)
        base[x, y] = SIMD4(code, code, code, 65535)
      }
    }
    return Texture(base: base)
  }

  convenience init(image: RasterImage, isColour: Bool) {
    var base = Plane(width: image.width, height: image.height, repeating: SIMD4<UInt16>(repeating: 65535))
    for i in 0..<image.width * image.height {
      func sample(_ c: Int) -> UInt16 {
        switch image.samples {
        case .eight(let s): UInt16(s[i * image.channels + c]) * 257
        case .sixteen(let s): s[i * image.channels + c]
        }
      }
      func code(_ v: UInt16) -> UInt16 {
        guard isColour else { return v }
        let x = Double(v) / 65535
        return UInt16((x <= 0.04045 ? x / 12.92 : StableMath.pow((x + 0.055) / 1.055, 2.4)) * 65535 + 0.5)
      }
      let (r, isGrey) = (code(sample(0)), image.channels < 3)
      base.values[i] = SIMD4(
        r, isGrey ? r : code(sample(1)), isGrey ? r : code(sample(2)),
        image.channels % 2 == 0 ? sample(image.channels - 1) : 65535)
    }
    self.init(base: base)
  }
}
