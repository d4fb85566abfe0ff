import Geometry
import Stage

/// What is seen where nothing is: a picture, the environment, or one colour.
struct SceneBackground {
  private let colour: SIMD4<Float>
  private let picture: BackgroundSampler?
  private let environment: EnvironmentLight?
  /// Where rays are not those of a pinhole.
  private let lens: Camera?
  private let rayScale: SIMD2<Float>
  private let rayOrigin: SIMD2<Float>

  /// One colour.
  init(_ colour: SIMD4<Float> = SIMD4(repeating: 0)) {
    self.colour = colour
    picture = nil
    environment = nil
    lens = nil
    (rayScale, rayOrigin) = (SIMD2(1, 1), SIMD2(0, 0))
  }

  init(_ frame: Frame) {
    colour = SIMD4(SIMD3<Float>(frame.background), 0)
    picture = frame.backgroundPicture.map { BackgroundSampler($0, width: frame.width, height: frame.height) }
    let isSeen = frame.environment?.isBackground ?? false
    environment = isSeen ? frame.environment.map { EnvironmentLight($0, camera: frame.camera) } : nil
    let c = frame.camera
    lens = c.isBent || c.isParallel ? c : nil
    rayScale = SIMD2(Float(1 / c.fx), Float(1 / c.fy))
    rayOrigin = SIMD2(Float(-c.cx / c.fx), Float(-c.cy / c.fy))
  }

  var isUniform: Bool { picture == nil && environment == nil }

  /// Linear RGB at the middle of pixel (x, y), and 0.
  @inline(__always)
  func radiance(_ x: Int, _ y: Int) -> SIMD4<Float> {
    if isUniform { return colour }
    return looked(x, y)
  }

  @inline(never)
  private func looked(_ x: Int, _ y: Int) -> SIMD4<Float> {
    if let picture { return SIMD4(picture.radiance(x: Double(x) + 0.5, y: Double(y) + 0.5), 0) }
    guard let environment else { return colour }
    if let lens {
      guard let d = lens.unproject(Vector2(Double(x) + 0.5, Double(y) + 0.5)) else { return SIMD4(repeating: 0) }
      return environment.radiance(along: SIMD3<Float>(d))
    }
    let p = SIMD2(Float(x) + 0.5, Float(y) + 0.5) * rayScale + rayOrigin
    return environment.radiance(along: SIMD3(p, 1))
  }
}
