import Documents
import Geometry

/// One beside the other.
struct RowLayout: Layout {
  static let manual = Manual(
    name: "row", summary: "A straight row, side by side or at even distances, its middle at the origin.",
    sample: "row: {axis: x, gap: 0.01}")

  var axis = AxisWord.x
  var spacing: Double?
  var gap = 0.0
  var centered = true

  static let fields: [Field<RowLayout>] = [
    Field("axis", \.axis, "Along x, y or z. Default: x."),
    Field("spacing", \.spacing, "Metres from origin to origin. Default: side by side.", in: .positive),
    Field("gap", \.gap, "Metres between neighbours that stand side by side. Default: 0.", in: .nonNegative),
    Field("centered", \.centered, "Whether the middle of the row is at the origin, else its beginning. Default: true."),
  ]

  func place(_ items: [LayoutItem], _ context: LayoutContext) -> [AffineTransform?] {
    let (positions, length) = LineSpacing(spacing: spacing, gap: gap).positions(items, axis.unit)
    let start = centered ? -length / 2 : 0
    return zip(positions, items).map { position, item in
      AffineTransform(translation: axis.unit * (position + start) + (axis == .z ? Vector3() : item.standing))
    }
  }
}

/// One upon the other.
struct StackLayout: Layout {
  static let manual = Manual(
    name: "stack", summary: "A pile: the first on the ground of the layout, each of the others on the one below.",
    sample: "stack: {gap: 0}", limits: "Stacks boxes: what is round touches by its box.")

  var gap = 0.0

  static let fields: [Field<StackLayout>] = [
    Field("gap", \.gap, "Metres between neighbours. Default: 0.", in: .nonNegative)
  ]

  func place(_ items: [LayoutItem], _ context: LayoutContext) -> [AffineTransform?] {
    let up = Vector3(0, 0, 1)
    return LineSpacing(spacing: nil, gap: gap).positions(items, up).positions.map {
      AffineTransform(translation: up * $0)
    }
  }
}

/// Rows and columns.
struct GridLayout: Layout {
  static let manual = Manual(
    name: "grid", summary: "Rows and columns on the ground, row by row, the middle of the whole at the origin.",
    sample: "grid: {columns: 4, spacing: [0.5, 0.4]}")

  var columns = 1
  var spacing = Vector2(1, 1)
  var layerHeight: Double?
  var rows: Int?

  static let fields: [Field<GridLayout>] = [
    Field("columns", \.columns, "Items in a row, along x.", required: true, in: .closed(1, 65535)),
    Field("spacing", \.spacing, "Metres from origin to origin along x and y.", required: true),
    Field("rows", \.rows, "Rows in a layer, along y. Default: as many as there are items for.", in: .closed(1, 65535)),
    Field(
      "layer_height", \.layerHeight, "Metres between layers, where `rows` fill up. Default: one layer.", in: .positive),
  ]

  func place(_ items: [LayoutItem], _ context: LayoutContext) throws(NoRoom) -> [AffineTransform?] {
    let needed = (items.count + columns - 1) / columns
    let rows = self.rows ?? max(needed, 1)
    if layerHeight == nil, items.count > rows * columns {
      throw NoRoom(
        message: "\(items.count) items in a grid of \(columns) x \(rows)",
        placed: Double(rows * columns) / Double(items.count))
    }
    return items.indices.map { i in
      let (layer, rest) = (i / (rows * columns), i % (rows * columns))
      let x = (Double(rest % columns) - Double(columns - 1) / 2) * spacing.x
      let y = (Double(rest / columns) - Double(rows - 1) / 2) * spacing.y
      return AffineTransform(translation: Vector3(x, y, Double(layer) * (layerHeight ?? 0)) + items[i].standing)
    }
  }
}

/// Around a circle.
struct RingLayout: Layout {
  static let manual = Manual(
    name: "ring", summary: "Evenly around a circle on the ground.", sample: "ring: {radius: 2, facing: center}")

  enum Facing: String, DocumentWord { case none, center, outward, along }

  var radius = 1.0
  var start = 0.0
  var sweep = 360.0
  var facing = Facing.none

  static let fields: [Field<RingLayout>] = [
    Field("radius", \.radius, "Metres.", required: true, in: .nonNegative),
    Field("start", \.start, "Degrees from +X of the first. Default: 0."),
    Field("sweep", \.sweep, "Degrees from the first round to where the next would stand. Default: 360."),
    Field("facing", \.facing, "Where the x axis of the items points: none (as it is), center, outward, along."),
  ]

  func place(_ items: [LayoutItem], _ context: LayoutContext) -> [AffineTransform?] {
    items.indices.map { i in
      let angle = (start + sweep * Double(i) / Double(items.count)).degreesInRadians
      let (s, c) = StableMath.sincos(angle)
      let out = Vector3(c, s, 0)
      let x: Vector3? =
        switch facing {
        case .none: nil
        case .center: -out
        case .outward: out
        case .along: Vector3(-s, c, 0)
        }
      return AffineTransform(linear: x.map(facingMatrix) ?? .identity, translation: out * radius + items[i].standing)
    }
  }
}

/// The turn about z that brings +X to `x`, a unit vector with z = 0.
func facingMatrix(_ x: Vector3) -> Matrix3 {
  Matrix3(Vector3(x.x, -x.y, 0), Vector3(x.y, x.x, 0), Vector3(0, 0, 1))
}
