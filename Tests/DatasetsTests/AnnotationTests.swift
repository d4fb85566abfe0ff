import Annotators
import Documents
import Formats
import Geometry
import Imaging
import Sampling
import Stage
import Testing

@testable import Datasets

/// Datasets with other annotations than the standard ones.
@Suite struct AnnotationTests {
  private static let scene = """
    image: {width: 80, height: 60}
    seed: 4
    annotations: ANNOTATIONS
    parameters: {height: {$expr: "h"}, kind: test}
    let: {h: {$uniform: [2, 3]}}
    polylines: [{id: cross, class: tape, points: [[-2, 0, 0], [2, {$uniform: [-0.1, 0.1]}, 0]]}]
    categories:
      - {name: toy, parts: [lid, cup], keypoints: [top, left, right], skeleton: [[top, left]], flip: [[left, right]]}
      - {name: floor, stuff: true}
    camera: {eye: [3, -3, {$expr: "h"}], target: [0, 0, 0], fov: 50}
    objects:
      - {id: floor, category: floor, shape: plane}
      - id: toys
        category: toy
        count: 5
        position: {$uniform: [[-1, -1, 0.2], [1, 1, 0.5]]}
        attributes: {defective: {$boolean: 0.5}, serial: {$expr: "index"}}
        symmetries: [{axis: [0, 0, 1], fold: 4}]
        keypoints: {top: {part: lid, position: [0, 0, 0.05]}, left: {vertex: 3}}
        polylines: [{id: rim, class: edge, points: [[-0.2, -0.2, 0.35], [0.2, -0.2, 0.35]]}]
        parts:
          - {name: lid, shape: {box: {size: [0.4, 0.4, 0.1]}}, position: [0, 0, 0.3]}
          - {name: cup, shape: {box: {size: [0.4, 0.4, 0.5]}}}
    """

  static let everything = "[" + annotatorRegistry.names.joined(separator: ", ") + "]"

  private func compiled(_ annotations: String) throws -> CompiledScene {
    try CompiledScene(text: Self.scene.replacing("ANNOTATIONS", with: annotations), path: "toys.yaml")
  }

  private func render(_ folder: TestFolder, _ annotations: String, layout: FileLayout? = nil, frames: Int = 3) throws {
    var options = testOptions(folder, 0..<frames)
    options.layout = layout
    _ = try renderDataset(try FrameSource(try compiled(annotations)), options, renderer: standardRenderer())
  }

  @Test(arguments: [FileLayout.folder, .tar]) func everythingIsWrittenReadAndVerified(layout: FileLayout) throws {
    let folder = try TestFolder()
    try render(folder, Self.everything, layout: layout)
    let dataset = try Dataset(folder: folder.path)
    #expect(dataset.header.annotations.map(\.name) == annotatorRegistry.names)
    // The head reads back as it was written.
    #expect(try DatasetHeader(json: dataset.header.json) == dataset.header)
    let category = dataset.header.categories[0]
    #expect(category.parts == ["lid", "cup"] && dataset.header.categories[1].isStuff)
    #expect(category.keypoints == ["top", "left", "right"] && category.skeleton == [SIMD2(0, 1)])
    #expect(category.flip == [0, 2, 1])
    var frames = 0
    try dataset.forEachRecord { record throws(DatasetError) in
      frames += 1
      #expect(record.planes.map(\.name) == dataset.header.planes.map(\.name))
      #expect(Dataset.damage(of: record.planes, dataset.header.planes, in: folder.path, archive: nil) == nil)
      #expect(record.image?.parameters.map(\.name) == ["height", "kind"])
      let toy = record.instances.last?.values
      #expect(toy?.attributes?.map(\.name) == ["defective", "serial"] && toy?.pose?.symmetries.first?.fold == 4)
      #expect(toy?.parts != nil)
      #expect(toy?.keypoints?.map(\.name) == ["top", "left", "right"] && toy?.keypoints?[2].visibility == .absent)
      #expect(record.lines.polylines?.map(\.name) == ["cross"] + (0..<5).map { "toys[\($0)].rim" })
      #expect(record.lines.vanishingPoints?.count == 3 && record.lines.horizon != nil)
      return true
    }
    #expect(frames == 3)
    var told: [Disagreement] = []
    let report = try verifyDataset(folder.path, threads: 2) { told.append($0) }
    #expect(told.isEmpty, "\(told.prefix(5).map(\.description))")
    #expect(report == VerifyReport(frames: 3, instances: 18, disagreements: 0))
    // Once more, and every pixel looked at: nothing is to be done.
    var options = testOptions(folder, 0..<3)
    options.isChecked = true
    let again = try renderDataset(try FrameSource(try compiled(Self.everything)), options, renderer: standardRenderer())
    #expect(again.made == 0)
  }

  @Test func pointsAndLinesAreDrawn() throws {
    let folder = try TestFolder()
    try render(
      folder, "[{keypoints: {distance: 0.2}}, polylines, horizon, {vanishing_points: {directions: {d: [0, 1, 0]}}}]")
    let dataset = try Dataset(folder: folder.path)
    let names = ["rgb", "keypoints", "polylines", "horizon", "vanishing_points"]
    let tiles = try dataset.previewFrames(first: 0, count: 1, showing: names)
    #expect(tiles.map(\.caption) == names.map { "0 \($0)" })
    let sheets = tiles.map { tile -> RasterImage in
      var plain = tile
      plain.caption = ""
      return contactSheet([plain], categories: dataset.header.categories, columns: 1)
    }
    // The horizon may lie outside of a picture that looks down.
    for (k, sheet) in sheets.enumerated().dropFirst() where names[k] != "horizon" {
      #expect(sheet != sheets[0], "\(names[k]) draws nothing")
    }
  }

  @Test func aSetOfOthersIsRefused() throws {
    let folder = try TestFolder()
    try render(folder, "[depth, normal]")
    for other in ["[depth]", "[depth, normal, uv]", "[depth, {normal: {encoding: exr}}]", "[rgb]"] {
      let error = #expect(throws: DatasetError.self) { try render(folder, other) }
      #expect(error?.exitCode == 65 && "\(error.map { "\($0)" } ?? "")".contains("annotations"))
    }
    // The order in which they are named does not matter.
    try render(folder, "[normal, rgb, depth]", frames: 4)
  }

  @Test func theStandardOnesAreAsEver() throws {
    let (plain, named) = (try TestFolder(), try TestFolder())
    try render(plain, "null")
    try render(named, "[instance, semantic, depth]")
    #expect(try plain.files() == named.files())
    let head = String(decoding: try plain.files()["dataset.json"] ?? [], as: UTF8.self)
    #expect(!head.contains("\"annotations\""))
    // What frames are annotated with is no part of what they are made from.
    #expect(try compiled("null").digest == compiled(Self.everything).digest)
  }

  @Test func unknownNamesAreFoundWithTheirPlace() throws {
    let error = #expect(throws: SceneError.self) { try FrameSource(try compiled("[depth, nomral]")) }
    let text = error?.description ?? ""
    #expect(text.contains("toys.yaml:3:") && text.contains("annotations[1]") && text.contains("\"normal\""), "\(text)")
    #expect(throws: SceneError.self) { try compiled("{$choice: [[depth], [normal]]}") }
  }

  /// Whatever a record says that its planes do not is told with frame and instance.
  @Test func whatIsBentIsTold() throws {
    let folder = try TestFolder()
    try render(folder, Self.everything)
    let path = folder.path + "/chunks/000000.jsonl"
    let lines = try FileSystem.read(path).split(separator: 0x0A).map { try FrameRecord(line: Array($0)) }
    let place = try #require(lines[1].instances.firstIndex { $0.visiblePixels > 20 && $0.category == 1 })
    func bend(_ change: (inout InstanceRecord) -> Void) throws -> [Disagreement] {
      var records = lines
      change(&records[1].instances[place])
      FileSystem.remove(path)
      try createOnce(path, records.flatMap(\.line))
      var told: [Disagreement] = []
      _ = try verifyDataset(folder.path) { told.append($0) }
      return told
    }
    let id = lines[1].instances[place].id
    #expect(try bend { _ in }.isEmpty)
    let bends: [(inout InstanceRecord) -> Void] = [
      { $0.visiblePixels += 1 }, { $0.box?.x += 1 }, { $0.category = 2 },
      { $0.values.amodalBox = .some(PixelBox(x: 0, y: 0, width: 1, height: 1)) },
      { $0.values.visibility?.amodalPixels += 1 }, { $0.values.visibility?.truncation = 0.123 },
      { $0.values.occluders = [OccluderRecord(id: 77, pixels: 3)] }, { $0.values.orientedBox??.angle += 0.01 },
      { $0.values.parts?[0].pixels += 1 }, { $0.values.box3D?.corners[2]?.x += 0.01 },
      { $0.values.box3D?.corners[5] = nil }, { $0.values.pose?.translation.z += 0.001 },
      { $0.values.pose?.rotation.row0.x += 0.001 }, { $0.values.keypoints?[0].image?.x += 0.01 },
      { $0.values.keypoints?[1].world?.z += 0.001 }, { $0.values.keypoints?.swapAt(0, 1) },
      { $0.values.keypoints?[0].visibility = .absent }, { $0.values.keypoints = nil },
      { $0.values.box3D?.center.x += 0.02 },
    ]
    for (k, change) in bends.enumerated() {
      let told = try bend(change)
      #expect(told.contains { $0.frame == 1 && ($0.instance == id || k == 2) }, "change \(k): \(told)")
    }
    // What belongs to the picture as a whole.
    func bendLines(_ change: (inout LineValues) -> Void) throws -> [Disagreement] {
      var records = lines
      change(&records[1].lines)
      FileSystem.remove(path)
      try createOnce(path, records.flatMap(\.line))
      var told: [Disagreement] = []
      _ = try verifyDataset(folder.path) { told.append($0) }
      return told
    }
    let lineBends: [(inout LineValues) -> Void] = [
      { $0.polylines?[0].pieces[0].image[0].x += 0.01 }, { $0.horizon?.line?.z += 0.1 },
      { $0.vanishingPoints?[1].direction = Vector3(0.6, 0.8, 0) },
    ]
    for (k, change) in lineBends.enumerated() {
      #expect(try bendLines(change).contains { $0.frame == 1 }, "change \(k) of lines")
    }
    // A plane of another frame.
    #expect(try bend { _ in }.isEmpty)
    let depth = folder.path + "/labels/depth/00000"
    let other = try FileSystem.read(depth + "2.png")
    FileSystem.remove(depth + "1.png")
    try createOnce(depth + "1.png", other)
    var told: [Disagreement] = []
    _ = try verifyDataset(folder.path) { told.append($0) }
    #expect(told.contains { $0.frame == 1 && $0.what.contains("depth") })
    #expect(!told.contains { $0.frame != 1 })
  }
}
