import Documents
import Geometry

/// Rows on levels.
struct ShelfLayout: Layout {
  static let manual = Manual(
    name: "shelves",
    summary: "Fills the boards of a shelf from the bottom, each from left to right, side by side and standing on the "
      + "board.", sample: "shelves: {levels: 4, level_height: 0.35, width: 1.2, gap: 0.01}",
    limits: "Boards run along x with the middle at the origin; one row deep.")

  var levels = 1
  var levelHeight = 0.3
  var width = 1.0
  var gap = 0.0
  var jitter = 0.0
  var fill = false

  static let fields: [Field<ShelfLayout>] = [
    Field("levels", \.levels, "Boards, the lowest at the origin.", required: true, in: .closed(1, 1000)),
    Field("level_height", \.levelHeight, "Metres from board to board.", required: true, in: .positive),
    Field("width", \.width, "Metres along x.", required: true, in: .positive),
    Field("gap", \.gap, "Metres between neighbours. Default: 0.", in: .nonNegative),
    Field("jitter", \.jitter, "Each item stands up to this far forward or back; metres. Default: 0.", in: .nonNegative),
    Field("fill", \.fill, "Whether items that find no room are left out. Default: false."),
  ]

  func place(_ items: [LayoutItem], _ context: LayoutContext) throws(NoRoom) -> [AffineTransform?] {
    var (level, edge) = (0, 0.0)
    var poses: [AffineTransform?] = []
    for (i, item) in items.enumerated() {
      let (lower, upper) = (item.lower, item.upper)
      let extent = upper.x - lower.x
      if edge > 0, edge + extent > width {
        level += 1
        edge = 0
      }
      guard level < levels, extent <= width else {
        guard fill else {
          throw NoRoom(
            message: "room for \(i) of \(items.count) items on \(levels) boards of \(width) m",
            placed: Double(i) / Double(items.count))
        }
        poses.append(nil)
        continue
      }
      var random = item.random
      let y = jitter > 0 ? random.uniform(-jitter, jitter) : 0
      poses.append(
        AffineTransform(
          translation: Vector3(edge - lower.x - width / 2, y, Double(level) * levelHeight - lower.z)))
      edge += extent + gap
    }
    return poses
  }
}
