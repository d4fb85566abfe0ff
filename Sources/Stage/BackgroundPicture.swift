import Geometry

/// A picture that lies in the image plane, behind everything: a photograph, a gradient, noise. It does not turn with the
/// camera; what does is an environment.
public struct BackgroundPicture: Sendable {
  public var texture: Texture
  /// Where set, the texture's red channel t picks `first * (1 - t) + second * t`, linear RGB; else its own colour counts.
  public var ramp: TextureUse.Ramp?
  /// The image's place (x, y), each from 0 at the left and the top to 1, sees the texture at
  /// `origin + across * x + down * y`.
  public var origin: Vector2
  public var across: Vector2
  public var down: Vector2
  /// Whether the texture repeats beyond its borders; else the border's colour goes on.
  public var repeats: Bool
  /// Factor of the radiance, linear RGB, 0 or more.
  public var scale: Vector3

  public init(
    texture: Texture, ramp: TextureUse.Ramp? = nil, origin: Vector2 = Vector2(0, 0), across: Vector2 = Vector2(1, 0),
    down: Vector2 = Vector2(0, 1), repeats: Bool = false, scale: Vector3 = Vector3(1, 1, 1)
  ) {
    self.texture = texture
    self.ramp = ramp
    self.origin = origin
    self.across = across
    self.down = down
    self.repeats = repeats
    self.scale = scale
  }

  /// The part of a `width` x `height` image that covers a frame of `frameWidth` x `frameHeight` without distortion.
  ///
  /// - Parameters:
  ///   - zoom: 1 shows as much as can be, 2 half of that.
  ///   - position: which part, from (0, 0), the upper left, to (1, 1), the lower right.
  ///   - flip: whether left and right, or top and bottom, change places.
  public mutating func crop(
    _ width: Int, _ height: Int, toFill frameWidth: Int, _ frameHeight: Int, zoom: Double, position: Vector2,
    flip: (Bool, Bool)
  ) {
    // Texels of the image a pixel of the frame.
    let step = min(Double(width) / Double(frameWidth), Double(height) / Double(frameHeight)) / zoom
    let part = Vector2(step * Double(frameWidth) / Double(width), step * Double(frameHeight) / Double(height))
    origin = (Vector2(1, 1) - part) * position
    across = Vector2(part.x, 0)
    down = Vector2(0, part.y)
    if flip.0 { (origin.x, across.x) = (origin.x + part.x, -part.x) }
    if flip.1 { (origin.y, down.y) = (origin.y + part.y, -part.y) }
  }
}

/// A background made ready for a frame's size. Pixels are looked up one at a time or by rows; all lookups blend the same
/// two mip levels, for the picture lies flat in the image.
///
/// The texture must outlive it.
public struct BackgroundSampler: Sendable {
  private struct Level {
    var base: Int
    var stride: Int
    var width: Double
    var height: Double
  }

  private let texture: Texture
  private let ramp: (first: SIMD3<Float>, span: SIMD3<Float>)?
  private let scale: SIMD3<Float>
  private let origin: Vector2
  private let across: Vector2
  private let down: Vector2
  private let repeats: Bool
  private let fine: Level
  private let coarse: Level
  /// Share of the coarse level.
  private let blend: Float

  public init(_ picture: BackgroundPicture, width: Int, height: Int) {
    texture = picture.texture
    ramp = picture.ramp.map {
      (SIMD3<Float>($0.first * picture.scale), SIMD3<Float>(($0.second - $0.first) * picture.scale))
    }
    scale = SIMD3<Float>(picture.scale)
    origin = picture.origin
    across = picture.across / Double(width)
    down = picture.down / Double(height)
    repeats = picture.repeats
    let levels = picture.texture.levels
    let size = Vector2(Double(levels[0].width), Double(levels[0].height))
    // Texels of the image that a pixel's longer side spans.
    let (a, d) = (across * size, down * size)
    let steps = max(dot(a, a), dot(d, d))
    let detail = steps > 1 ? min(0.5 * StableMath.log2(min(steps, 1e9)), Double(levels.count - 1)) : 0
    let first = min(Int(detail), levels.count - 1)
    func level(_ k: Int) -> Level {
      let l = levels[min(k, levels.count - 1)]
      return Level(base: Int(l.offset), stride: Int(l.width) + 1, width: Double(l.width), height: Double(l.height))
    }
    (fine, coarse) = (level(first), level(first + 1))
    blend = Float(detail - Double(first))
  }

  /// Linear RGB seen at a place of the image, in pixels; a pixel's middle is at + 0.5.
  public func radiance(x: Double, y: Double) -> SIMD3<Float> {
    let uv = origin + across * x + down * y
    var t = texel(fine, uv)
    if blend > 0 { t += (texel(coarse, uv) - t) * blend }
    guard let ramp else { return t * scale }
    return ramp.first + ramp.span * t.x
  }

  /// The middles of `count` pixels of row `y` from column `x` on.
  public func row(y: Int, from x: Int, count: Int, into row: UnsafeMutablePointer<SIMD3<Float>>) {
    for i in 0..<count { row[i] = radiance(x: Double(x + i) + 0.5, y: Double(y) + 0.5) }
  }

  /// Bilinear, in linear RGB.
  @inline(__always)
  private func texel(_ level: Level, _ uv: Vector2) -> SIMD3<Float> {
    var (x, y): (Double, Double)
    if repeats {
      x = (uv.x - uv.x.rounded(.down)) * level.width - 0.5
      y = (uv.y - uv.y.rounded(.down)) * level.height - 0.5
      if x < 0 { x += level.width }
      if y < 0 { y += level.height }
    } else {
      x = min(max(uv.x * level.width - 0.5, 0), level.width - 1)
      y = min(max(uv.y * level.height - 0.5, 0), level.height - 1)
    }
    // Rounding may put a wrapped coordinate on the border itself, where the neighbour would be outside.
    let (i, j) = (min(Int(x), Int(level.width) - 1), min(Int(y), Int(level.height) - 1))
    let (fx, fy) = (Float(x - Double(i)), Float(y - Double(j)))
    let at = level.base + j * level.stride + i
    let top = value(at) + (value(at + 1) - value(at)) * fx
    let bottom = value(at + level.stride) + (value(at + level.stride + 1) - value(at + level.stride)) * fx
    return top + (bottom - top) * fy
  }

  @inline(__always)
  private func value(_ index: Int) -> SIMD3<Float> {
    if texture.isScalar {
      let t = Float(texture.texelBase.load(fromByteOffset: 2 * index, as: UInt16.self)) / 65535
      return SIMD3(t, t, t)
    }
    let t = texture.texelBase.load(fromByteOffset: 8 * index, as: SIMD4<UInt16>.self)
    return SIMD3(Float(t.x), Float(t.y), Float(t.z)) / 65535
  }
}
