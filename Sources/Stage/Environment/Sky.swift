import Documents
import Geometry

/// A procedural environment. A sky is one file in `Skies/`, one line in `skyRegistry` and one test that calls `checkSky`.
public protocol Sky: DocumentPart, Hashable {
  /// The environment, +Z up. Only arithmetic of `StableMath`: the same bits everywhere. A few milliseconds, for a scene
  /// may ask for another sky in every frame.
  func makeEnvironment() -> Environment
}

/// Every sky that a scene can name: one line each.
public let skyRegistry = PartRegistry<any Sky>(
  kind: "sky",
  [
    .init(ClearSky.self) { $0 },
    .init(OvercastSky.self) { $0 },
    .init(StudioSky.self) { $0 },
    .init(GradientSky.self) { $0 },
  ])

/// 0 below `from`, 1 above `to`, and a smooth step between.
func smoothStep(_ from: Double, _ to: Double, _ x: Double) -> Double {
  let t = min(max((x - from) / (to - from), 0), 1)
  return t * t * (3 - 2 * t)
}

/// Luminance of linear RGB (BT.709).
func luminance(_ c: Vector3) -> Double { 0.2126 * c.x + 0.7152 * c.y + 0.0722 * c.z }
