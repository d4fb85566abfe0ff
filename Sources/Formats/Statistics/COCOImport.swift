// Reading a COCO annotation file of anybody's into statistics.
//
// What real files get wrong without harm is taken and counted (`COCOSins`): members that are missing, whole numbers written as
// floats, boxes that stick out, polygons of fewer than three points. What cannot be understood is an error with line and column:
// no `images`, `annotations` or `categories`, an annotation without a box and without an outline, a class that is not listed, a
// text where a number belongs.
//
// The file is gone through twice, for its classes, which often come last, and for the rest; a third time if its images come after
// its annotations. That is done block by block: memory holds a few words an image.

import Documents

/// What was amiss in a COCO file, and what was done about it.
public struct COCOSins: Equatable, Sendable {
  /// Taken as 0.
  public var withoutCrowd = 0
  /// Taken from the box.
  public var withoutArea = 0
  /// Taken from the outline's bounds.
  public var withoutBox = 0
  /// Ids written as floats.
  public var floatIDs = 0
  /// By more than half a pixel; cut to the picture.
  public var boxesBeyond = 0
  /// Left out: nothing of them is in the picture, or they have no width or no height.
  public var boxesOutside = 0
  public var emptyBoxes = 0
  /// Polygons of fewer than three points, and of an odd number of coordinates.
  public var shortPolygons = 0
  public var oddPolygons = 0
  /// Annotations left out since no image has their `image_id`.
  public var withoutImage = 0
  /// Images left out since one with their id came before.
  public var imagesTwice = 0

  public init() {}

  /// Those that occurred, with what they are in words.
  public var list: [(key: String, meaning: String, count: Int)] {
    [
      ("without_iscrowd", "annotations without iscrowd, taken as 0", withoutCrowd),
      ("without_area", "annotations without area, taken from the box", withoutArea),
      ("without_bbox", "annotations without bbox, taken from the outline", withoutBox),
      ("float_ids", "ids written as floats", floatIDs),
      ("boxes_beyond_image", "boxes that stick out of the picture, cut to it", boxesBeyond),
      ("boxes_outside_image", "boxes wholly outside of the picture, left out", boxesOutside),
      ("empty_boxes", "boxes without width or height, left out", emptyBoxes),
      ("short_polygons", "polygons of fewer than three points", shortPolygons),
      ("odd_polygons", "polygons of an odd number of coordinates", oddPolygons),
      ("without_image", "annotations of images that are not listed, left out", withoutImage),
      ("images_twice", "images listed a second time, left out", imagesTwice),
    ].filter { $0.2 > 0 }
  }
}

/// What a COCO file holds.
public struct COCOImport: Sendable {
  public private(set) var statistics = AnnotationStatistics(classes: [])
  public private(set) var sins = COCOSins()
  /// Annotations with an outline in polygons, in run lengths, and with none.
  public private(set) var polygons = 0
  public private(set) var runLengths = 0
  public private(set) var boxesAlone = 0
  public private(set) var annotations = 0

  /// Classes that were left out, with how many annotations they have.
  public private(set) var leftOut: [(name: String, annotations: Int)] = []

  private var imageIndex: [Int: Int] = [:]
  private var classIndex: [Int: Int] = [:]
  /// In the order of the list.
  private var named: [(id: Int, name: String)] = []

  /// - Parameter naming: what a class is called here, nil to leave it out; classes of one name become one. Nil for all classes
  ///   as they are.
  /// - Throws: where the file cannot be read or understood.
  public init(path: String, naming: ((String) -> String?)? = nil) throws(FormatError) {
    let scanner = try FormatError.files { () throws(FileError) in try JSONListScanner(path) }
    var hasImages = false
    var isLate = false
    // Classes first: they are few, and every annotation needs its own.
    let members = try scanner.scan(isWanted: { $0 == "categories" }) { _, r throws(JSONError) in
      try category(&r, naming)
    }
    for name in ["images", "annotations", "categories"] where !members.contains(name) {
      throw .damaged(
        file: path,
        "found no \"\(name)\" among \(members.isEmpty ? "no members" : members.prefix(8).joined(separator: ", ")), expected a "
          + "COCO annotation file with images, annotations and categories")
    }
    statistics = AnnotationStatistics(classes: named)
    func isWanted(_ name: String) -> Bool {
      if name == "images" { hasImages = true }
      if name == "annotations", !hasImages { isLate = true }
      return name == "images" || name == "annotations" && hasImages
    }
    _ = try scanner.scan(isWanted: isWanted) { name, r throws(JSONError) in
      if name == "images" { try image(&r) } else { try annotation(&r) }
    }
    if isLate {
      _ = try scanner.scan(isWanted: { $0 == "annotations" }) { _, r throws(JSONError) in try annotation(&r) }
    }
    statistics.finish()
  }

  // MARK: Elements

  private mutating func category(_ r: inout JSONReader, _ naming: ((String) -> String?)?) throws(JSONError) {
    var (id, name) = (Int?.none, String?.none)
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "id": id = try identifier(&r)
      case "name": name = try r.string()
      default: try r.skipValue()
      }
    }
    guard let id, let name else { throw r.error(expected: "a category's id and name before this") }
    guard classIndex[id] == nil else {
      throw r.error(expected: "a category whose id, \(id), has not come before")
    }
    if let naming {
      guard let known = naming(name) else {
        // Places below 0 are those of the list of classes left out.
        classIndex[id] = -1 - leftOut.count
        leftOut.append((name, 0))
        return
      }
      if let same = named.firstIndex(where: { $0.name == known }) {
        classIndex[id] = same
        return
      }
      classIndex[id] = named.count
      named.append((id, known))
      return
    }
    classIndex[id] = named.count
    named.append((id, name))
  }

  private mutating func image(_ r: inout JSONReader) throws(JSONError) {
    var (id, width, height) = (Int?.none, Int?.none, Int?.none)
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "id": id = try identifier(&r)
      case "width": width = try pixels(&r)
      case "height": height = try pixels(&r)
      default: try r.skipValue()
      }
    }
    guard let id, let width, let height else { throw r.error(expected: "an image's id, width and height before this") }
    guard imageIndex[id] == nil else {
      sins.imagesTwice += 1
      return
    }
    imageIndex[id] = statistics.addImage(width: width, height: height)
  }

  private mutating func annotation(_ r: inout JSONReader) throws(JSONError) {
    var (image, category, box) = (Int?.none, Int?.none, [Double]?.none)
    var (area, isCrowd) = (Double?.none, Bool?.none)
    var outline = Outline()
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "id": _ = try identifier(&r)
      case "image_id": image = try identifier(&r)
      case "category_id": category = try identifier(&r)
      case "bbox":
        guard try !r.isNull() else { continue }
        let values = try numbers(&r)
        // An empty list is what some write where there is none.
        guard values.count == 4 || values.isEmpty else { throw r.error(expected: "four numbers of a bbox before this") }
        box = values.isEmpty ? nil : values
      case "area": if try !r.isNull() { area = try r.number() }
      case "iscrowd": if try !r.isNull() { isCrowd = try flag(&r) }
      case "segmentation": try segmentation(&r, &outline)
      default: try r.skipValue()
      }
    }
    guard let image, let category else {
      throw r.error(expected: "an annotation's image_id and category_id before this")
    }
    guard let index = classIndex[category] else {
      throw r.error(expected: "a category_id that is listed before this, not \(category)")
    }
    guard index >= 0 else {
      leftOut[-1 - index].annotations += 1
      return
    }
    if isCrowd == nil { sins.withoutCrowd += 1 }
    if box == nil {
      guard let bounds = outline.bounds else { throw r.error(expected: "a bbox or polygons before this") }
      sins.withoutBox += 1
      box = bounds
    }
    annotations += 1
    if outline.isRunLength { runLengths += 1 } else if outline.hasPolygons { polygons += 1 } else { boxesAlone += 1 }
    guard let picture = imageIndex[image] else {
      sins.withoutImage += 1
      return
    }
    if area == nil { sins.withoutArea += 1 }
    guard let box, let inside = inside(box, statistics.size(ofImage: picture)) else { return }
    statistics.add(
      ObjectSample(
        category: index, box: inside, area: area ?? inside.width * inside.height, isCrowd: isCrowd ?? false),
      toImage: picture)
  }

  /// The part of a box that lies in the picture; nil where there is none, which is counted.
  private mutating func inside(
    _ b: [Double], _ size: AnnotationStatistics.PictureSize
  ) -> (x: Double, y: Double, width: Double, height: Double)? {
    // What is so small that its area is 0 is empty too.
    guard b[2] > 0, b[3] > 0, b[2] * b[3] > 0 else {
      sins.emptyBoxes += 1
      return nil
    }
    let (w, h) = (Double(size.width), Double(size.height))
    let (left, top) = (max(b[0], 0), max(b[1], 0))
    let (right, bottom) = (min(b[0] + b[2], w), min(b[1] + b[3], h))
    guard right > left, bottom > top else {
      sins.boxesOutside += 1
      return nil
    }
    if max(-b[0], -b[1], b[0] + b[2] - w, b[1] + b[3] - h) > 0.5 { sins.boxesBeyond += 1 }
    return (left, top, right - left, bottom - top)
  }

  // MARK: Values

  private mutating func identifier(_ r: inout JSONReader) throws(JSONError) -> Int {
    let start = r
    if let n = try? r.integer() { return n }
    r = start
    guard let n = Int(exactly: try r.number()), n.magnitude <= 1 << 53 else {
      // As it is said of what is no whole number.
      r = start
      return try r.integer()
    }
    sins.floatIDs += 1
    return n
  }

  private func pixels(_ r: inout JSONReader) throws(JSONError) -> Int {
    let start = r
    guard let n = Int(exactly: try r.number()), (1...1 << 30).contains(n) else {
      throw start.error(expected: "a whole number of pixels, 1 or more")
    }
    return n
  }

  /// 0 or 1, or false or true.
  private func flag(_ r: inout JSONReader) throws(JSONError) -> Bool {
    if try r.nextKind() == .boolean { return try r.boolean() }
    let start = r
    switch try r.number() {
    case 0: return false
    case 1: return true
    default: throw start.error(expected: "0 or 1")
    }
  }

  private func numbers(_ r: inout JSONReader) throws(JSONError) -> [Double] {
    var list: [Double] = []
    try r.beginArray()
    while try r.nextElement() { list.append(try r.number()) }
    return list
  }

  private struct Outline {
    var isRunLength = false
    var hasPolygons = false
    var lower: (x: Double, y: Double)?
    var upper = (x: 0.0, y: 0.0)

    mutating func add(_ x: Double, _ y: Double) {
      let (l, u) = (lower ?? (x, y), lower == nil ? (x, y) : upper)
      (lower, upper) = ((min(l.x, x), min(l.y, y)), (max(u.0, x), max(u.1, y)))
    }

    var bounds: [Double]? { lower.map { [$0.x, $0.y, upper.x - $0.x, upper.y - $0.y] } }
  }

  private mutating func segmentation(_ r: inout JSONReader, _ outline: inout Outline) throws(JSONError) {
    if try r.isNull() { return }
    guard try r.nextKind() == .array else {
      // Run lengths: {"size", "counts"}.
      try r.beginObject()
      while try r.nextKey() != nil { try r.skipValue() }
      outline.isRunLength = true
      return
    }
    try r.beginArray()
    while try r.nextElement() {
      let points = try numbers(&r)
      guard points.count % 2 == 0 else {
        sins.oddPolygons += 1
        continue
      }
      guard points.count >= 6 else {
        sins.shortPolygons += 1
        continue
      }
      outline.hasPolygons = true
      for i in stride(from: 0, to: points.count, by: 2) { outline.add(points[i], points[i + 1]) }
    }
  }
}
