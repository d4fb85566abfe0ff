// Where the surface point that a pixel's centre sees is in another frame of the sequence: from the world to the object's own
// frame, by the object's pose there back to the world, and by the camera there into its picture, lens and all. Nothing is
// searched for. The point is that of its triangle's weights, so where the mesh itself differs there (another moment of a
// skin, other weights of morph targets) it is the same point of the skin, provided that the triangles are the same ones.
//
// Both ends are projected, and their difference is the flow: of what does not move it is 0 to the bit.

import Geometry
import Imaging
import Rasterization
import Stage

struct MotionField {
  /// u, v in pixels from the pixel's centre to the point's place there; and 1 where the point is seen there, else 0. Where
  /// nothing can be said u and v are 0.
  var flow: FloatImage
  /// x, y, z in metres, and 1 where there is a surface and its place is known, seen there or not. Nil where not asked for.
  var sceneFlow: FloatImage?

  init(_ here: SeenFrame, _ there: SeenFrame, sceneFlow axes: SceneFlowPlane.Axes?, _ rays: inout PixelRays) {
    let (frame, other) = (here.frame, there.frame)
    let (width, height) = (frame.width, frame.height)
    var flow = FloatImage(width: width, height: height, channels: 3)
    var moves = axes.map { _ in FloatImage(width: width, height: height, channels: 4) }
    rays.prepare(frame)
    let isKnown = zip(frame.instances, other.instances).map { $0.mesh.hasTriangles(of: $1.mesh) }
    let sky = SkyMotion(frame, other)
    var held = (instance: GBuffer.nothing, triangle: UInt32(0))
    var (triangle, image) = (SurfaceTriangle(), SurfaceTriangle())
    for y in 0..<height {
      for x in 0..<width {
        let k = y * width + x
        let (instance, number) = (here.gbuffer.instanceIndex.values[k], here.gbuffer.triangle.values[k])
        let centre = Vector2(Double(x) + 0.5, Double(y) + 0.5)
        let (origin, direction) = rays.ray(x, y)
        if instance == GBuffer.nothing {
          guard let sky, let (from, to) = sky.places(direction, centre) else { continue }
          let isSeen = there.pixel(to).map { there.gbuffer.instanceIndex.values[$0] == GBuffer.nothing } ?? false
          flow.put(to - from, isSeen, k)
          continue
        }
        let i = Int(instance)
        guard isKnown[i] else { continue }
        if instance != held.instance || number != held.triangle {
          held = (instance, number)
          triangle = SurfaceTriangle(frame.instances[i].mesh, Int(number), here.toCamera[i])
          image = SurfaceTriangle(other.instances[i].mesh, Int(number), there.toCamera[i])
        }
        let (w1, w2) = triangle.weights(origin, direction)
        let (own, moved) = (triangle.object(w1, w2), image.object(w1, w2))
        let (p, q) = (here.toCamera[i] * own, there.toCamera[i] * moved)
        if let axes {
          let move =
            axes == .camera ? q - p : other.instances[i].objectToWorld * moved - frame.instances[i].objectToWorld * own
          for c in 0..<3 { moves?.samples[4 * k + c] = Float(move[c]) }
          moves?.samples[4 * k + 3] = 1
        }
        guard let to = other.camera.project(q) else { continue }
        let from = frame.camera.project(p) ?? centre
        flow.put(to - from, there.shows(q, at: to, instance: i, triangle: Int(number)), k)
      }
    }
    self.flow = flow
    sceneFlow = moves
  }
}

/// The movement of an environment in the picture: it is infinitely far away, so that only turns move it, the camera's and
/// its own. Nil where something else is seen behind things, or rays are parallel and all see one point of it.
private struct SkyMotion {
  private let here: Camera
  private let there: Camera
  /// From the camera's axes here to those of the world there, through the environment's own; and to the world here.
  private let toWorldThere: Matrix3
  private let toWorld: Matrix3

  init?(_ frame: Frame, _ other: Frame) {
    guard let a = frame.environment, a.isBackground, frame.backgroundPicture == nil, !frame.camera.isParallel,
      let b = other.environment, b.isBackground, other.backgroundPicture == nil, !other.camera.isParallel
    else { return nil }
    (here, there) = (frame.camera, other.camera)
    toWorld = frame.camera.rotation.transpose
    toWorldThere =
      a.rotation == b.rotation ? toWorld : b.worldToEnvironment.transpose * a.worldToEnvironment * toWorld
  }

  /// Far enough to be in front of every near plane.
  private static let far = 1e6

  func places(_ direction: Vector3, _ centre: Vector2) -> (from: Vector2, to: Vector2)? {
    guard let d = direction.normalized,
      let to = there.project(there.rotation * (toWorldThere * d) * SkyMotion.far)
    else { return nil }
    return (here.project(here.rotation * (toWorld * d) * SkyMotion.far) ?? centre, to)
  }
}

extension Mesh {
  /// Whether the triangles of another mesh are those of this one, perhaps at other places.
  func hasTriangles(of other: Mesh) -> Bool {
    self === other || (vertices.count == other.vertices.count && indices == other.indices)
  }
}

extension FloatImage {
  @inline(__always) fileprivate mutating func put(_ flow: Vector2, _ isSeen: Bool, _ k: Int) {
    samples[3 * k] = Float(flow.x)
    samples[3 * k + 1] = Float(flow.y)
    samples[3 * k + 2] = isSeen ? 1 : 0
  }
}
