import Geometry
import Stage
import Testing

/// Labels against an independent ray caster.
struct AgreementTests {
  @Test func scenesAgreeWithTheRayCaster() throws {
    var sum = Agreement()
    for (scene, count) in [("dominoes", 12), ("primitives", 12)] {
      for frame in try SceneFrames.frames(scene, 0..<count, width: 160, height: 120) {
        sum += checkAgreement(frame, "\(scene) frame \(frame.index)")
      }
    }
    print(
      "labels: of \(sum.pixels) pixels \(sum.nearEdge) differ within the snapping distance of an edge and "
        + "\(sum.nearCrossing) within that of a crossing of two surfaces")
    #expect(Double(sum.exceptions) < 0.0002 * Double(sum.pixels))
  }
}
