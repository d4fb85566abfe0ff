import Geometry
import Imaging
import Rasterization
import Stage

/// The other frames of a sequence that a frame's motion is told from.
public struct SequenceNeighbours: Sendable {
  /// Nil before the first and behind the last frame of a sequence, and where nobody asks.
  public var previous: SeenFrame?
  public var next: SeenFrame?
  /// The sequence's first frame, which need not be drawn.
  public var first: Frame?

  public init(previous: SeenFrame? = nil, next: SeenFrame? = nil, first: Frame? = nil) {
    self.previous = previous
    self.next = next
    self.first = first
  }

  /// Objects are known again by their place in the frame: names and ids have to be the same ones.
  func check(against frame: Frame) throws(LabelError) {
    for other in [previous?.frame, next?.frame, first] {
      guard let other else { continue }
      for k in 0..<max(frame.instances.count, other.instances.count) {
        let here = k < frame.instances.count ? frame.instances[k] : nil
        let there = k < other.instances.count ? other.instances[k] : nil
        if here?.name == there?.name, here?.id == there?.id, here?.category == there?.category { continue }
        func text(_ i: Instance?) -> String { i.map { "\"\($0.name)\" with id \($0.id)" } ?? "nothing" }
        throw .changing(name: here?.name ?? there?.name ?? "", here: text(here), there: text(there))
      }
    }
  }
}

/// A frame, and which instance and triangle its pixels see.
public struct SeenFrame: Sendable {
  public let frame: Frame
  public let gbuffer: GBuffer
  /// From each object's frame to the camera's axes.
  let toCamera: [AffineTransform]

  public init(_ frame: Frame, _ gbuffer: GBuffer) {
    self.frame = frame
    self.gbuffer = gbuffer
    toCamera = frame.instances.map { frame.camera.worldToCamera * $0.objectToWorld }
  }

  /// The pixel that a place of the picture falls into, as an index; nil outside.
  func pixel(_ place: Vector2) -> Int? {
    guard place.x >= 0, place.y >= 0, place.x < Double(frame.width), place.y < Double(frame.height) else { return nil }
    return Int(place.y) * frame.width + Int(place.x)
  }

  /// Depths nearer to each other than this share of them are the same surface.
  private static let slack = 1e-3

  /// Whether a point of an instance's surface is seen: the pixel that it falls into shows the instance, and what it shows is
  /// not another part of it in front of the point. That is asked of the two triangles' planes: along the point's own ray the
  /// seen one is nearer, and along the ray of the pixel's centre the point's one is farther. At a ridge between two faces one
  /// of the two always denies it, so a pixel's width of extrapolation does no harm. Of solid and of one-sided things a
  /// triangle that faces away where the seen one faces the camera is never seen, however near to each other they are.
  ///
  /// - Parameters:
  ///   - point: in camera axes.
  ///   - place: where it is projected to.
  func shows(_ point: Vector3, at place: Vector2, instance: Int, triangle: Int) -> Bool {
    guard let k = pixel(place), gbuffer.instanceIndex.values[k] == UInt32(instance) else { return false }
    let seen = Int(gbuffer.triangle.values[k])
    if seen == triangle { return true }
    let mesh = frame.instances[instance].mesh
    let front = SurfaceTriangle(mesh, seen, toCamera[instance])
    let own = SurfaceTriangle(mesh, triangle, toCamera[instance])
    // The ray to the point: length 1 is the point.
    let origin = frame.camera.isParallel ? Vector3(point.x, point.y, 0) : Vector3()
    let here = front.distance(origin, point - origin)
    let centre = Vector2(Double(k % frame.width) + 0.5, Double(k / frame.width) + 0.5)
    let ray = frame.camera.ray(through: centre)
    // However thin a thing is, its back is not its front: only of a sheet both sides are seen.
    if let ray, !hasTwoSides(instance, own: triangle),
      dot(own.normal, point - origin) * dot(front.normal, ray.direction) < 0
    {
      return false
    }
    guard here > 0, here < 1 - SeenFrame.slack else { return true }
    guard let ray else { return true }
    let (near, far) = (front.distance(ray.origin, ray.direction), own.distance(ray.origin, ray.direction))
    return far > 0 && far <= near * (1 + SeenFrame.slack)
  }

  /// Whether a triangle can be seen from both sides: a sheet's, whose material does not hide its back.
  private func hasTwoSides(_ instance: Int, own triangle: Int) -> Bool {
    let i = frame.instances[instance]
    guard !i.mesh.isClosed else { return false }
    let slots = i.mesh.materialSlots
    return i.materials[slots.isEmpty ? 0 : Int(slots[triangle])].isDoubleSided
  }
}
