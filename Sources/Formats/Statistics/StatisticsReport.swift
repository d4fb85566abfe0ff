// Statistics as text for people and as JSON for programs.

import Documents

extension AnnotationStatistics {
  /// Members `images`, `objects`, ... of an object that the caller has open.
  package func writeMembers(to w: inout JSONWriter) {
    w.member("images", images)
    w.member("empty_images", empty)
    w.key("all")
    all.write(to: &w)
    w.key("classes")
    w.beginArray()
    for c in classes {
      w.newline()
      w.beginObject()
      w.member("id", c.id)
      w.member("name", c.name)
      w.key("shapes")
      c.shapes.write(to: &w)
      w.endObject()
      if c != classes.last { w.bytes.append(UInt8(ascii: ",")) }
    }
    w.newline()
    w.endArray()
    w.key("centres")
    w.beginArray()
    for y in 0..<AnnotationStatistics.gridSide {
      w.list(Array(centres[y * AnnotationStatistics.gridSide..<(y + 1) * AnnotationStatistics.gridSide]))
    }
    w.endArray()
    w.key("objects_per_image")
    w.list(objectsPerImage)
    w.key("classes_per_image")
    w.list(classesPerImage)
    w.key("image_sizes")
    w.beginArray()
    for (s, n) in sizes.sorted(by: { $0.key < $1.key }) { w.integers(s.width, s.height, n) }
    w.endArray()
    // [class id, class id, pictures]
    w.key("together")
    w.beginArray()
    for (p, n) in together.sorted(by: { $0.key < $1.key }) { w.integers(classes[p.first].id, classes[p.second].id, n) }
    w.endArray()
  }

  /// A table of the classes, the most frequent first, and what holds for all.
  public var text: String {
    func share(_ n: Int, _ all: Int) -> String { DatasetCard.percent(n, of: all) }
    let n = all.objects
    var t =
      "\(images) images, \(empty) without objects; \(n) objects of \(classes.count) classes, \(all.crowds) crowds beside them ("
    t += share(all.crowds, n + all.crowds).isEmpty ? "0 %)\n" : share(all.crowds, n + all.crowds) + ")\n"
    if let most = sizes.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) {
      t +=
        "image sizes: \(sizes.count), most often \(most.key.width) x \(most.key.height) (\(share(most.value, images)))\n"
    }
    guard n > 0 else { return t }
    t +=
      "objects an image: mean \(AnnotationStatistics.hundredths(Double(n) / Double(max(images, 1)))), at most \(objectsPerImage.count - 1)\n"
    t +=
      "areas: small \(share(all.small, n)), medium \(share(all.medium, n)), large \(share(all.large, n)); at the border \(share(all.atBorder, n))\n"
    for (name, h) in [
      ("size (root of the box's share of the image)", all.size), ("log2 of width / height", all.aspect),
      ("mask's share of its box", all.fill), ("centre x", all.x), ("centre y", all.y),
      ("share of the box under another box", all.overlap),
    ] {
      let values = [0.1, 0.5, 0.9].map { h.quantile($0).map(AnnotationStatistics.hundredths) ?? "" }
      t += "\(name): 10 % below \(values[0]), half below \(values[1]), 90 % below \(values[2])\n"
    }
    t += "\nobjects   share  images  size  class\n"
    for c in classes.sorted(by: { ($1.shapes.objects, $0.id) < ($0.shapes.objects, $1.id) }) {
      let s = c.shapes
      let size = s.size.quantile(0.5).map(AnnotationStatistics.hundredths) ?? ""
      t +=
        [("\(s.objects)", 7), (share(s.objects, n), 8), ("\(s.images)", 8), (size, 6)].map { text, width in
          String(repeating: " ", count: max(0, width - text.count)) + text
        }.joined() + "  \(c.name)\n"
    }
    return t
  }

  /// Two decimals, halves away from zero.
  static func hundredths(_ x: Double) -> String {
    let n = Int((abs(x) * 100).rounded())
    return (x < 0 && n > 0 ? "-" : "") + "\(n / 100)." + (n % 100 < 10 ? "0" : "") + "\(n % 100)"
  }
}

extension AnnotationStatistics.Shapes {
  func write(to w: inout JSONWriter) {
    w.beginObject()
    for (key, n) in [
      ("objects", objects), ("crowds", crowds), ("images", images), ("small", small), ("medium", medium),
      ("large", large),
      ("at_border", atBorder),
    ] as [(StaticString, Int)] {
      w.key(key)
      w.integer(n)
    }
    for (key, h) in [("size", size), ("log2_aspect", aspect), ("fill", fill), ("x", x), ("y", y), ("overlap", overlap)]
      as [(StaticString, Histogram)]
    {
      w.key(key)
      h.write(to: &w)
    }
    w.endObject()
  }
}

extension COCOImport {
  public var json: String {
    var w = JSONWriter()
    w.beginObject()
    w.member("format", "diorama-statistics")
    w.member("version", 1)
    w.member("annotations", annotations)
    w.member("polygons", polygons)
    w.member("run_lengths", runLengths)
    w.member("boxes_alone", boxesAlone)
    w.key("sins")
    w.beginObject()
    for s in sins.list {
      w.key(text: s.key)
      w.integer(s.count)
    }
    w.endObject()
    statistics.writeMembers(to: &w)
    w.endObject()
    w.newline()
    return String(decoding: w.bytes, as: UTF8.self)
  }

  public var text: String {
    var t = "\(annotations) annotations: \(polygons) polygons, \(runLengths) run lengths, \(boxesAlone) boxes alone\n"
    t += statistics.text
    let sins = sins.list
    if !sins.isEmpty { t += "\namiss, and taken:\n" + sins.map { "\($0.count)  \($0.meaning)\n" }.joined() }
    return t
  }
}
