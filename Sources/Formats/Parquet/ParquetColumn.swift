// Columns of a Parquet file, and how nested rows become columns with levels (Melnik et al., Dremel, 2010).

enum ParquetType: Sendable {
  case int64
  case double
  case bytes
  /// UTF-8.
  case text

  /// `Type` of the format.
  var code: Int {
    switch self {
    case .int64: 2
    case .double: 5
    case .bytes, .text: 6
    }
  }
}

/// A column with its name. All values are there, but every node is optional by its schema: so pandas, pyarrow and `datasets`
/// write columns, and `datasets` takes a file's own features for those columns alone whose types are the same.
indirect enum ParquetNode: Sendable {
  case leaf(String, ParquetType)
  case group(String, [ParquetNode])
  /// A list of any length; its elements are called "element".
  case list(String, ParquetNode)

  var name: String {
    switch self {
    case .leaf(let name, _), .group(let name, _), .list(let name, _): name
    }
  }
}

/// The value of a column in a row, of the column's form.
indirect enum ParquetValue {
  case integer(Int)
  case double(Double)
  /// For texts too.
  case bytes([UInt8])
  case group([ParquetValue])
  case list([ParquetValue])
}

/// The values of a leaf in a row group.
struct ParquetColumn {
  let type: ParquetType
  /// From the root.
  let path: [String]
  /// How many lists the leaf lies in: its greatest repetition level.
  let depth: Int
  /// Its greatest definition level: one for each node of the path, the repeated ones of lists too.
  var levels: Int { path.count }
  /// At which list the value repeats, 0 for a new row, and how many nodes of its path there are. Where the second is less than
  /// `levels` a list is empty and there is no value.
  private var repetition: [UInt8] = []
  private var definition: [UInt8] = []
  /// In the encoding PLAIN.
  private var values: [UInt8] = []
  /// Values, and empty lists in their place.
  private(set) var count = 0

  init(_ type: ParquetType, path: [String], depth: Int) {
    (self.type, self.path, self.depth) = (type, path, depth)
  }

  /// In bytes, roughly.
  var size: Int { values.count + repetition.count + definition.count }

  mutating func removeAll() {
    repetition.removeAll(keepingCapacity: true)
    definition.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    count = 0
  }

  mutating func add(_ value: ParquetValue?, repetition r: Int, definition d: Int) {
    count += 1
    repetition.append(UInt8(r))
    definition.append(UInt8(d))
    switch (type, value) {
    case (_, nil): break
    case (.int64, .integer(let n)): values.appendLittleEndian(UInt64(bitPattern: Int64(n)), bytes: 8)
    case (.double, .double(let x)): values.appendLittleEndian(x.bitPattern, bytes: 8)
    case (.bytes, .bytes(let b)), (.text, .bytes(let b)):
      values.appendLittleEndian(UInt64(b.count), bytes: 4)
      values += b
    default: preconditionFailure("\(path): a value of another form than its column")
    }
  }

  /// The content of a data page: levels, those of repetition where there are any, then values.
  var page: [UInt8] {
    (depth > 0 ? ParquetColumn.encoded(repetition) : []) + ParquetColumn.encoded(definition) + values
  }

  /// Levels in the hybrid of RLE and bit packing, as runs alone, with their length before them. Levels up to 255 take a byte
  /// each.
  private static func encoded(_ levels: [UInt8]) -> [UInt8] {
    var runs: [UInt8] = []
    var i = 0
    while i < levels.count {
      let n = levels[i...].prefix { $0 == levels[i] }.count
      runs.appendVarint(UInt64(n) << 1)
      runs.append(levels[i])
      i += n
    }
    var bytes: [UInt8] = []
    bytes.appendLittleEndian(UInt64(runs.count), bytes: 4)
    return bytes + runs
  }
}

extension [ParquetColumn] {
  /// The leaves of some columns, in order.
  init(_ nodes: [ParquetNode]) {
    self = []
    func add(_ node: ParquetNode, _ path: [String], _ depth: Int) {
      switch node {
      case .leaf(let name, let type): append(ParquetColumn(type, path: path + [name], depth: depth))
      case .group(let name, let children): for c in children { add(c, path + [name], depth) }
      case .list(let name, let element): add(element, path + [name, "list"], depth + 1)
      }
    }
    for n in nodes { add(n, [], 0) }
  }

  /// Adds a row's values.
  mutating func add(_ row: [ParquetValue], to nodes: [ParquetNode]) {
    precondition(row.count == nodes.count, "a row has a value for each column")
    var leaf = 0
    for (node, value) in zip(nodes, row) { add(value, node, &leaf, repetition: 0, definition: 0, depth: 0) }
  }

  /// - Parameters:
  ///   - leaf: index of the first leaf of `node`; afterwards, of the first behind it.
  ///   - depth: how many lists `node` lies in.
  private mutating func add(
    _ value: ParquetValue?, _ node: ParquetNode, _ leaf: inout Int, repetition: Int, definition: Int, depth: Int
  ) {
    switch (node, value) {
    case (.leaf, _):
      if let value {
        self[leaf].add(value, repetition: repetition, definition: definition + 1)
      } else {
        self[leaf].add(nil, repetition: repetition, definition: definition)
      }
      leaf += 1
    case (.group(_, let children), .group(let values)):
      precondition(children.count == values.count, "a group has a value for each member")
      for (c, v) in zip(children, values) {
        add(v, c, &leaf, repetition: repetition, definition: definition + 1, depth: depth)
      }
    case (.group(_, let children), nil):
      for c in children { add(nil, c, &leaf, repetition: repetition, definition: definition, depth: depth) }
    case (.list(_, let element), .list(let values)) where !values.isEmpty:
      let first = leaf
      for (i, v) in values.enumerated() {
        leaf = first
        add(
          v, element, &leaf, repetition: i == 0 ? repetition : depth + 1, definition: definition + 2, depth: depth + 1)
      }
    case (.list(_, let element), .list):
      add(nil, element, &leaf, repetition: repetition, definition: definition + 1, depth: depth + 1)
    case (.list(_, let element), nil):
      add(nil, element, &leaf, repetition: repetition, definition: definition, depth: depth + 1)
    default: preconditionFailure("\(node.name): a value of another form than its column")
    }
  }
}
