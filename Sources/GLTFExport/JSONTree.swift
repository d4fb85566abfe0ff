import Documents
import Geometry

/// Short words for the values of the file's JSON.
extension Node {
  static func whole(_ value: Int) -> Node { Node(.integer(value)) }
  static func real(_ value: Double) -> Node { Node(.real(value)) }
  static func text(_ value: String) -> Node { Node(.string(value)) }
  static func list(_ items: [Node]) -> Node { Node(.sequence(items)) }
  static func reals(_ values: [Double]) -> Node { .list(values.map { .real($0) }) }
  static func vector(_ v: Vector3) -> Node { .reals([v.x, v.y, v.z]) }
  static func vector(_ v: Vector2) -> Node { .reals([v.x, v.y]) }

  static func object(_ members: [(String, Node)]) -> Node {
    Node(.mapping(members.map { Member(key: $0.0, keyMark: .none, value: $0.1) }))
  }

  /// A transform as glTF has it: sixteen numbers, column by column.
  static func matrix(_ t: AffineTransform) -> Node {
    let (x, y, z, p) = (t.linear.column0, t.linear.column1, t.linear.column2, t.translation)
    return .reals([x.x, x.y, x.z, 0, y.x, y.y, y.z, 0, z.x, z.y, z.z, 0, p.x, p.y, p.z, 1])
  }
}

/// Names of one kind, each given once: a second "cup" becomes "cup.2".
struct UniqueNames {
  private var taken: Set<String> = []

  mutating func unique(_ wanted: String) -> String {
    var (name, n) = (wanted, 1)
    while !taken.insert(name).inserted {
      n += 1
      name = "\(wanted).\(n)"
    }
    return name
  }
}
