// Where each pixel's ray meets its surface: found anew, in double precision, from the triangle that the G-buffer names, the
// way that Moeller and Trumbore ("Fast, minimum storage ray/triangle intersection", 1997) solve
//
//     origin + s direction = a + w1 (b - a) + w2 (c - a)
//
// A triangle's corners were snapped to 1/256 pixel when it was drawn, so a pixel at its edge may look past it by as much:
// the weights are brought back into the triangle.

import Geometry
import Imaging
import Rasterization
import Stage

/// What annotators ask for of the geometry behind the pixels.
public struct GeometryChannels: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let normal = GeometryChannels(rawValue: 1)
  public static let cameraPosition = GeometryChannels(rawValue: 2)
  public static let worldPosition = GeometryChannels(rawValue: 4)
  public static let objectPosition = GeometryChannels(rawValue: 8)
  public static let uv = GeometryChannels(rawValue: 16)
}

/// Images of those asked for; 0 where nothing is seen.
struct SurfacePoints {
  /// Of the triangle, of unit length, in camera axes, towards the camera.
  var normal: FloatImage?
  /// Metres.
  var cameraPosition: FloatImage?
  var worldPosition: FloatImage?
  /// In the frame of the object's mesh.
  var objectPosition: FloatImage?
  /// Of the mesh, before a material turns and scales it.
  var uv: FloatImage?

  init(_ frame: Frame, _ gbuffer: GBuffer, _ channels: GeometryChannels, _ rays: inout PixelRays) {
    let (width, height) = (frame.width, frame.height)
    func image(_ channel: GeometryChannels, _ count: Int) -> FloatImage? {
      channels.contains(channel) ? FloatImage(width: width, height: height, channels: count) : nil
    }
    normal = image(.normal, 3)
    cameraPosition = image(.cameraPosition, 3)
    worldPosition = image(.worldPosition, 3)
    objectPosition = image(.objectPosition, 3)
    uv = image(.uv, 2)
    if channels.isEmpty { return }
    rays.prepare(frame)
    let toCamera = frame.instances.map { frame.camera.worldToCamera * $0.objectToWorld }
    var held = (instance: GBuffer.nothing, triangle: UInt32(0))
    var triangle = SurfaceTriangle()
    for y in 0..<height {
      for x in 0..<width {
        let k = y * width + x
        let (instance, number) = (gbuffer.instanceIndex.values[k], gbuffer.triangle.values[k])
        if instance == GBuffer.nothing { continue }
        if instance != held.instance || number != held.triangle {
          held = (instance, number)
          triangle = SurfaceTriangle(frame.instances[Int(instance)].mesh, Int(number), toCamera[Int(instance)])
        }
        let (origin, direction) = rays.ray(x, y)
        let (w1, w2) = triangle.weights(origin, direction)
        let at = triangle.a + triangle.e1 * w1 + triangle.e2 * w2
        normal?.put(dot(triangle.normal, direction) > 0 ? -triangle.normal : triangle.normal, k)
        cameraPosition?.put(at, k)
        if channels.contains(.objectPosition) || channels.contains(.worldPosition) {
          let own = triangle.own.0 * (1 - w1 - w2) + triangle.own.1 * w1 + triangle.own.2 * w2
          objectPosition?.put(own, k)
          worldPosition?.put(frame.instances[Int(instance)].objectToWorld * own, k)
        }
        if uv != nil {
          let t = triangle.uv.0 * (1 - w1 - w2) + triangle.uv.1 * w1 + triangle.uv.2 * w2
          uv?.samples[2 * k] = Float(t.x)
          uv?.samples[2 * k + 1] = Float(t.y)
        }
      }
    }
  }
}

extension FloatImage {
  /// Stores a vector as the three channels of pixel `k`.
  @inline(__always) fileprivate mutating func put(_ v: Vector3, _ k: Int) {
    samples[3 * k] = Float(v.x)
    samples[3 * k + 1] = Float(v.y)
    samples[3 * k + 2] = Float(v.z)
  }
}
