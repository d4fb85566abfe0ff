import Geometry

/// What happens to light between the lens and the file. Every part is off by default, and with all of them off a picture
/// is the scene's radiance times 2^exposure through the sRGB curve.
///
/// The order is the physical one: lens, shutter, exposure, sensor, development. Documentation/Camera.md shows each part.
public struct PhotographicChain: Hashable, Sendable {
  public var lens = LensEffects()
  public var shutter = Shutter()
  /// What the radiance is multiplied by before the sensor, beside the frame's own exposure.
  public var gain = 1.0
  public var sensor: Sensor?
  public var development = Development()

  public init() {}

  public var isOff: Bool { self == PhotographicChain() }
}

/// What the glass does.
public struct LensEffects: Hashable, Sendable {
  public var defocus: Defocus?
  /// The share of the cosine-to-the-fourth law that is left to see: 1 is a simple lens, 0 a corrected one.
  public var naturalVignetting = 0.0
  /// Mechanical vignetting: transmission is 1 + v1 q + v2 q^2 + v3 q^3, not below 0, with q the squared distance from
  /// the principal point over that of the farthest corner.
  public var vignetting = Vector3()
  /// By how much larger than green red and blue are drawn: 0.001 moves a corner of a 640x480 picture 0.4 pixels.
  public var chromaticAberration = Vector2()

  public init() {}

  /// A thin lens: sharp at one distance.
  public struct Defocus: Hashable, Sendable {
    /// Focal length over the aperture's diameter.
    public var fNumber: Double
    /// Metres from the lens to the plane that is sharp, beyond the focal length.
    public var focusDistance: Double
    /// Metres.
    public var focalLength: Double

    public init(fNumber: Double, focusDistance: Double, focalLength: Double) {
      self.fNumber = fNumber
      self.focusDistance = focusDistance
      self.focalLength = focalLength
    }

    /// The diameter in pixels of the disc that a point at depth `z` is drawn as, with `f` pixels of focal length: with
    /// the lens focused at s, A = focalLength / fNumber wide, the disc on the sensor is A |z - s| / z * F / (s - F)
    /// across (Potmesil & Chakravarty 1981), and F metres are `f` pixels. Infinity is a depth like any other.
    public func circleOfConfusion(at z: Double, f: Double) -> Double {
      let relative = z.isInfinite ? 1 : abs(z - focusDistance) / z
      return focalLength / fNumber * relative * f / (focusDistance - focalLength)
    }
  }
}

/// When the picture is taken. Movements are those of the frame's camera and instances; at time 0, the middle of the
/// exposure of the middle row, everything is where the frame says, and the labels show that moment.
public struct Shutter: Hashable, Sendable {
  /// Seconds that a row is exposed for; 0 is an instant.
  public var time = 0.0
  /// Seconds from the first row's exposure to the last row's: a rolling shutter.
  public var readout = 0.0
  /// Pictures drawn within the whole time, each at the full price; a row is the mean of those within its exposure.
  public var samples = 8

  public init() {}

  public var isInstant: Bool { time == 0 && readout == 0 }
}

/// Photons to numbers.
public struct Sensor: Hashable, Sendable {
  /// 100 is the base: at ISO 400 white is a quarter of the electrons.
  public var iso = 100.0
  /// Electrons that white (linear 1) stands for at ISO 100.
  public var whiteElectrons = 10_000.0
  /// Root mean square of the noise that reading adds, in electrons.
  public var readNoise = 3.0
  public var hasShotNoise = true
  /// Stops above white at which a pixel is full.
  public var headroom = 1.0
  public var mosaic = Mosaic.none
  public var demosaic = Demosaic.malvar
  /// Shares of the pixels that always show nothing, and always everything; the same pixels in every frame.
  public var deadPixels = 0.0
  public var hotPixels = 0.0
  /// Which pixels those are.
  public var defectSeed: UInt32 = 0
  /// The frame's own noise.
  public var noiseSeed: UInt64 = 0

  public init() {}

  /// Electrons of white at this ISO.
  public var electrons: Double { whiteElectrons * 100 / iso }

  /// Colours of the first two pixels of the first two rows.
  public enum Mosaic: String, CaseIterable, Hashable, Sendable {
    case none, rggb, bggr, grbg, gbrg
  }

  /// How the two missing colours of a pixel are made.
  public enum Demosaic: String, CaseIterable, Hashable, Sendable {
    /// The mean of the nearest of that colour.
    case bilinear
    /// The same, corrected by how the pixel's own colour bends (Malvar, He & Cutler 2004).
    case malvar
  }
}

/// Numbers to a picture.
public struct Development: Hashable, Sendable {
  /// Factors on linear red, green and blue.
  public var whiteBalance = Vector3(1, 1, 1)
  public var toneCurve = ToneCurveName.srgb
  /// Unsharp masking of the encoded picture: how much of the difference to its blurred self is added.
  public var sharpening = 0.0
  /// 1 to 100: the picture goes through a JPEG file of that quality. Nil: it does not.
  public var jpegQuality: Int?
  /// 8 or 16.
  public var bitDepth = 8

  public init() {}

  public enum ToneCurveName: String, CaseIterable, Hashable, Sendable {
    /// Clipped at 1, then IEC 61966-2-1.
    case srgb
    /// Clipped at 1 and not encoded.
    case linear
    /// Hable's filmic curve ("Uncharted 2", GDC 2010), white at 11.2.
    case hable
    /// Narkowicz's fit of the ACES reference (2015).
    case aces
    /// A logarithmic sigmoid with desaturation towards white, in the manner of Sobotka's AgX.
    case agx
  }
}

/// How something moves at the frame's moment.
public struct Motion: Hashable, Sendable {
  /// Metres a second, in the world.
  public var velocity: Vector3
  /// Radians a second about the axis that the vector points along, in the world, through the thing's own origin.
  public var rotation: Vector3

  public init(velocity: Vector3 = Vector3(), rotation: Vector3 = Vector3()) {
    self.velocity = velocity
    self.rotation = rotation
  }

  public var isNone: Bool { velocity == Vector3() && rotation == Vector3() }

  /// The turn about the origin in `seconds` (Rodrigues).
  public func turn(_ seconds: Double) -> Matrix3 {
    guard let axis = rotation.normalized else { return .identity }
    let (s, c) = StableMath.sincos(rotation.length * seconds)
    func image(_ v: Vector3) -> Vector3 { v * c + cross(axis, v) * s + axis * (dot(axis, v) * (1 - c)) }
    return Matrix3(columns: image(Vector3(1, 0, 0)), image(Vector3(0, 1, 0)), image(Vector3(0, 0, 1)))
  }
}

extension Frame {
  /// Whether the picture takes in several moments.
  public var isInMotion: Bool {
    !photography.shutter.isInstant && (!cameraMotion.isNone || instances.contains { !$0.motion.isNone })
  }

  /// The frame `seconds` later.
  public func moved(by seconds: Double) -> Frame {
    guard seconds != 0 else { return self }
    var later = self
    if !cameraMotion.isNone {
      let position = camera.position + cameraMotion.velocity * seconds
      later.camera.rotation = camera.rotation * cameraMotion.turn(seconds).transpose
      later.camera.translation = -(later.camera.rotation * position)
    }
    for k in later.instances.indices where !later.instances[k].motion.isNone {
      let motion = later.instances[k].motion
      let t = later.instances[k].objectToWorld
      later.instances[k].objectToWorld = AffineTransform(
        linear: motion.turn(seconds) * t.linear, translation: t.translation + motion.velocity * seconds)
    }
    return later
  }
}
