import Imaging

extension Texture {
  /// The pattern as a square texture with `resolution` texels a side (1 to 16,384): each texel is the mean of a fixed
  /// grid of samples. Mixing of colours by it is linear, so
  /// that filtering the texture filters the colours.
  public static func baked(_ pattern: any Pattern, resolution: Int) -> Texture {
    precondition((1...16384).contains(resolution), "a resolution from 1 to 16384")
    let across = pattern.samplesAcrossTexel
    let step = 1 / Double(resolution * across)
    let scale = 65535 / Double(across * across)
    var values: [UInt16] = []
    values.reserveCapacity(resolution * resolution)
    var sums = [Double](repeating: 0, count: resolution)
    for y in 0..<resolution {
      for x in 0..<resolution { sums[x] = 0 }
      for j in 0..<across { pattern.addRow(v: (Double(y * across + j) + 0.5) * step, across: across, to: &sums) }
      for sum in sums {
        values.append(UInt16(min(max(sum * scale, 0), 65535) + 0.5))
      }
    }
    return Texture(scalar: Plane(width: resolution, height: resolution, values: values))
  }
}
