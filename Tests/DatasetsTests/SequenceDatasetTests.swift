import Annotators
import Documents
import Formats
import Imaging
import Sampling
import Stage
import Testing

@testable import Datasets

/// Datasets of scenes with time.
@Suite struct SequenceDatasetTests {
  private static let scene = """
    image: {width: 80, height: 60}
    frames: 8
    frames_per_sequence: 4
    fps: 8
    seed: 2
    annotations: [instance, flow_forward, {flow_backward: {encoding: png}}, scene_flow, {tracks: {points: 6}}]
    camera: {eye: [{$expr: "3 + time"}, -3, 2], target: [0, 0, 0.2], fov: {$uniform: [45, 60]}}
    objects:
      - {id: floor, shape: plane}
      - {id: toys, category: toy, count: 5, shape: {box: {size: [0.4, 0.4, 0.4]}}, position: {$uniform: [[-1, -1, 0.2], [1, 1, 0.6]]}, velocity: [{$uniform: [-1, 1]}, 0, 0], angular_velocity: [0, 0, 60]}
    """

  private func source(_ text: String = scene) throws -> FrameSource {
    try FrameSource(try CompiledScene(text: text, path: "toys.yaml"))
  }

  private func lines(_ folder: TestFolder) throws -> [Int: FrameRecord] {
    var all: [Int: FrameRecord] = [:]
    try Dataset(folder: folder.path).forEachRecord { record throws(DatasetError) in
      all[record.frame] = record
      return true
    }
    return all
  }

  @Test func aRunIsVerifiedAndAnyFrameAloneIsTheSame() throws {
    let folder = try TestFolder()
    _ = try renderDataset(try source(), testOptions(folder, 0..<8), renderer: standardRenderer())
    let all = try lines(folder)
    #expect(all.count == 8)
    for (n, r) in all {
      #expect(r.sequence == SequencePlace(sequence: n / 4, index: n % 4, time: Double(n % 4) / 8))
      #expect(r.instances.map(\.name) == (0..<5).map { "toys[\($0)]" } && r.instances.map(\.id) == [1, 2, 3, 4, 5])
      #expect(r.instances.allSatisfy { $0.values.tracks?.count == 6 })
    }
    var told: [Disagreement] = []
    let report = try verifyDataset(folder.path, threads: 3) { told.append($0) }
    #expect(told.isEmpty && report.frames == 8, "\(told.prefix(4).map(\.description))")
    for n in [0, 2, 3, 5] {
      let alone = try TestFolder()
      _ = try renderDataset(
        try source(), testOptions(alone, n..<n + 1, threads: 1), renderer: standardRenderer(frameThreads: 2))
      #expect(try lines(alone)[n]?.line == all[n]?.line, "frame \(n)")
    }
  }

  /// A printed frame, drawn as a scene of its own, has the planes of its original: motion too.
  @Test func aPrintedFrameHasTheSameMotion() throws {
    let compiled = try CompiledScene(text: Self.scene, path: "toys.yaml")
    equip(compiled)
    let folder = try TestFolder()
    _ = try renderDataset(try source(), testOptions(folder, 0..<8), renderer: standardRenderer())
    let all = try lines(folder)
    for n in [1, 3, 4] {
      let printed = try TestFolder()
      let text = yaml(try compiled.document(frame: n))
      _ = try renderDataset(try source(text), testOptions(printed, 0..<1), renderer: standardRenderer())
      let one = try #require(try lines(printed)[0])
      #expect(one.planes.map(\.digest) == all[n]?.planes.map(\.digest), "frame \(n)")
      #expect(one.instances == all[n]?.instances && one.sequence == all[n]?.sequence)
    }
  }

  /// Verifying finds flow that leads elsewhere: to the frame after the next.
  @Test func wrongFlowIsFound() throws {
    let right = try source(Self.scene.replacing("[-1, 1]}, 0, 0]", with: "[-6, 6]}, 0, 0]"))
    var wrong = right
    wrong.neighbour = { index, step in
      step == .next && index % 4 < 2 ? try right.neighbour(index + 1, step) : try right.neighbour(index, step)
    }
    let folder = try TestFolder()
    _ = try renderDataset(wrong, testOptions(folder, 0..<4), renderer: standardRenderer())
    var told: [String] = []
    _ = try verifyDataset(folder.path) { told.append($0.what) }
    #expect(told.contains { $0.hasPrefix("flow_forward of the frame before") }, "\(told)")
  }

  /// Flow that is no number, or beyond all numbers, is told of like any other damage.
  @Test func damagedFlowIsTold() throws {
    let folder = try TestFolder()
    _ = try renderDataset(try source(), testOptions(folder, 0..<4), renderer: standardRenderer())
    let record = try #require(try lines(folder)[1])
    let path = folder.path + "/" + (try #require(record.plane("flow_forward")).file)
    var bytes = try FileSystem.read(path)
    let samples = bytes.count - 80 * 60 * 3 * 4
    for (k, u) in [Float.nan, .infinity, 1e30, -1e30].enumerated() {
      for (c, value) in [u, 0, 1].enumerated() {
        for b in 0..<4 { bytes[samples + 12 * k + 4 * c + b] = UInt8(truncatingIfNeeded: value.bitPattern >> (8 * b)) }
      }
    }
    FileSystem.remove(path)
    try bytes.withUnsafeBufferPointer { try FileSystem.create(path, UnsafeRawBufferPointer($0), sync: false) }
    var told: [String] = []
    _ = try verifyDataset(folder.path) { told.append($0.what) }
    #expect(told.contains { $0.hasSuffix("other pixels than the record's digest says") }, "\(told)")
    #expect(told.contains { $0.hasPrefix("flow_forward of the frame before ends at pixels of other ids") }, "\(told)")
    // They are shown, too, as nothing.
    let tiles = try Dataset(folder: folder.path).previewFrames(first: 1, count: 1, showing: ["flow_forward"])
    #expect(!tiles.isEmpty)
  }

  @Test func sequencesAreSplitWhole() throws {
    let folder = try TestFolder()
    let text = Self.scene.replacing("frames: 8", with: "frames: 40").replacing(
      "width: 80, height: 60", with: "width: 8, height: 6")
    _ = try renderDataset(try source(text), testOptions(folder, 0..<40), renderer: standardRenderer())
    let dataset = try Dataset(folder: folder.path)
    let rule = try #require(SplitRule(parts: [.init(name: "train", weight: 1), .init(name: "val", weight: 1)]))
    let counts = try splitDataset(dataset, rule, by: .natural)
    #expect(counts.reduce(0, +) == 40 && counts.allSatisfy { $0 % 4 == 0 && $0 > 0 }, "\(counts)")
    #expect(try splitDataset(dataset, rule, by: .sequence(4)) == counts)
    _ = try splitDataset(dataset, rule, by: .sequence(8))
    #expect(throws: DatasetError.self) { try splitDataset(dataset, rule, by: .sequence(6)) }
  }

  @Test func flowAndTracksAreShown() throws {
    let folder = try TestFolder()
    _ = try renderDataset(try source(), testOptions(folder, 0..<8), renderer: standardRenderer())
    let tiles = try Dataset(folder: folder.path).previewFrames(
      first: 0, count: 3, showing: ["flow_forward", "scene_flow", "tracks"])
    #expect(tiles.count == 9 && tiles[2].trails.count == 30 && tiles[2].trails[0].places.count == 1)
    #expect(tiles[8].trails.contains { $0.places.count == 3 })
    // Directions that are opposite are colours that are, and what does not move is white.
    #expect(FlowWheel.color(.init(0, 0)) == SIMD3(1, 1, 1))
    let (right, left) = (FlowWheel.color(.init(1, 0)), FlowWheel.color(.init(-1, 0)))
    #expect(right.x > 0.9 && right.z < 0.2 && left.x < 0.3 && left.z > 0.9, "\(right) \(left)")
    let image = contactSheet(tiles, categories: [], columns: 3)
    #expect(image.width > 240)
  }
}
