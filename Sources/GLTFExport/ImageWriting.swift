import Documents
import Geometry
import ImageCoding
import Imaging
import Stage

/// What an image of the file is made of.
struct ImageKey: Hashable {
  var texture: Texture
  var ramp: TextureUse.Ramp?
  var kind: Kind

  enum Kind: Hashable {
    /// For the eye, encoded in sRGB; with the texture's alpha where that counts.
    case colour(hasAlpha: Bool)
    /// White, with the red channel for alpha.
    case mask
    /// Values as they are.
    case data
  }
}

extension GLTFBuilder {
  /// The number of a texture: an image and the way it goes on beyond its borders.
  mutating func texture(_ use: TextureUse, _ kind: ImageKey.Kind, _ name: String) throws(GLTFExportError) -> Int {
    let image = try image(ImageKey(texture: use.texture, ramp: use.ramp, kind: kind), name)
    func mode(_ wrap: TextureUse.Wrap) -> Int {
      switch wrap {
      case .repeat: 10497
      case .clamp: 33071
      case .mirror: 33648
      }
    }
    let sampler = Node.object([
      ("magFilter", .whole(9729)), ("minFilter", .whole(9987)), ("wrapS", .whole(mode(use.wrapU))),
      ("wrapT", .whole(mode(use.wrapV))),
    ])
    let number = knownSamplers[sampler.json] ?? samplers.count
    if number == samplers.count { samplers.append(sampler) }
    knownSamplers[sampler.json] = number
    let texture = Node.object([("sampler", .whole(number)), ("source", .whole(image))])
    let place = knownTextures[texture.json] ?? textures.count
    if place == textures.count { textures.append(texture) }
    knownTextures[texture.json] = place
    return place
  }

  private mutating func image(_ key: ImageKey, _ name: String) throws(GLTFExportError) -> Int {
    if let known = knownImages[key] { return known }
    let file: [UInt8]
    do { file = try encoder.encode(key.picture, isSRGB: key.kind == .data ? false : nil) } catch {
      throw GLTFExportError(description: "the texture of \(name): \(error)")
    }
    let view = file.withUnsafeBytes { binary.append($0) }
    images.append(
      .object([
        ("name", .text(imageNames.unique(name))), ("mimeType", .text("image/png")), ("bufferView", .whole(view)),
      ]))
    knownImages[key] = images.count - 1
    return images.count - 1
  }
}

extension ImageKey {
  /// The finest level in codes of 8 bits, with the ramp's colours in place of a single value.
  var picture: RasterImage {
    let (width, height) = (Int(texture.levels[0].width), Int(texture.levels[0].height))
    if kind == .mask { return mask }
    let hasAlpha = kind == .colour(hasAlpha: true) && !texture.isScalar && ramp == nil
    let isColour = kind != .data
    var samples: [UInt8] = []
    samples.reserveCapacity(width * height * (hasAlpha ? 4 : 3))
    // The same few values come again and again, and a code costs a search.
    var codes = [UInt8?](repeating: nil, count: 1 << 16)
    func plain(_ value: Double) -> UInt8 { UInt8(min(max(value, 0), 1) * 255 + 0.5) }
    func code(_ value: UInt16) -> UInt8 {
      if let known = codes[Int(value)] { return known }
      let x = Double(value) / 65535
      let made = isColour ? SRGB.sRGB8(fromLinear: x) : plain(x)
      codes[Int(value)] = made
      return made
    }
    var ramped = [SIMD3<UInt8>?](repeating: nil, count: ramp == nil ? 0 : 1 << 16)
    func color(_ value: UInt16, _ ramp: TextureUse.Ramp) -> SIMD3<UInt8> {
      if let known = ramped[Int(value)] { return known }
      let t = Double(value) / 65535
      let c = ramp.first * (1 - t) + ramp.second * t
      let made =
        isColour
        ? SIMD3(SRGB.sRGB8(fromLinear: c.x), SRGB.sRGB8(fromLinear: c.y), SRGB.sRGB8(fromLinear: c.z))
        : SIMD3(plain(c.x), plain(c.y), plain(c.z))
      ramped[Int(value)] = made
      return made
    }
    for y in 0..<height {
      for x in 0..<width {
        let t = texture.texel(level: 0, x: x, y: y)
        if let ramp {
          let c = color(t.x, ramp)
          samples.append(c.x)
          samples.append(c.y)
          samples.append(c.z)
        } else {
          samples.append(code(t.x))
          samples.append(code(t.y))
          samples.append(code(t.z))
          if hasAlpha { samples.append(plain(Double(t.w) / 65535)) }
        }
      }
    }
    return RasterImage(width: width, height: height, channels: hasAlpha ? 4 : 3, samples: .eight(samples))
  }

  private var mask: RasterImage {
    let (width, height) = (Int(texture.levels[0].width), Int(texture.levels[0].height))
    var samples = [UInt8](repeating: 255, count: 4 * width * height)
    for k in 0..<width * height {
      let t = Double(texture.texel(level: 0, x: k % width, y: k / width).x) / 65535
      let share = ramp.map { $0.first.x * (1 - t) + $0.second.x * t } ?? t
      samples[4 * k + 3] = UInt8(min(max(share, 0), 1) * 255 + 0.5)
    }
    return RasterImage(width: width, height: height, channels: 4, samples: .eight(samples))
  }
}
