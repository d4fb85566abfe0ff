import Annotators
import Documents
import Formats
import Imaging
import Stage
import Testing

@testable import Datasets

/// Who of one list of instances is who of another, and what is said of them.
@Suite struct ComparisonTests {
  /// A frame of 12 x 8 pixels in which each instance owns a rectangle.
  func frame(_ instances: [(id: Int, name: String, category: Int, box: [Int])]) -> ComparedFrame {
    let list = instances.map { i -> Node in
      var plane = Plane<UInt8>(width: 12, height: 8, repeating: 0)
      for y in i.box[1]..<i.box[1] + i.box[3] { for x in i.box[0]..<i.box[0] + i.box[2] { plane[x, y] = 1 } }
      var counts: [UInt32] = [0]
      var inside: UInt8 = 0
      for x in 0..<12 {
        for y in 0..<8 {
          if plane[x, y] != inside {
            counts.append(0)
            inside = plane[x, y]
          }
          counts[counts.count - 1] += 1
        }
      }
      let mask = RunLengthMask(width: 12, height: 8, counts: counts).compressed
      return Node.object([
        ("id", Node(.integer(i.id))), ("category", Node(.integer(i.category))), ("name", Node(.string(i.name))),
        ("visible", Node(.integer(i.box[2] * i.box[3]))),
        ("box", Node(.sequence(i.box.map { Node(.integer($0)) }))),
        ("rle", Node(.string(String(decoding: mask.bytes, as: UTF8.self)))),
      ])
    }
    return ComparedFrame(
      frame: 3,
      labels: Node.object([
        ("width", Node(.integer(12))), ("height", Node(.integer(8))), ("instances", Node(.sequence(list))),
      ]), planes: [])
  }

  func compare(
    _ a: ComparedFrame, _ b: ComparedFrame, _ tolerance: String? = nil, names: [Int: String] = [1: "cup", 2: "box"]
  ) throws -> [Difference] {
    let limits = try tolerance.map { try Tolerance($0) } ?? .exact
    return FrameComparer(tolerance: limits, categories: ([1: "cup", 2: "box"], names)).compare(a, b).differences
  }

  typealias Item = (id: Int, name: String, category: Int, box: [Int])
  let a: Item = (1, "a", 1, [0, 0, 3, 3])
  let b: Item = (2, "b", 2, [4, 0, 3, 3])
  let c: Item = (3, "c", 1, [8, 2, 3, 4])

  @Test func sameIsSame() throws {
    #expect(try compare(frame([a, b, c]), frame([a, b, c])).isEmpty)
  }

  @Test func addedAndRemoved() throws {
    let gone = try compare(frame([a, b, c]), frame([a, b]))
    #expect(gone.map(\.kind) == [.instanceRemoved] && gone[0].instances.map(\.name) == ["c"])
    let come = try compare(frame([a, b]), frame([a, b, c]))
    #expect(come.map(\.kind) == [.instanceAdded] && come[0].instances.map(\.id) == [3])
  }

  @Test func movedAndReclassed() throws {
    var moved = c
    moved.box = [9, 2, 3, 4]
    let shifted = try compare(frame([a, b, c]), frame([a, b, moved]))
    #expect(shifted.map(\.kind) == [.box, .mask] && shifted.allSatisfy { $0.instances.map(\.name) == ["c"] })
    #expect(shifted[0].what == "[8,2,3,4] -> [9,2,3,4]")
    #expect(shifted[1].what == "8 pixels joined or left it, which had 12 and has 12")
    #expect(try compare(frame([a, b, c]), frame([a, b, moved]), "box=1,area=70%").allSatisfy(\.isTolerated))
    #expect(try compare(frame([a, b, c]), frame([a, b, moved]), "box=0.5").allSatisfy { !$0.isTolerated })
    var other = c
    other.category = 2
    let classed = try compare(frame([a, b, c]), frame([a, b, other]))
    #expect(classed.map(\.kind) == [.category] && classed[0].what == "cup (1) -> box (2)")
  }

  @Test func renamedClass() throws {
    let renamed = try compare(frame([a, b, c]), frame([a, b, c]), names: [1: "mug", 2: "box"])
    #expect(renamed.map(\.kind) == [.category] && renamed[0].instances.map(\.name) == ["a", "c"])
    #expect(renamed[0].plane == "semantic" && renamed[0].what == "class 1 renamed: \"cup\" -> \"mug\"")
  }

  /// With names that go with the thing, and with names that are places in a list.
  @Test func swapped() throws {
    let named = try compare(frame([a, c]), frame([(1, "c", 1, c.box), (3, "a", 1, a.box)]))
    #expect(named.map(\.kind) == [.order] && Set(named[0].instances.map(\.name)) == ["a", "c"], "\(named)")
    let placed = try compare(frame([a, c]), frame([(1, "a", 1, c.box), (3, "c", 1, a.box)]))
    #expect(placed.map(\.kind) == [.order], "\(placed)")
    // One taken out in front: those behind are numbered anew, and did not swap.
    let shifted = try compare(frame([a, b, c]), frame([(1, "b", 2, b.box), (2, "c", 1, c.box)]))
    #expect(
      shifted.map(\.kind) == [.instanceRemoved, .order] && shifted[1].what.contains("numbered anew"), "\(shifted)")
  }

  @Test func graverComesFirst() {
    let list = [
      Difference(.picture, "rgb", [], "", degree: 0.9), Difference(.box, "boxes", [], "", degree: 0.1),
      Difference(.box, "boxes", [], "", degree: 0.7), Difference(.instanceRemoved, "instance", [], ""),
    ]
    #expect(graveFirst(list).map(\.kind) == [.instanceRemoved, .box, .box, .picture])
    #expect(graveFirst(list)[1].degree == 0.7)
  }

  @Test func planesNameWhoChanged() throws {
    var (x, y) = (frame([a, b]), frame([a, b]))
    var plane = Plane<UInt16>(width: 12, height: 8, repeating: 500)
    let depth = PlaneDescription("depth", .png, channels: ["Z"], bits: 16, scale: 0.001, unit: "m", isSmooth: true)
    x.planes = [ComparedPlane(depth, .sixteen(plane))]
    plane[5, 1] = 507
    plane[11, 7] = 400
    y.planes = [ComparedPlane(depth, .sixteen(plane))]
    let found = try compare(x, y)
    #expect(found.map(\.kind) == [.plane] && found[0].instances.map(\.name) == ["b"])
    #expect(found[0].instances[0].pixels == 1 && found[0].what.contains("2 of 96 pixels, largest difference 100"))
    #expect(try compare(x, y, "depth.max=100").allSatisfy(\.isTolerated))
    #expect(try compare(x, y, "depth.max=99").allSatisfy { !$0.isTolerated })
    // Digests alone tell it too.
    x.instancePixels = x.pixelDigests()
    y.instancePixels = y.pixelDigests()
    (x.planes[0].image, y.planes[0].image) = (nil, nil)
    #expect(try compare(x, y)[0].instances.map(\.name) == ["b"])
  }

  /// What is no number in one plane is beyond every limit.
  @Test func noNumberIsFarFromAnyNumber() throws {
    var (x, y) = (frame([a]), frame([a]))
    let height = PlaneDescription("height", .npy, channels: ["Z"], bits: 32, unit: "m", isSmooth: true)
    func plane(_ value: Float) -> ComparedPlane {
      var image = FloatImage(width: 12, height: 8, channels: 1)
      for k in image.samples.indices { image.samples[k] = 2 }
      image.samples[13] = value
      return ComparedPlane(height, .floats(image))
    }
    for (before, after) in [(2, Float.nan), (Float.nan, 2), (2, .infinity), (.infinity, -.infinity)] as [(Float, Float)]
    {
      (x.planes, y.planes) = ([plane(before)], [plane(after)])
      let found = try compare(x, y, "height.max=1000,height.mean=1000")
      #expect(found.map(\.kind) == [.plane] && found.allSatisfy { !$0.isTolerated }, "\(before) \(after)")
      let picture = try #require(differencePicture(x.planes[0], y.planes[0]))
      guard case .eight(let s) = picture.samples else { continue }
      #expect(s[3 * 13] > 200 && s[3 * 14] < 20)
    }
    (x.planes, y.planes) = ([plane(2)], [plane(2.5)])
    #expect(try compare(x, y, "height.max=1").allSatisfy(\.isTolerated))
  }

  /// The same codes that mean something else are a difference, and so is a class of another skeleton.
  @Test func meaningsAreCompared() throws {
    let one = DatasetHeader(testSource(), chunk: 4)
    func differences(_ change: (inout DatasetHeader) -> Void) -> [Difference] {
      var (other, comparison) = (one, Comparison(title: "t", before: "a", after: "b"))
      change(&other)
      compareHeads(one, other, &comparison)
      return comparison.differences
    }
    #expect(differences { _ in }.isEmpty)
    let depth = try #require(one.annotations.firstIndex { $0.name == "depth" })
    let scaled = differences { $0.annotations[depth].plane?.scale *= 2 }
    #expect(scaled.map(\.plane) == ["depth"] && scaled[0].what == "scale 0.001 -> 0.002", "\(scaled)")
    #expect(differences { $0.annotations[depth].plane?.unit = "ft" }.map(\.what) == ["unit m -> ft"])
    #expect(differences { $0.annotations[depth].options = "x" }.map(\.what) == ["options \"\" -> \"x\""])
    #expect(differences { $0.annotations[depth].meaning = "other words" }.isEmpty)
    #expect(differences { $0.annotations.remove(at: depth) }.map(\.kind) == [.form])
    let bones = differences { $0.categories[0].skeleton = [SIMD2(0, 1)] }
    #expect(bones.count == 1 && bones[0].what.hasSuffix("has another skeleton"), "\(bones)")
  }

  /// Of very many frames that differ the first are kept, the others counted; frames that are alike take no room at all.
  @Test func memoryDoesNotGrowWithTheFrames() throws {
    var comparison = Comparison(title: "t", before: "a", after: "b")
    for n in 0..<30_000 where n != 20_000 {
      var one = FrameComparison(frame: n)
      if n >= 10_000 { one.differences = [Difference(.box, "boxes", [], "x")] }
      try comparison.add(one, nil, nil)
    }
    comparison.finish()
    #expect(comparison.lookedAt == 29_999 && comparison.runsLookedAt == [0...19_999, 20_001...29_999])
    #expect(comparison.frames.count == Comparison.mostFrames && comparison.unlisted.frames == 9_999)
    #expect(comparison.count == 19_999 && comparison.isDifferent)
    #expect(comparison.summary == "t: 29999 frames, 19999 not alike, 19999 differences")
    #expect(comparison.notes.count == 1 && comparison.notes[0].contains("9999 frames more"), "\(comparison.notes)")
    #expect(comparison.githubLines(file: nil).last?.contains("19990 frames more differ") == true)
  }

  @Test func parametersByPath() {
    func scene(_ azimuth: Double, _ ids: [String]) -> [SceneParameter] {
      sceneParameters(
        Node.object([
          ("description", Node(.string("words"))), ("sun", Node.object([("azimuth", Node(.real(azimuth)))])),
          (
            "objects",
            Node(
              .sequence(
                ids.map {
                  Node.object([
                    ("id", Node(.string($0))), ("position", Node(.sequence([Node(.real(1.5)), Node(.integer(2))]))),
                  ])
                }))
          ),
        ]))
    }
    #expect(
      scene(1, ["a"]).map { "\($0.path)=\($0.value.json)" } == [
        "sun.azimuth=1", "objects.a.id=\"a\"", "objects.a.position=[1.5,2]",
      ])
    #expect(parameterChanges(scene(1, ["a", "b"]), scene(1, ["b", "a"])).isEmpty)
    #expect(parameterChanges(scene(1, ["a"]), scene(1.25, ["a"])).map(\.description) == ["sun.azimuth: 1 -> 1.25"])
    #expect(
      parameterChanges(scene(1, ["a"]), scene(1, [])).map(\.path) == ["objects.a.id", "objects.a.position", "objects"])
  }
}

/// The forms in which comparisons are told.
@Suite struct TellingTests {
  @Test func textsAreEscaped() {
    let name = "<b onload=\"x('&')\">\u{1}"
    let html: HTML = "<td title=\"\(name)\">\(7)</td>"
    #expect(html.text == "<td title=\"&lt;b onload=&quot;x(&#39;&amp;&#39;)&quot;&gt;\u{FFFD}\">7</td>")
    let inner: HTML = "<i>\(name)</i>"
    let outer: HTML = "<p>\([inner, inner])</p>"
    #expect(outer.text == "<p>" + inner.text + inner.text + "</p>")
    #expect(XMLWriter.escaped("a<\u{0}\n'") == "a&lt;\u{FFFD}&#10;&#39;")
    #expect(
      githubError("50% of it\nmoved: x", title: "a,b", file: "s:1.yaml")
        == "::error file=s%3A1.yaml,title=a%2Cb::50%25 of it%0Amoved: x")
  }

  @Test func base64() {
    // RFC 4648, section 10.
    for (text, code) in [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy"),
    ] {
      #expect(HTML.base64(Array(text.utf8)) == code)
    }
    #expect(HTML.base64([0xFB, 0xFF, 0xBF]) == "+/+/")
  }

  @Test func aPageHoldsNoMarkupOfNames() throws {
    var comparison = Comparison(title: "<script>alert(1)</script>", before: "a", after: "b")
    var frame = FrameComparison(frame: 4)
    let evil = InstanceName(id: 1, name: "</td><img src=x onerror=alert(2)>", category: "\"'<&", pixels: 3)
    frame.differences = [Difference(.picture, "rgb", [evil], "it & it"), Difference(.box, "boxes", [evil], "<a>")]
    frame.parameters = [ParameterChange(path: "a<b", before: "\"<u>\"", after: nil)]
    try comparison.add(frame, nil, nil)
    comparison.notes = ["<hr>"]
    comparison.finish()
    for text in ["<script", "<img", "<u>", "<hr>", "<a>"] { #expect(!comparison.page.contains(text), "\(text)") }
    #expect(comparison.page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(comparison.frames[0].differences.isEmpty == false && comparison.isDifferent)
    #expect(!comparison.junit.contains("<img") && comparison.junit.contains("tests=\"2\" failures=\"1\""))
  }

  @Test func tolerancesAndLists() throws {
    let t = try Tolerance("psnr=45,changed=0.1%,depth.max=2,box=1,values=1e-6")
    #expect(t.planes == ["rgb": [.psnr: 45, .changed: 0.001], "depth": [.max: 2]] && t.box == 1 && t.values == 1e-6)
    for wrong in [
      "", "psnr", "psnr=", "psnr=-1", "psnr=nan", "flip=2", "box=1%", "depth.box=1", "a.b.max=1", "max=1,max=2",
    ] {
      #expect(throws: Tolerance.Fault.self, "\(wrong)") { try Tolerance(wrong) }
    }
    #expect(FrameList("7,0,100-120,8")?.description == "0,7-8,100-120")
    #expect(FrameList("3")?.numbers == [3] && FrameList("2-2")?.numbers == [2])
    for wrong in ["", ",", "a", "1-", "-1", "2-1", "1-2-3", "+1", " 1", "0-10000", "4294967295"] {
      #expect(FrameList(wrong) == nil, "\(wrong)")
    }
    #expect(
      shellWord("a b'c") == "'a b'\\''c'" && shellWord("Renders/a_1.yaml") == "Renders/a_1.yaml"
        && shellWord("a#1") == "'a#1'")
  }

  @Test func laidOutJSONReadsBack() throws {
    let long = Node(.sequence((0..<60).map { Node(.real(Double($0) + 0.1)) }))
    let node = Node.object([
      ("a", Node(.integer(1))), ("b", long),
      ("c", Node.object([("x \"y\"", Node(.null)), ("empty", Node(.sequence([])))])),
      ("d", Node(.sequence([Node.object([("k", Node(.boolean(true)))]), long]))),
    ])
    let text = node.laidOutJSON()
    let again = try Array(text.utf8).withUnsafeBufferPointer { b throws(JSONError) in try JSONReader.tree(b) }
    #expect(again == node && again.laidOutJSON() == text)
    #expect(text.split(separator: "\n").allSatisfy { $0.utf8.count <= 130 })
    #expect(text.contains("\n \"a\": 1,\n"))
  }
}
