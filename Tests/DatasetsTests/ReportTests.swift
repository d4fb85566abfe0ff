import Geometry
import Imaging
import Testing

@testable import Datasets
@testable import Formats

/// What a report says of sets whose statistics are known.
@Suite struct ReportTests {
  @Test func figuresAreTheRecords() throws {
    let folder = try TestFolder()
    var set = ReportSet()
    // Frame 0: two labels and a hidden object; frame 1: one label; frame 2: nothing.
    set.shots = [
      .init(
        frame: 0,
        labels: [
          .init(category: 1, x: 0, y: 0, w: 32, h: 24, visibility: 0.5, truncation: 0.25),
          .init(category: 2, x: 40, y: 30, w: 16, h: 12, yaw: 90, place: Vector3(0, 0, 5)),
          .init(category: 2, x: 0, y: 0, w: 1, h: 1, visibility: nil),
        ], rgb: [UInt8](repeating: 0, count: 64 * 48 * 3)),
      .init(
        frame: 1, labels: [.init(category: 1, x: 30, y: 22, w: 3, h: 4)], rgb: ReportSet.picture(1)),
      .init(frame: 2, labels: [], rgb: (0..<64 * 48).flatMap { [UInt8($0 % 2 * 255), 0, 0] }),
    ]
    let r = try report(try set.write(to: folder.path))
    func metric(_ name: String) -> Double? { ReportMetric.all.first { $0.name == name }?.value(r) }
    #expect(metric("frames") == 3 && metric("objects") == 3 && metric("hidden_objects") == 0.25)
    #expect(metric("classes") == 2 && metric("missing_classes") == 1 && metric("objects_per_frame") == 1)
    #expect(metric("empty_frames") == 1.0 / 3 && metric("tiny_boxes") == 1.0 / 3)
    #expect(metric("border_objects") == 1.0 / 3 && metric("centred") == 1.0 / 3 && metric("rarest_class") == 0)
    // Shares 2/3 and 1/3 of three classes: -(2/3 log2 2/3 + 1/3 log2 1/3) / log2 3.
    let balance = try #require(metric("balance"))
    #expect(abs(balance - 0.579_380_164_285_695) < 1e-12)
    let visibility = try #require(metric("visibility_mean"))
    #expect(abs(visibility - 2.5 / 3) < 1e-12)
    #expect(metric("occluded_objects") == 1.0 / 3 && metric("degenerate_pictures") == 1)
    #expect(metric("leaks") == nil && metric("parameter_coverage") == nil && metric("size.ks") == nil)
    // Seen from (0, -5, 5): 45 degrees above the first, whose own -y is towards the camera; level with the second, which is
    // turned by 90 degrees, so that the camera is on its -x side.
    // They lie on the edges of bins, where the last bit decides.
    let (azimuths, elevations) = (r.records.azimuth.counts, r.records.elevation.counts)
    #expect(elevations[26] + elevations[27] == 2 && elevations[17] + elevations[18] == 1)
    #expect(azimuths[8] + azimuths[9] == 2 && azimuths[0] + azimuths[35] == 1)
    #expect(abs(r.records.distance.least - 5) < 1e-12 && abs(r.records.distance.greatest - 50.squareRoot()) < 1e-12)
    #expect(r.records.pitch.counts[18] == 3 && r.records.suns == 3)
    // The sun stands at 90 degrees of azimuth, and at asin 0.8 = 53.13.
    #expect(r.records.sunAzimuth.counts[26...27].reduce(0, +) == 3 && r.records.sunElevation.counts[28] == 3)
    #expect(r.records.visibility.counts[10] == 1 && r.records.truncation.counts[5] == 1)
    let striped = try #require(r.kept[2].picture)
    // Half of the pixels are (255, 0, 0), whose luma is 54.
    #expect(striped.brightness == 27 && striped.contrast == 27 && abs(striped.saturation - 0.5) < 1e-4)
    #expect(striped.mean == SIMD3(127.5, 0, 0) && striped.dark == 0.5)
    // Colourfulness of it, by the paper's equation: rg is 0 or 255, yb 0 or 127.5.
    let squares: Double = 127.5 * 127.5 + 63.75 * 63.75
    let expected = squares.squareRoot() * 1.3
    #expect(abs(striped.colourfulness - expected) < 1e-9)
  }

  /// Keys of the warnings and notes of a changed set.
  private func warnings(
    without: Set<Int> = [], splits: [String: [Int]] = [:], _ change: (inout ReportSet) -> Void
  ) throws -> Set<String> {
    let folder = try TestFolder()
    var set = ReportSet.good()
    change(&set)
    let dataset = try set.write(to: folder.path, without: without)
    if !splits.isEmpty {
      try FileSystem.makeFolder(folder.path + "/splits")
      for (name, text) in splits.mapValues({ $0.map { "\($0)\n" }.joined() }) {
        let file = try OutputFile("\(folder.path)/splits/\(name).txt")
        try file.write(text.utf8)
        try file.commit()
      }
      let file = try OutputFile("\(folder.path)/splits/split.json")
      try file.write("{}\n".utf8)
      try file.commit()
    }
    let keys = try report(dataset).warnings.map(\.key)
    // Each is told once, but for pictures of different kinds of one colour.
    #expect(Set(keys).count == keys.count || Set(keys).contains("degenerate_pictures"))
    return Set(keys)
  }

  private let even = Array(stride(from: 0, to: 40, by: 2))
  private let odd = Array(stride(from: 1, to: 40, by: 2))

  @Test func aGoodSetHasNoWarnings() throws {
    #expect(try warnings { _ in } == [])
    #expect(try warnings(splits: ["train": even, "val": odd]) { _ in } == [])
  }

  @Test func eachWarningFollowsFromItsFault() throws {
    func labels(_ set: inout ReportSet, _ change: (inout ReportSet.Label) -> Void) {
      for s in set.shots.indices { for l in set.shots[s].labels.indices { change(&set.shots[s].labels[l]) } }
    }
    #expect(try warnings { labels(&$0) { if $0.category == 3 { $0.category = 2 } } } == ["class_never_appears"])
    #expect(
      try warnings {
        labels(&$0) { $0.category = 1 }
        for k in 0..<3 { ($0.shots[k].labels[0].category, $0.shots[k].labels[1].category) = (2, 3) }
      } == ["classes_unbalanced"])
    #expect(
      try warnings { labels(&$0) { ($0.x, $0.y, $0.w, $0.h) = (27 + $0.x % 3, 19 + $0.y % 3, 8, 8) } }
        == ["objects_centred", "never_cut"])
    #expect(try warnings { $0.shots[3].labels[2].w = 3 } == ["tiny_boxes"])
    #expect(try warnings { labels(&$0) { $0.visibility = 1 } } == ["never_occluded"])
    #expect(
      try warnings { labels(&$0) { ($0.x, $0.y, $0.w, $0.h) = (1 + $0.x * 3 / 4, 1 + $0.y * 3 / 4, 8, 8) } }
        == ["never_cut"])
    #expect(try warnings { set in for k in 0..<24 { set.shots[k].labels = [] } } == ["mostly_empty"])
    #expect(try warnings { set in for k in 0..<40 { set.shots[k].labels = [] } }.contains("no_labels"))
    #expect(try warnings { labels(&$0) { ($0.yaw, $0.place) = (20, Vector3()) } } == ["one_viewpoint"])
    #expect(try warnings { $0.hasVisibility = false } == ["visibility_unknown"])
    #expect(try warnings(without: [7, 8]) { _ in } == ["missing_pictures"])
    for code: UInt8 in [0, 255, 90] {
      #expect(
        try warnings { $0.shots[5].rgb = [UInt8](repeating: code, count: 64 * 48 * 3) } == ["degenerate_pictures"])
    }
    // The same picture, other labels; then the same labels and nearly the same picture.
    #expect(try warnings { $0.shots[9].rgb = $0.shots[4].rgb } == ["equal_pictures"])
    #expect(
      try warnings { set in
        set.shots[9].labels = set.shots[4].labels
        set.shots[9].rgb = set.shots[4].rgb.enumerated().map { $0.offset % 7 == 0 ? $0.element ^ 1 : $0.element }
      } == ["near_duplicates"])
  }

  @Test func leaksAreFoundInSplitsAlone() throws {
    // Pairs of frames are a sequence: the parts cut each in two, or keep them whole.
    func pairs(_ set: inout ReportSet) { for k in 0..<40 { set.shots[k].sequence = k / 2 } }
    #expect(try warnings(splits: ["train": even, "val": odd], pairs) == ["split_leak"])
    #expect(try warnings(splits: ["train": Array(0..<20), "val": Array(20..<40)], pairs) == [])
    func equal(_ set: inout ReportSet) { set.shots[9].rgb = set.shots[4].rgb }
    #expect(try warnings(splits: ["train": even, "val": odd], equal) == ["equal_pictures", "split_leak"])
    #expect(try warnings(splits: ["train": Array(0..<20), "val": Array(20..<40)], equal) == ["equal_pictures"])
    func near(_ set: inout ReportSet) {
      set.shots[9].labels = set.shots[4].labels
      set.shots[9].rgb = set.shots[4].rgb.enumerated().map { $0.offset % 7 == 0 ? $0.element ^ 1 : $0.element }
    }
    #expect(try warnings(splits: ["train": even, "val": odd], near) == ["near_duplicates", "split_leak"])
    let values = (0..<10).map { (frame: $0, value: "wood \($0 % 3)") }
    let found = SplitLeak.among(values, named: "table") { $0 < 8 ? 0 : 1 }
    #expect(found.map(\.what) == ["table = wood 0", "table = wood 2"] && found.map(\.frames) == [[0, 9], [2, 8]])
  }

  @Test func requirementsHoldOrSayWhy() throws {
    let folder = try TestFolder()
    let r = try report(try ReportSet.good().write(to: folder.path))
    for (text, isMet) in [
      ("balance>0.99", true), ("balance>1", false), ("balance >= 99.99%", true), ("frames==40", true),
      ("frames<40", false),
      ("tiny_boxes<=0%", true), ("objects<240", false), ("near_duplicates<1%", true), ("leaks==0", false),
      ("size.ks<0.1", false),
    ] {
      let outcome = try #require(r.outcomes(of: [try ReportRequirement(text)]).first)
      #expect(outcome.isMet == isMet, "\(outcome.description)")
    }
    #expect(
      r.outcomes(of: [try ReportRequirement("leaks==0")])[0].description
        == "leaks==0: not known: the dataset was not split")
    #expect(r.outcomes(of: [try ReportRequirement("frames<40")])[0].description == "frames<40: found 40")
    for (text, part) in [
      ("balence>0.8", "did you mean \"balance\""), ("balance", "expected a metric"), ("balance>x", "expected a number"),
      ("balance=0.8", "expected one of >="), (">0.8", "found the metric \"\""),
    ] {
      let error = #expect(throws: ReportRequirementError.self) { _ = try ReportRequirement(text) }
      #expect(error.map { $0.description.contains(part) } == true, "\(error.map(\.description) ?? "")")
    }
  }

  /// One thread or three, the same bytes; and what is wrong ends in an error.
  @Test func reportsAreFunctionsOfTheFiles() throws {
    let folder = try TestFolder()
    var set = ReportSet.good(20)
    set.shots[3].labels[0].category = 2
    let dataset = try set.write(to: folder.path)
    let (a, b) = (try report(dataset, threads: 1), try report(dataset, threads: 3))
    #expect(a.json() == b.json() && a.page() == b.page())
    #expect(a.tiles.sheet.count == 4)
    try FileSystem.truncateForTest(folder.path + "/images/000004.png")
    #expect(throws: DatasetError.self) { _ = try report(dataset) }
  }

  @Test func adviceNamesTheKnob() throws {
    func statistics(_ change: (inout ReportSet.Label) -> Void = { _ in }, drop: Int = 0) -> AnnotationStatistics {
      var s = AnnotationStatistics(classes: [(1, "cup"), (2, "plate"), (3, "fork")])
      for shot in ReportSet.good().shots {
        let image = s.addImage(width: ReportSet.width, height: ReportSet.height)
        for var l in shot.labels.dropLast(drop) {
          change(&l)
          s.add(
            ObjectSample(
              category: l.category - 1, box: (Double(l.x), Double(l.y), Double(l.w), Double(l.h)),
              area: Double(l.w * l.h)), toImage: image)
        }
      }
      s.finish()
      return s
    }
    let plain = statistics()
    #expect(adviceList(plain, plain, plain.compared(with: plain)).isEmpty)
    func advice(_ other: AnnotationStatistics) -> [ReportAdvice] {
      adviceList(plain, other, plain.compared(with: other))
    }
    // Half as large again on each side, from the same middle.
    let larger = advice(
      statistics {
        ($0.x, $0.y) = (max($0.x - $0.w / 4, 0), max($0.y - $0.h / 4, 0))
        ($0.w, $0.h) = ($0.w * 3 / 2, $0.h * 3 / 2)
      })
    let size = try #require(larger.first { $0.key == "size" })
    #expect(size.text.contains("smaller than the real ones") && size.text.contains("nearer"))
    let factor = try #require(size.text.split(separator: " ").last.flatMap { Double($0.dropLast()) })
    #expect(abs(factor - 1.5) <= 0.1, "\(size.text)")
    let fewer = try #require(advice(statistics(drop: 3)).first { $0.key == "objects_per_image" })
    #expect(fewer.text.contains("more objects") && fewer.text.contains("by about 0.5."), "\(fewer.text)")
    let other = advice(statistics { if $0.category == 3 { $0.category = 2 } }).filter { $0.key == "classes" }
    #expect(other.contains { $0.text.contains("plate is rarer") && $0.text.contains("by about 2.") }, "\(other)")
    #expect(other.contains { $0.text.contains("fork is more frequent") }, "\(other)")
    let left = advice(statistics { $0.x /= 3 })
    #expect(left.contains { $0.key == "x" && $0.text.contains("farther right") }, "\(left)")
    let wide = advice(statistics { $0.h = max($0.h / 2, 1) })
    #expect(wide.contains { $0.key == "log2_aspect" && $0.text.contains("narrower") && $0.text.contains("by about 2") })
  }

  /// Counts do not depend on the order of values, and what is put together is what was added one by one.
  @Test func wideningHistograms() throws {
    var dice = ReportSet.Dice(state: 5)
    var values: [Double] = []
    for _ in 0..<5000 {
      let x = Double(dice.below(2_000_000) - 400_000) / 1000
      values.append(dice.below(9) == 0 ? x * 100 : x)
    }
    var (a, b, halves) = (WideningHistogram(), WideningHistogram(), [WideningHistogram(), WideningHistogram()])
    for v in values { a.add(v) }
    for v in values.reversed() { b.add(v) }
    for (i, v) in values.enumerated() { halves[i < 100 ? 0 : 1].add(v) }
    halves[0].add(halves[1])
    let sorted = values.sorted()
    #expect(a.histogram(-1e5...1e5, bins: 50) == b.histogram(-1e5...1e5, bins: 50))
    #expect(
      halves[0].histogram(-1e5...1e5, bins: 50) == a.histogram(-1e5...1e5, bins: 50) && halves[0].width == a.width)
    #expect(a.total == 5000 && a.least == sorted[0] && a.greatest == sorted[4999])
    for share in [0.1, 0.5, 0.9] {
      let exact = sorted[Int(share * 5000)]
      let found = try #require(a.quantile(share))
      #expect(abs(found - exact) <= a.width * 1.01)
    }
    var one = WideningHistogram()
    for _ in 0..<3 { one.add(0.3) }
    #expect(one.quantile(0.5) == 0.3 && one.least == 0.3 && one.greatest == 0.3)
    var none = WideningHistogram()
    none.add(.nan)
    #expect(none.quantile(0.5) == nil && none.mean == nil)
  }

  @Test func numbersForPeople() {
    for (x, text) in [
      (0, "0"), (1, "1"), (12.345, "12.3"), (-0.031_25, "-0.0313"), (1300.4, "1300"), (0.999_6, "1"), (1e-14, "1e-14"),
      (99.96, "100"),
    ] { #expect(readable(x) == text) }
    #expect(percent(0.123_45) == "12.3 %" && percent(0.000_1) == "under 0.1 %" && percent(0) == "0 %")
    #expect(
      abs(normalizedEntropy([5, 5, 5]) - 1) < 1e-12 && normalizedEntropy([3, 0]) == 0 && normalizedEntropy([0, 0]) == 0)
    #expect(Plot.ticks(0, 1, count: 5).count == 6 && Plot.ticks(3, 3, count: 5) == [3])
  }
}

extension FileSystem {
  /// Cuts a file to half of its bytes.
  static func truncateForTest(_ path: String) throws {
    let bytes = try read(path)
    let file = try OutputFile(path)
    try file.write(Array(bytes.prefix(bytes.count / 2)))
    try file.commit()
  }
}
