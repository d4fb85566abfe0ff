import Documents
import Geometry

/// A part that puts the copies of a population in order. A layout is one file in `Layouts/`, one line in
/// `layoutRegistry` and one test.
protocol Layout: DocumentPart {
  /// The pose of each item in the layout's frame; nil for an item that is left out.
  ///
  /// - Throws: why there is no room, which fails the attempt.
  func place(_ items: [LayoutItem], _ context: LayoutContext) throws(NoRoom) -> [AffineTransform?]
}

/// What a layout knows of one copy.
struct LayoutItem {
  /// The boxes of the copy, about its origin.
  var boxes: [OrientedBox]
  /// Its dice.
  var random: RandomStream

  /// Bounds of all boxes about the origin.
  var lower: Vector3 { boxes.reduce(Vector3(repeating: .infinity)) { pointwiseMin($0, $1.lower) } }
  var upper: Vector3 { boxes.reduce(Vector3(repeating: -.infinity)) { pointwiseMax($0, $1.upper) } }

  /// The lift that makes the item stand on the ground of its layout.
  var standing: Vector3 { boxes.isEmpty ? Vector3() : Vector3(0, 0, -lower.z) }
}

/// What a layout knows of the rest.
struct LayoutContext {
  /// Boxes of what is there already, in the layout's frame.
  var obstacles: [OrientedBox]
  /// The tops of the objects there are, by name.
  var surface: (String) -> Surface?
}

/// The top of an object: a rectangle that faces up.
struct Surface {
  var center: Vector3
  /// Half edges.
  var a: Vector3
  var b: Vector3
}

/// Why a layout finds no room.
struct NoRoom: Error {
  var message: String
  /// What share of the items found a place.
  var placed: Double
}

/// Every layout: one line each.
let layoutRegistry = PartRegistry<any Layout>(
  kind: "layout",
  [
    .init(RowLayout.self) { $0 }, .init(GridLayout.self) { $0 }, .init(RingLayout.self) { $0 },
    .init(StackLayout.self) { $0 }, .init(ScatterLayout.self) { $0 }, .init(PathLayout.self) { $0 },
    .init(VolumeLayout.self) { $0 }, .init(ShelfLayout.self) { $0 },
  ])

/// `layout:`
struct LayoutValue: DocumentValue {
  var layout: any Layout
  var mark: Mark
  static var grammar: Grammar { layoutRegistry.grammar }
  static func decode(_ node: Node) throws(DocumentError) -> LayoutValue {
    LayoutValue(layout: try layoutRegistry.decode(node), mark: node.mark)
  }
}

/// The axes that a layout can run along.
enum AxisWord: String, DocumentWord {
  case x, y, z
  var unit: Vector3 {
    switch self {
    case .x: Vector3(1, 0, 0)
    case .y: Vector3(0, 1, 0)
    case .z: Vector3(0, 0, 1)
    }
  }
}

/// Where the items of a line stand along it: at distances, or side by side.
struct LineSpacing {
  /// Between origins; nil for side by side.
  var spacing: Double?
  /// Between the boxes of neighbours.
  var gap: Double

  /// Coordinates of the origins along `axis`, the first box beginning at 0; and the whole length.
  func positions(_ items: [LayoutItem], _ axis: Vector3) -> (positions: [Double], length: Double) {
    if let spacing {
      return (items.indices.map { Double($0) * spacing }, Double(max(items.count - 1, 0)) * spacing)
    }
    var edge = 0.0
    var list: [Double] = []
    for (i, item) in items.enumerated() {
      if i > 0 { edge += gap }
      list.append(edge - dot(item.lower, axis))
      edge += dot(item.upper - item.lower, axis)
    }
    return (list, edge)
  }
}
