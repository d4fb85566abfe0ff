import Geometry
import Rasterization
import Stage

@testable import Annotators

extension Frame {
  /// The frame with everything that is labelled and the camera moved a little, as a neighbour in a sequence would be: each
  /// thing in a direction of its own.
  func stirred(by amount: Double) -> Frame {
    var other = self
    for k in other.instances.indices where other.instances[k].id != 0 {
      var random = TestRandom(UInt64(k) + 99)
      func number() -> Double { random.unit() - 0.5 }
      let motion = Motion(
        velocity: Vector3(number(), number(), number()) * 0.12, rotation: Vector3(number(), number(), number()) * 0.25)
      let t = instances[k].objectToWorld
      other.instances[k].objectToWorld = AffineTransform(
        linear: motion.turn(amount) * t.linear, translation: t.translation + motion.velocity * amount)
    }
    let turn = Motion(rotation: Vector3(0.01, -0.02, 0.03)).turn(amount)
    let position = camera.position + Vector3(0.03, 0.02, -0.01) * amount
    other.camera.rotation = camera.rotation * turn.transpose
    other.camera.translation = -(other.camera.rotation * position)
    other.index = index + Int(amount)
    other.sequence = SequencePlace(sequence: 0, index: index + Int(amount), time: Double(index) / 10)
    return other
  }

  /// What its pixels see.
  func seen() -> SeenFrame { SeenFrame(self, Rasterizer().render(self, .labelsOnly).gbuffer) }
}

/// The annotations of a frame that has others around it.
func annotateMotion(
  _ frame: Frame, previous: Frame? = nil, next: Frame? = nil, first: Frame? = nil, _ names: [String]
) throws -> Annotated {
  try annotate(
    frame, AnnotationPlan(names: names),
    SequenceNeighbours(previous: previous?.seen(), next: next?.seen(), first: first))
}

extension SIMD2<Double> {
  var length: Double { (x * x + y * y).squareRoot() }
}
