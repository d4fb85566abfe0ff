/// Collects what a reader leaves aside: one note a kind, with the place of the first and the count of all.
struct Notes {
  private var order: [String] = []
  private var places: [String: (place: String, count: Int)] = [:]

  mutating func add(_ what: String, file: String, line: Int? = nil) {
    if places[what] != nil {
      places[what]?.count += 1
      return
    }
    // A hostile file may not fill the memory with kinds.
    guard order.count < 100 else { return }
    order.append(what)
    places[what] = (file + (line.map { ":\($0)" } ?? ""), 1)
  }

  /// In order of first appearance.
  var lines: [String] {
    order.compactMap { what in
      places[what].map { "\($0.place): \(what)" + ($0.count > 1 ? " (\($0.count) times)" : "") }
    }
  }
}
