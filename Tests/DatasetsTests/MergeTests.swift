import Annotators
import Glibc
import Testing

@testable import Datasets
@testable import Formats

@Suite struct MergeTests {
  static let frames = 18

  func render(
    _ folder: TestFolder, _ layout: FileLayout, shard: Shard? = nil, frames: Range<Int> = 0..<frames,
    source: FrameSource = testSource()
  ) throws {
    var options = testOptions(folder, frames)
    options.layout = layout
    options.shard = shard
    _ = try renderDataset(source, options, renderer: testRenderer)
  }

  func options(_ sources: [TestFolder], _ out: TestFolder, shards: Int? = nil) -> MergeOptions {
    var o = MergeOptions(sources: sources.map(\.path), out: out.path, threads: 2)
    o.frames = 0..<MergeTests.frames
    o.shards = shards
    o.isDurable = false
    return o
  }

  /// Shards in folders of their own, merged, are what one process writes, to the byte; and again nothing changes.
  @Test(arguments: FileLayout.allCases) func shardsMergeToTheWhole(layout: FileLayout) throws {
    let (whole, out) = (try TestFolder(), try TestFolder())
    try render(whole, layout)
    let shards = try (0..<3).map { i in
      let folder = try TestFolder()
      try render(folder, layout, shard: Shard(index: i, count: 3))
      return folder
    }
    // Folders go with their last use, which is not when the merge begins.
    defer { withExtendedLifetime(shards) {} }
    let report = try mergeDatasets(options(shards, out))
    #expect(report.isDerived && report.missingFrames == 0 && report.counts.frames == MergeTests.frames)
    #expect(try out.files() == whole.files())
    _ = try mergeDatasets(options(shards, out))
    #expect(try out.files() == whole.files())
    var checked = options([out], out)
    checked.isChecked = true
    #expect(try mergeDatasets(checked).isDerived)
  }

  /// Frames of one chunk from two datasets join in order.
  @Test(arguments: FileLayout.allCases) func partsOfAChunkJoin(layout: FileLayout) throws {
    let (whole, out, a, b) = (try TestFolder(), try TestFolder(), try TestFolder(), try TestFolder())
    defer { withExtendedLifetime((a, b)) {} }
    try render(whole, layout)
    try render(a, layout, frames: 6..<18)
    try render(b, layout, frames: 0..<10)
    #expect(try mergeDatasets(options([a, b], out)).isDerived)
    #expect(try out.files() == whole.files())
  }

  @Test(arguments: FileLayout.allCases) func missingShardsAreNamed(layout: FileLayout) throws {
    let folder = try TestFolder()
    for i in [0, 3] { try render(folder, layout, shard: Shard(index: i, count: 5)) }
    var report = try mergeDatasets(options([folder], folder, shards: 5))
    // 18 frames are 5 chunks of 4, a shard each; the last has 2.
    #expect(report.missingShards == [1, 2, 4] && report.missingFrames == 4 + 4 + 2 && !report.isDerived)
    #expect(report.missingChunks == [1, 2, 4])
    #expect(try folder.files()["annotations/coco.json"] == nil)
    #expect(try Dataset(folder: folder.path).header.counts == nil)
    for i in report.missingShards { try render(folder, layout, shard: Shard(index: i, count: 5)) }
    report = try mergeDatasets(options([folder], folder, shards: 5))
    #expect(report.isDerived && report.missingShards.isEmpty)
    let whole = try TestFolder()
    try render(whole, layout)
    #expect(try folder.files() == whole.files())
  }

  @Test(arguments: FileLayout.allCases) func damageCountsAsMissing(layout: FileLayout) throws {
    let folder = try TestFolder()
    try render(folder, layout)
    let whole = try folder.files()
    let name = layout == .folder ? "images/000005.png" : "shards/000001.tar"
    let path = folder.path + "/" + name
    // A pixel's byte: sizes stay, so only decoding tells.
    var offset = 60
    if layout == .tar { offset += try #require(TarIndex(path)["000005.png"]).offset }
    var bytes = whole[name] ?? []
    bytes[offset] ^= 0x55
    FileSystem.remove(path)
    try bytes.withUnsafeBufferPointer { b throws(FileError) in
      try FileSystem.create(path, UnsafeRawBufferPointer(b), sync: false)
    }
    #expect(try mergeDatasets(options([folder], folder)).missingFrames == 0)
    var checked = options([folder], folder)
    checked.isChecked = true
    var said: [String] = []
    let report = try mergeDatasets(checked, damage: { said.append($0) })
    #expect(report.missingFrames == 1 && report.missingChunks == [1] && said.count == 1)
    #expect(said.first?.contains("000005.png") == true)
    // Rendering with a check makes it good again.
    var again = testOptions(folder, 0..<MergeTests.frames)
    again.isChecked = true
    let log = EventLog()
    _ = try renderDataset(testSource(), again, renderer: testRenderer, events: log.note)
    #expect(log.frames == [5] && log.damage.count == 1)
    #expect(try folder.files() == whole)
  }

  @Test func whatDisagreesIsRefused() throws {
    let (a, b, c, out) = (try TestFolder(), try TestFolder(), try TestFolder(), try TestFolder())
    defer { withExtendedLifetime((a, b, c)) {} }
    try render(a, .folder, frames: 0..<8)
    try render(b, .folder, frames: 8..<18, source: testSource(seed: 4))
    #expect(throws: DatasetError.self) { try mergeDatasets(options([a, b], out)) }
    #expect(try out.files().isEmpty)
    try render(c, .tar, frames: 8..<18)
    #expect(throws: DatasetError.self) { try mergeDatasets(options([a, c], out)) }
  }

  /// Two renders of one frame with other pixels: one of them is wrong, and nobody can say which.
  @Test func framesThatDifferAreRefused() throws {
    let (a, b, out) = (try TestFolder(), try TestFolder(), try TestFolder())
    defer { withExtendedLifetime((a, b)) {} }
    try render(a, .folder, frames: 0..<4)
    try render(b, .folder, frames: 0..<8)
    let path = b.path + "/chunks/000000.jsonl"
    var record = try FrameRecord(line: Array((try FileSystem.read(path)).split(separator: 0x0A)[1]))
    record.planes[0].digest = record.planes[1].digest
    let file = try OutputFile(path)
    try file.write(record.line)
    try file.commit(sync: false)
    do {
      _ = try mergeDatasets(options([a, b], out))
      Issue.record("not refused")
    } catch { #expect("\(error)".contains("frame 1") && error.exitCode == 65, "\(error)") }
  }

  /// A set without its files, as where those lie in object storage.
  @Test func recordsAloneAreEnoughForAnnotations() throws {
    let (whole, records) = (try TestFolder(), try TestFolder())
    try render(whole, .folder)
    try FileSystem.makeFolder(records.path + "/chunks")
    for (name, bytes) in try whole.files() where name.hasPrefix("chunks/") || name == "dataset.json" {
      try createOnce(records.path + "/" + name, bytes)
    }
    var o = options([records], records)
    #expect(try mergeDatasets(o).missingFrames == MergeTests.frames)
    o.hasFiles = false
    #expect(try mergeDatasets(o).isDerived)
    #expect(try records.files()["annotations/coco.json"] == whole.files()["annotations/coco.json"])
  }

  @Test func gapsAreAcceptedWhenAsked() throws {
    let folder = try TestFolder()
    try render(folder, .folder, frames: 0..<7)
    var o = options([folder], folder)
    o.acceptsGaps = true
    let report = try mergeDatasets(o)
    #expect(report.isDerived && report.missingFrames == 11 && report.counts.frames == 7)
  }
}
