import Documents

/// A procedural texture: a value from 0 to 1 over the unit square that tiles in both directions; the scene's two colours
/// are mixed by it. A pattern is one file in `Patterns/`, one line in `patternRegistry` and one test that calls
/// `checkPattern`.
public protocol Pattern: DocumentPart, Hashable {
  /// The pattern at texture coordinates `u`, `v` in [0, 1): 0 is the first colour, 1 the second. Only arithmetic of
  /// `StableMath`.
  func value(u: Double, v: Double) -> Double
}
