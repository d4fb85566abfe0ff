import Glibc
import Rasterization
import Synchronization
import Testing

@testable import Datasets
@testable import Formats

@Suite struct BatchTests {
  func options(_ folder: TestFolder, _ frames: Range<Int>, _ layout: FileLayout) -> RenderOptions {
    var o = testOptions(folder, frames)
    o.layout = layout
    return o
  }

  func render(
    _ folder: TestFolder, _ frames: Range<Int>, _ layout: FileLayout = .tar, log: EventLog = EventLog()
  ) throws -> [String: [UInt8]] {
    _ = try renderDataset(testSource(), options(folder, frames, layout), renderer: testRenderer, events: log.note)
    return try folder.files()
  }

  /// The archives hold the very files of the folder layout, and copies of the records.
  @Test func archivesHoldTheFiles() throws {
    let (loose, packed) = (try TestFolder(), try TestFolder())
    let files = try render(loose, 0..<10, .folder)
    let archives = try render(packed, 0..<10)
    #expect(archives.keys.sorted().filter { $0.hasPrefix("shards") } == (0..<3).map { "shards/00000\($0).tar" })
    #expect(archives.count == 3 + 3 + 2)
    for chunk in 0..<3 {
      let path = packed.path + "/shards/00000\(chunk).tar"
      let index = try TarIndex(path)
      let frames = (chunk * 4..<min(chunk * 4 + 4, 10))
      let expected = frames.flatMap { n in
        ["depth.png", "instance.png", "json", "png", "semantic.png"].map { "\(sixDigits(n)).\($0)" }
      }
      #expect(index.members.map(\.name) == expected)
      for n in frames {
        for kind in standardKinds {
          let m = try #require(index[kind.member(frame: n)])
          #expect(try FileSystem.read(path, from: m.offset, count: m.size) == files[kind.file(frame: n)])
        }
        let m = try #require(index["\(sixDigits(n)).json"])
        let line = try FileSystem.read(path, from: m.offset, count: m.size)
        let records = archives["chunks/00000\(chunk).jsonl"] ?? []
        #expect(records.split(separator: 0x0A).map { Array($0) + [0x0A] }.contains(line))
      }
    }
  }

  @Test func archivesDoNotDependOnOrderPartsOrThreads() throws {
    let (whole, parts) = (try TestFolder(), try TestFolder())
    let expected = try render(whole, 0..<18)
    let log = EventLog()
    for range in [9..<14, 17..<18, 0..<3, 0..<18] { _ = try render(parts, range, log: log) }
    #expect(try parts.files() == expected)
    #expect(log.frames == Array(0..<18), "no frame is made twice")
  }

  @Test func damagedArchivesAreMadeGood() throws {
    let folder = try TestFolder()
    let whole = try render(folder, 0..<12)
    func path(_ chunk: Int) -> String { folder.path + "/" + DatasetLayout.archive(chunk) }
    truncate(path(0), 3000)
    FileSystem.remove(path(1))
    // More than the records say: as if a process had ended between archive and records.
    let records = folder.path + "/chunks/000002.jsonl"
    let lines = (whole["chunks/000002.jsonl"] ?? []).split(separator: 0x0A)
    let file = try OutputFile(records)
    for line in lines.prefix(2) { try file.write(Array(line) + [0x0A]) }
    try file.commit(sync: false)
    #expect(try ChunkState(chunk: 2, folder: folder.path, header: Dataset(folder: folder.path).header).lines.count == 2)
    let log = EventLog()
    #expect(try render(folder, 0..<12, log: log) == whole)
    #expect(log.frames == Array(0..<8) + [10, 11] && log.damage.count == 3)
  }

  @Test func layoutsAreNotMixed() throws {
    let folder = try TestFolder()
    let before = try render(folder, 0..<4)
    do {
      _ = try render(folder, 0..<8, .folder)
      Issue.record("not refused")
    } catch let error as DatasetError { #expect(error.exitCode == 65 && "\(error)".contains("tar")) }
    #expect(try folder.files() == before)
    // Without a layout asked for, the dataset's own goes on.
    _ = try renderDataset(testSource(), testOptions(folder, 0..<8), renderer: testRenderer)
    #expect(try folder.files().keys.filter { $0.hasPrefix("shards/") }.count == 2)
  }

  /// Every shard alone, in any order, into one folder: what one process writes, but for the annotations.
  @Test(arguments: FileLayout.allCases) func shardsShareAFolder(layout: FileLayout) throws {
    let (whole, shared) = (try TestFolder(), try TestFolder())
    let expected = try render(whole, 0..<18, layout).filter { !$0.key.hasPrefix("annotations") }
    for i in [2, 0, 1] {
      var o = options(shared, 0..<18, layout)
      o.shard = Shard(index: i, count: 3)
      _ = try renderDataset(testSource(), o, renderer: testRenderer)
    }
    var found = try shared.files()
    #expect(found["annotations/coco.json"] == nil)
    found["dataset.json"] = expected["dataset.json"]
    #expect(found == expected)
    #expect(try Dataset(folder: shared.path).header.counts == nil)
  }

  /// A chunk with a frame that cannot be made is left out; the others are there.
  @Test(arguments: FileLayout.allCases) func failureFailsItsChunkAlone(layout: FileLayout) throws {
    let folder = try TestFolder()
    var o = options(folder, 0..<18, layout)
    o.threads = 3
    let events = Mutex<[Int]>([])
    do {
      _ = try renderDataset(
        testSource(failing: 9), o, renderer: testRenderer,
        events: { event in
          if case .failed(let chunk, let frame, let reason) = event {
            #expect(frame == 9 && reason.contains("dice"))
            events.withLock { $0.append(chunk) }
          }
        })
      Issue.record("no error")
    } catch { #expect(error == .frame(9, "the dice fell off the table")) }
    #expect(events.withLock { $0 } == [2])
    let files = try folder.files()
    #expect(files.keys.filter { $0.hasPrefix("chunks") }.sorted() == [0, 1, 3, 4].map { "chunks/00000\($0).jsonl" })
    #expect(!files.keys.contains { $0.contains(".part") || $0.contains("000008.") })
    // With the fault gone, the chunk is made and nothing else.
    let log = EventLog()
    let whole = try TestFolder()
    #expect(try render(folder, 0..<18, layout, log: log) == render(whole, 0..<18, layout))
    #expect(log.frames == [8, 9, 10, 11])
  }

  @Test func failuresAreCounted() throws {
    var source = testSource()
    let frame = source.frame
    source.frame = { n in
      if n % 4 == 1 { throw TestFault() }
      return try frame(n)
    }
    for (limit, expected) in [(0, 1), (2, 3), (9, 5)] {
      let folder = try TestFolder()
      var o = options(folder, 0..<18, .folder)
      o.maxFailures = limit
      o.threads = 1
      let count = Mutex(0)
      do {
        _ = try renderDataset(
          source, o, renderer: testRenderer,
          events: { event in if case .failed = event { count.withLock { $0 += 1 } } })
        Issue.record("no error")
      } catch { #expect(error.exitCode == 65) }
      #expect(count.withLock { $0 } == expected, "limit \(limit)")
      #expect(try folder.files().isEmpty, "nothing was committed, nothing stays")
    }
  }

  /// Annotations that were complete do not count as complete once frames are added, whoever added them.
  @Test func countsGoBeforeFramesCome() throws {
    let folder = try TestFolder()
    _ = try render(folder, 0..<4, .folder)
    #expect(try Dataset(folder: folder.path).header.counts?.frames == 4)
    var o = options(folder, 0..<8, .folder)
    o.shard = Shard(index: 0, count: 1)
    _ = try renderDataset(testSource(), o, renderer: testRenderer)
    #expect(try Dataset(folder: folder.path).header.counts == nil)
    _ = try render(folder, 0..<8, .folder)
    #expect(try Dataset(folder: folder.path).header.counts?.frames == 8)
  }

  /// A process that was killed leaves one folder, which the next run removes, whatever it was writing.
  @Test func unfinishedFilesLieInOneFolder() throws {
    let folder = try TestFolder()
    let staging = try StagingFolder(dataset: folder.path)
    for name in ["dataset.json", "annotations/coco.json", "chunks/000000.jsonl"] {
      let temporary = FileSystem.temporaryName(for: folder.path + "/" + name)
      #expect(temporary.hasPrefix(staging.path + "/"))
    }
    #expect(!FileSystem.temporaryName(for: folder.path + "2/x").hasPrefix(staging.path))
    staging.remove()
    #expect(!FileSystem.temporaryName(for: folder.path + "/x").hasPrefix(staging.path))
  }
}
