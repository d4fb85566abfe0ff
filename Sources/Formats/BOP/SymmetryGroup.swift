import Geometry
import Stage

/// All rigid motions that declared turns make together: BOP lists every one but the identity, since its errors take the least over
/// the list and put nothing together themselves.
struct SymmetryGroup {
  /// Motions of the object's frame, metres, without the identity, in the order in which they are found.
  private(set) var motions: [AffineTransform] = []
  /// Whether the turns make a group of at most `most` motions. Where they do not, `motions` holds the declared turns alone.
  private(set) var isFinite = true

  /// The icosahedron has 60 turns, a prism of 64 sides 128.
  static let most = 256

  /// - Parameter symmetries: those with a fold; others are passed over.
  init(_ symmetries: [Symmetry]) {
    let turns = symmetries.compactMap { SymmetryGroup.turn($0) }
    var found = [AffineTransform.identity]
    var next = 0
    while next < found.count {
      for t in turns {
        let m = t * found[next]
        guard !found.contains(where: { SymmetryGroup.distance($0, m) < 1e-6 }) else { continue }
        found.append(m)
      }
      next += 1
      guard found.count <= SymmetryGroup.most else {
        (motions, isFinite) = (turns, false)
        return
      }
    }
    motions = Array(found.dropFirst())
  }

  /// The turn by 360 degrees / fold about the axis (Rodrigues).
  private static func turn(_ s: Symmetry) -> AffineTransform? {
    guard let fold = s.fold, fold > 1 else { return nil }
    let (sine, cosine) = StableMath.sincos(2 * .pi / Double(fold))
    func image(_ v: Vector3) -> Vector3 {
      v * cosine + cross(s.axis, v) * sine + s.axis * (dot(s.axis, v) * (1 - cosine))
    }
    let r = Matrix3(columns: image(Vector3(1, 0, 0)), image(Vector3(0, 1, 0)), image(Vector3(0, 0, 1)))
    return AffineTransform(linear: r, translation: s.offset - r * s.offset)
  }

  private static func distance(_ a: AffineTransform, _ b: AffineTransform) -> Double {
    let rows = [
      a.linear.row0 - b.linear.row0, a.linear.row1 - b.linear.row1, a.linear.row2 - b.linear.row2,
      a.translation - b.translation,
    ]
    return rows.map { max(abs($0.x), max(abs($0.y), abs($0.z))) }.max() ?? 0
  }
}
