import Imaging

/// What the centre of each pixel sees. Labels are read off this; nothing in it is antialiased.
public struct GBuffer: Sendable {
  public let width: Int
  public let height: Int
  /// Index into `Frame.instances` of the nearest surface at the pixel's centre, or `GBuffer.nothing`.
  public var instanceIndex: Plane<UInt32>
  /// Triangle of that instance's mesh; 0 where nothing is seen.
  public var triangle: Plane<UInt32>
  /// z along the optical axis in metres; 0 where nothing is seen.
  public var depth: Plane<Float>

  public static let nothing: UInt32 = .max

  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
    instanceIndex = Plane(width: width, height: height, repeating: GBuffer.nothing)
    triangle = Plane(width: width, height: height, repeating: 0)
    depth = Plane(width: width, height: height, repeating: 0)
  }

  /// Planes that every tile will write in full: their values are not set first.
  static func unwritten(width: Int, height: Int) -> GBuffer {
    func plane<T: BitwiseCopyable>(_ type: T.Type) -> Plane<T> {
      Plane(
        width: width, height: height,
        values: [T](unsafeUninitializedCapacity: width * height) { _, count in count = width * height })
    }
    return GBuffer(instanceIndex: plane(UInt32.self), triangle: plane(UInt32.self), depth: plane(Float.self))
  }

  private init(instanceIndex: Plane<UInt32>, triangle: Plane<UInt32>, depth: Plane<Float>) {
    width = instanceIndex.width
    height = instanceIndex.height
    self.instanceIndex = instanceIndex
    self.triangle = triangle
    self.depth = depth
  }

  /// Hands out the planes to be written in place.
  mutating func withTargets<R>(_ body: (LabelTargets) -> R) -> R {
    let width = width
    return instanceIndex.values.withUnsafeMutableBufferPointer { i in
      triangle.values.withUnsafeMutableBufferPointer { t in
        depth.values.withUnsafeMutableBufferPointer { z in
          guard let i = i.baseAddress, let t = t.baseAddress, let z = z.baseAddress else {
            preconditionFailure("a plane has at least one pixel")
          }
          return body(LabelTargets(instance: i, triangle: t, depth: z, width: width))
        }
      }
    }
  }
}
