// The pictures of a report: small JPEGs, with labels as outlines that the page draws over them and can filter.

import Annotators
import Dispatch
import Formats
import ImageCoding
import Imaging
import Stage
import Synchronization

/// A frame as the page shows it.
struct ReportTile: Sendable {
  var frame: Int
  var jpeg: [UInt8]
  var width: Int
  var height: Int
  /// The size of the grid that outlines are counted in.
  var gridWidth: Int
  var gridHeight: Int
  var objects: [TileObject]
}

/// A label over a tile, in units of the tile's grid.
struct TileObject: Sendable {
  var id: UInt32
  var category: Int
  /// COCO's: 0 small, 1 medium, 2 large.
  var size: Int
  /// Nil where it is not known.
  var visibility: Double?
  var box: (x: Double, y: Double, width: Double, height: Double)
  /// Of its mask, as the data of an SVG path; empty where it is too small for the grid.
  var outline: String
}

struct ReportTiles: Sendable {
  /// Every frame that the page shows anywhere.
  private(set) var tiles: [Int: ReportTile] = [:]
  /// Frames of the contact sheet, in order.
  private(set) var sheet: [Int] = []
  /// Groups of alike frames that are shown, by their frames.
  private(set) var alike: [[Int]] = []

  /// Pixels across a small picture, and JPEG's quality.
  static let width = 320
  static let quality = 72
  /// Outlines are traced on a grid of at most so many cells across: half a pixel of the small picture is enough to see.
  static let grid = 160
  /// The bytes of pictures and outlines that a page holds at most; beyond them frames are left out, the sheet's last first.
  static let budget = 5 << 20
  static let mostAlike = 6

  init(
    _ dataset: Dataset, kept: [KeptFrame], outliers: [Outlier], duplicates: [DuplicateGroup], equals: EqualPictures,
    options: ReportOptions
  ) throws(DatasetError) {
    sheet = ReportTiles.chosen(kept.filter { $0.picture != nil }, count: options.tiles)
    if options.tiles > 0 {
      // Frames of equal pictures need no other look; of the others a pair each.
      alike = duplicates.filter { group in
        let leader = kept[group.members[0]]
        return leader.sequence == nil || group.members.dropFirst().contains { kept[$0].sequence != leader.sequence }
      }
      .prefix(ReportTiles.mostAlike).map { group in group.members.prefix(2).map { kept[$0].frame } }
    }
    let special = options.tiles > 0 ? outliers.map(\.extreme.frame) + alike.joined() : []
    let wanted = Set(sheet + special)
    guard !wanted.isEmpty else { return }
    let made = try ReportTiles.make(wanted.sorted(), dataset, threads: options.threads)
    // What is shown for a reason comes first.
    var bytes = 0
    for frame in special + sheet where tiles[frame] == nil {
      guard let tile = made[frame] else { continue }
      bytes += tile.jpeg.count * 4 / 3 + tile.objects.reduce(0) { $0 + $1.outline.utf8.count + 120 }
      guard bytes <= ReportTiles.budget else { break }
      tiles[frame] = tile
    }
    sheet = sheet.filter { tiles[$0] != nil }
    alike = alike.filter { $0.allSatisfy { tiles[$0] != nil } }
  }

  /// Frames spread evenly, and a few of each class that those lack.
  static func chosen(_ frames: [KeptFrame], count: Int) -> [Int] {
    guard frames.count > count else { return count > 0 ? frames.map(\.frame) : [] }
    var total: [Int: Int] = [:]
    for f in frames { for c in Set(f.labels.map(\.category)) { total[c, default: 0] += 1 } }
    var picked: Set<Int> = []
    var shown: [Int: Int] = [:]
    func pick(_ i: Int) {
      guard picked.insert(i).inserted else { return }
      for c in Set(frames[i].labels.map(\.category)) { shown[c, default: 0] += 1 }
    }
    // The rarest classes first, up to three frames each and half of the sheet in all.
    for (category, _) in total.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }) {
      for (i, f) in frames.enumerated() where picked.count < count / 2 {
        guard shown[category, default: 0] < 3 else { break }
        if f.labels.contains(where: { $0.category == category }) { pick(i) }
      }
    }
    let free = count - picked.count
    for k in 0..<free { pick(k * frames.count / max(free, 1)) }
    for i in frames.indices where picked.count < count { pick(i) }
    return picked.sorted().map { frames[$0].frame }
  }

  // MARK: Making

  private static func make(
    _ frames: [Int], _ dataset: Dataset, threads: Int
  ) throws(DatasetError) -> [Int: ReportTile] {
    var made: [Int: ReportTile] = [:]
    var waiting = frames[...]
    while let first = waiting.first {
      let chunk = first / dataset.header.chunk
      let ours = waiting.prefix { $0 / dataset.header.chunk == chunk }
      waiting = waiting.dropFirst(ours.count)
      let (set, last) = (Set(ours), ours.last ?? first)
      var records: [FrameRecord] = []
      let path = dataset.folder + "/" + DatasetLayout.chunkFile(chunk)
      _ = try readRecords(path, threads: threads) { record, _ throws(DatasetError) in
        if set.contains(record.frame) { records.append(record) }
        return record.frame < last
      }
      let found = Mutex([Int: Result<ReportTile?, DatasetError>]())
      let (list, reader) = (records, PictureReader(dataset, chunk: chunk))
      DispatchQueue.concurrentPerform(iterations: list.count) { i in
        let result = Result { () throws(DatasetError) in try ReportTile(list[i], reader) }
        found.withLock { $0[i] = result }
      }
      for (_, result) in found.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
        switch result {
        case .success(let tile): if let tile { made[tile.frame] = tile }
        case .failure(let error): throw error
        }
      }
    }
    return made
  }
}

extension ReportTile {
  /// Nil where the frame has no picture.
  fileprivate init?(_ record: FrameRecord, _ reader: PictureReader) throws(DatasetError) {
    guard let image = try reader.picture(of: record) else { return nil }
    frame = record.frame
    width = min(image.width, ReportTiles.width)
    height = max(1, image.height * width / image.width)
    var canvas = Canvas(width: width, height: height, color: Canvas.Color(0, 0, 0))
    canvas.draw(image, x: 0, y: 0, width: width, height: height)
    do { jpeg = try encodeJPEG(canvas.image, quality: ReportTiles.quality) } catch {
      throw .frame(record.frame, "\(error)")
    }
    gridWidth = min(image.width, ReportTiles.grid)
    gridHeight = max(1, image.height * gridWidth / image.width)
    objects = []
    for i in record.instances {
      guard let b = i.box else { continue }
      guard let mask = RunLengthMask(i.mask, width: record.width, height: record.height) else {
        throw .damaged(file: "frame \(record.frame), instance \(i.id)", "found a mask that is none")
      }
      let (sx, sy) = (Double(gridWidth) / Double(record.width), Double(gridHeight) / Double(record.height))
      objects.append(
        TileObject(
          id: i.id, category: i.category, size: i.visiblePixels < 1024 ? 0 : i.visiblePixels < 9216 ? 1 : 2,
          visibility: i.values.visibility?.visibility,
          box: (Double(b.x) * sx, Double(b.y) * sy, Double(b.width) * sx, Double(b.height) * sy),
          outline: ReportTile.outline(mask, box: b, width: gridWidth, height: gridHeight)))
    }
    // Large ones first, so that small ones lie above them.
    objects.sort { ($1.box.width * $1.box.height, $0.id) < ($0.box.width * $0.box.height, $1.id) }
  }

  /// A mask as seen at the middles of the grid's cells, as the data of an SVG path.
  private static func outline(_ mask: RunLengthMask, box: PixelBox, width: Int, height: Int) -> String {
    // The mask's rows within the box, a column at a time.
    var inside = [Bool](repeating: false, count: box.width * box.height)
    mask.forEachRun { x, rows in
      for y in rows where x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height {
        inside[(x - box.x) * box.height + y - box.y] = true
      }
    }
    var counts: [UInt32] = [0]
    var isIn = false
    for i in 0..<width {
      let x = (2 * i + 1) * mask.width / (2 * width) - box.x
      for j in 0..<height {
        let y = (2 * j + 1) * mask.height / (2 * height) - box.y
        let own = x >= 0 && x < box.width && y >= 0 && y < box.height && inside[x * box.height + y]
        if own != isIn {
          isIn.toggle()
          counts.append(0)
        }
        counts[counts.count - 1] += 1
      }
    }
    var path = ""
    for ring in MaskOutlines(RunLengthMask(width: width, height: height, counts: counts)).rings {
      guard let first = ring.corners.first else { continue }
      path += "M\(first.x) \(first.y)"
      var last = first
      for p in ring.corners.dropFirst() {
        path += p.x == last.x ? "v\(p.y - last.y)" : "h\(p.x - last.x)"
        last = p
      }
      path += "z"
    }
    return path
  }
}
