// The form of a report for machines: `--json`. Documentation/report.schema.json is its schema.

import Documents
import Formats
import Imaging
import Sampling

extension DatasetReport {
  /// - Parameter outcomes: of what was required.
  public func json(outcomes: [RequirementOutcome] = []) -> [UInt8] {
    var w = JSONWriter()
    w.beginObject()
    w.member("format", "diorama-report")
    w.member("version", 1)
    w.member("name", name)
    w.member("scene_digest", header.sceneDigest.description)
    // As text: JSON's readers keep whole numbers to 2^53 only.
    w.member("seed", String(header.seed))
    w.member("render_version", header.renderVersion)
    w.key("metrics")
    w.beginObject()
    for m in ReportMetric.all where !m.isDistance || against != nil {
      w.key(text: m.name)
      w.optional(m.value(self))
    }
    w.endObject()
    w.list("requirements", outcomes) { w, o in
      w.member("text", o.requirement.text)
      w.member("metric", o.requirement.metric)
      w.key("value")
      w.optional(o.value)
      w.member("met", o.isMet)
    }
    w.list("warnings", warnings) { w, x in
      w.member("key", x.key)
      w.member("severity", x.severity.rawValue)
      w.member("text", x.text)
    }
    w.key("labels")
    w.beginObject()
    labels.writeMembers(to: &w)
    w.endObject()
    w.key("records")
    records.write(to: &w)
    writePictures(to: &w)
    w.key("parameters")
    if let drawn {
      w.beginObject()
      w.member("frames", drawn.frames)
      w.list("drawn", drawn.parameters) { w, p in p.writeMembers(to: &w) }
      w.endObject()
    } else {
      w.null()
    }
    writeSplit(to: &w)
    w.list("outliers", outliers) { w, o in
      w.member("what", o.what)
      w.member("detail", o.detail)
      w.member("frame", o.extreme.frame)
      w.key("instance")
      if let id = o.extreme.instance { w.integer(Int(id)) } else { w.null() }
    }
    w.key("against")
    if let against { against.write(to: &w, advice) } else { w.null() }
    w.endObject()
    w.newline()
    return w.bytes
  }

  private func writePictures(to w: inout JSONWriter) {
    w.key("pictures")
    w.beginObject()
    w.member("read", read.count)
    w.key("missing")
    w.integers(missing)
    w.list("degenerate", degenerate) { w, d in
      w.member("frame", d.frame)
      w.member("what", d.what)
    }
    // Shares of codes in 32 bins, the mean of the pictures.
    w.key("channels")
    w.beginObject()
    for (k, name) in (["red", "green", "blue", "luma"] as [StaticString]).enumerated() {
      w.key(name)
      w.beginArray()
      for v in pictures.channels[k] { w.number(pictures.pictures > 0 ? v / Double(pictures.pictures) : 0) }
      w.endArray()
    }
    w.endObject()
    w.list("frames", read) { w, k in
      guard let p = k.picture else { return }
      w.member("frame", k.frame)
      w.member("brightness", p.brightness)
      w.member("contrast", p.contrast)
      w.member("saturation", p.saturation)
      w.member("colourfulness", p.colourfulness)
      w.key("mean")
      w.numbers(p.mean.x, p.mean.y, p.mean.z)
      let hex = String(p.hash, radix: 16)
      w.member("hash", String(repeating: "0", count: 16 - hex.count) + hex)
    }
    w.key("equal")
    w.beginArray()
    for group in equals.groups { w.integers(group) }
    w.endArray()
    w.list("near_duplicates", duplicates) { w, g in
      w.key("frames")
      w.integers(g.members.map { kept[$0].frame })
      w.member("bits", g.bits)
      w.member("label_similarity", g.similarity)
    }
    w.endObject()
  }

  private func writeSplit(to w: inout JSONWriter) {
    w.key("split")
    guard !partNames.isEmpty else {
      w.null()
      return
    }
    w.beginObject()
    w.list("parts", Array(zip(partNames, partCounts))) { w, p in
      w.member("name", p.0)
      w.member("frames", p.1)
    }
    w.list("leaks", leaks) { w, l in
      w.member("kind", l.kind.rawValue)
      w.member("what", l.what)
      w.key("parts")
      w.beginArray()
      for p in l.parts where partNames.indices.contains(p) { w.string(partNames[p]) }
      w.endArray()
      w.key("frames")
      w.integers(l.frames)
    }
    w.endObject()
  }
}

extension DatasetReport.RealSet {
  fileprivate func write(to w: inout JSONWriter, _ advice: [ReportAdvice]) {
    w.beginObject()
    w.member("file", path)
    w.member("images", statistics.images)
    w.member("objects", statistics.all.objects)
    w.list("statistics", comparisons) { w, c in
      w.member("key", c.key)
      w.member("title", c.title)
      w.member("unit", c.unit)
      switch c.bins {
      case .range(let lower, let upper):
        w.member("lower", lower)
        w.member("upper", upper)
      case .names(let names):
        w.key("names")
        w.beginArray()
        for n in names { w.string(n) }
        w.endArray()
      }
      w.key("ours")
      w.beginArray()
      for v in c.ours { w.number(v) }
      w.endArray()
      w.key("theirs")
      w.beginArray()
      for v in c.theirs { w.number(v) }
      w.endArray()
      w.member("jensen_shannon", c.distance.jensenShannon)
      w.key("kolmogorov_smirnov")
      w.optional(c.distance.kolmogorovSmirnov)
      w.key("wasserstein")
      w.optional(c.distance.wasserstein)
    }
    w.list("advice", advice) { w, a in
      w.member("key", a.key)
      w.member("weight", a.weight)
      w.member("text", a.text)
    }
    w.endObject()
  }
}

extension RecordStatistics {
  fileprivate func write(to w: inout JSONWriter) {
    w.beginObject()
    w.member("frames", frames)
    w.member("listed", all.listed)
    w.member("seen", all.seen)
    w.member("tiny_boxes", all.tiny)
    w.member("centred", centred)
    w.list("classes", classes) { w, c in
      w.member("listed", c.listed)
      w.member("seen", c.seen)
      w.key("visibility_mean")
      w.optional(c.known > 0 ? c.visibility / Double(c.known) : nil)
    }
    for (key, h) in [
      ("visibility", visibility), ("truncation", truncation), ("azimuth", azimuth), ("elevation", elevation),
      ("pitch", pitch), ("sun_azimuth", sunAzimuth), ("sun_elevation", sunElevation),
    ] as [(StaticString, Histogram)] {
      w.key(key)
      h.write(to: &w)
    }
    w.member("suns", suns)
    for (key, h) in [
      ("distance", distance), ("height", height), ("sun_strength", sunStrength), ("ambient", ambient),
      ("exposure", exposure),
    ] as [(StaticString, WideningHistogram)] {
      w.key(key)
      h.write(to: &w)
    }
    w.key("viewpoints")
    w.beginArray()
    for j in 0..<18 { w.integers(Array(viewpoints[j * 36..<(j + 1) * 36])) }
    w.endArray()
    w.endObject()
  }
}

extension WideningHistogram {
  /// Its values between the least and the greatest in 40 bins; null where there are none.
  fileprivate func write(to w: inout JSONWriter) {
    guard total > 0 else {
      w.null()
      return
    }
    w.beginObject()
    w.member("least", least)
    w.member("greatest", greatest)
    w.key("mean")
    w.optional(mean)
    w.key("median")
    w.optional(quantile(0.5))
    w.key("counts")
    w.integers(greatest > least ? histogram(least...greatest, bins: 40).counts : [total])
    w.endObject()
  }
}

extension ParameterStatistics {
  fileprivate func writeMembers(to w: inout JSONWriter) {
    w.member("path", path)
    w.member("distribution", distribution)
    w.member("values", values.values)
    w.key("asked")
    switch asked {
    case .numbers(let ranges, _), .spread(let ranges):
      w.beginArray()
      for r in ranges { w.numbers(r.lowerBound, r.upperBound) }
      w.endArray()
    case .options(let names, let shares):
      w.beginArray()
      for (k, name) in names.enumerated() {
        w.beginObject()
        w.member("option", name)
        w.member("share", shares[k])
        w.member("count", options.indices.contains(k) ? options[k] : 0)
        w.endObject()
      }
      w.endArray()
    case nil: w.null()
    }
    w.key("coverage")
    w.beginArray()
    for c in coverage { w.number(c) }
    w.endArray()
    w.key("numbers")
    w.beginObject()
    for component in values.components {
      w.key(text: component)
      (values.numbers[component] ?? WideningHistogram()).write(to: &w)
    }
    w.endObject()
    w.key("words")
    w.beginObject()
    for r in values.ranking {
      w.key(text: r.word)
      w.integer(r.count)
    }
    w.endObject()
  }
}

extension JSONWriter {
  fileprivate mutating func optional(_ x: Double?) { if let x { number(x) } else { null() } }

  fileprivate mutating func integers(_ list: [Int]) {
    beginArray()
    for n in list { integer(n) }
    endArray()
  }

  /// A list of objects.
  fileprivate mutating func list<E>(_ name: StaticString, _ elements: [E], _ write: (inout JSONWriter, E) -> Void) {
    key(name)
    beginArray()
    for e in elements {
      beginObject()
      write(&self, e)
      endObject()
    }
    endArray()
  }
}
