import Annotators
import Glibc
import ImageCoding
import Imaging
import Rasterization
import Synchronization
import Testing

@testable import Datasets
@testable import Formats

@Suite struct RenderDatasetTests {
  /// Renders and gives the files.
  func render(
    _ folder: TestFolder, _ frames: Range<Int>, threads: Int = 2, source: FrameSource = testSource(),
    log: EventLog = EventLog()
  ) throws -> [String: [UInt8]] {
    _ = try renderDataset(
      source, testOptions(folder, frames, threads: threads), renderer: testRenderer, events: log.note)
    return try folder.files()
  }

  @Test func everyFileSaysWhatItsRecordSays() throws {
    let folder = try TestFolder()
    let files = try render(folder, 0..<10)
    #expect(files.count == 10 * 4 + 3 + 2)
    let dataset = try Dataset(folder: folder.path)
    #expect(dataset.header.counts?.frames == 10 && dataset.header.counts?.instances == 30)
    var n = 0
    try dataset.forEachRecord { record throws(DatasetError) in
      #expect(record.frame == n)
      n += 1
      var images: [String: RasterImage] = [:]
      for plane in record.planes {
        let bytes = files[plane.file] ?? []
        #expect(bytes.count == plane.bytes)
        let image = try? decodePNG(bytes)
        #expect(image.map { Digest(ofSamplesOf: $0) } == plane.digest, "\(plane.file)")
        images[plane.name] = image
      }
      #expect(record.instances.map(\.id) == [1, 2, 3])
      guard case .sixteen(let ids)? = images["instance"]?.samples,
        case .eight(let classes)? = images["semantic"]?.samples
      else {
        Issue.record("planes of another kind")
        return true
      }
      for i in record.instances {
        let mask = RunLengthMask(i.mask, width: record.width, height: record.height)
        #expect(mask?.plane.values == ids.map { $0 == UInt16(i.id) ? 1 : 0 })
        #expect(mask?.box == i.box && mask?.area == i.visiblePixels)
        for (id, c) in zip(ids, classes) where id == UInt16(i.id) { #expect(Int(c) == i.category) }
      }
      return true
    }
    #expect(n == 10)
  }

  @Test(arguments: [1, 2, 5]) func bytesDoNotDependOnThreads(threads: Int) throws {
    let (one, many) = (try TestFolder(), try TestFolder())
    #expect(try render(one, 0..<18, threads: 1) == render(many, 0..<18, threads: threads))
  }

  @Test func bytesDoNotDependOnOrderOrParts() throws {
    let (whole, parts) = (try TestFolder(), try TestFolder())
    let expected = try render(whole, 0..<18)
    let log = EventLog()
    for range in [9..<14, 17..<18, 0..<3, 0..<18] { _ = try render(parts, range, log: log) }
    #expect(try parts.files() == expected)
    #expect(log.frames == Array(0..<18), "no frame is made twice")
  }

  @Test func runningAgainDoesNothing() throws {
    let folder = try TestFolder()
    let before = try render(folder, 0..<9)
    let log = EventLog()
    #expect(try render(folder, 0..<9, log: log) == before)
    #expect(log.frames.isEmpty && log.damage.isEmpty)
  }

  @Test func damageIsMadeGood() throws {
    let folder = try TestFolder()
    let whole = try render(folder, 0..<12)
    let path = folder.path
    unlink(path + "/images/000002.png")
    truncate(path + "/labels/depth/000005.png", 20)
    let chunk = path + "/chunks/000002.jsonl"
    truncate(chunk, off_t((whole["chunks/000002.jsonl"] ?? []).count - 7))
    let log = EventLog()
    #expect(try render(folder, 0..<12, log: log) == whole)
    #expect(log.frames == [2, 5, 11])
    #expect(log.damage.count == 3)
    // A line too many, of a frame that nobody asks for: the record file is written again without it.
    let fd = open(chunk, O_WRONLY | O_APPEND)
    try Array("{}\n".utf8).withUnsafeBytes { try FileSystem.writeAll($0, to: fd, path: chunk) }
    close(fd)
    let again = EventLog()
    #expect(try render(folder, 0..<12, log: again) == whole)
    #expect(again.frames.isEmpty && again.damage.count == 1)
  }

  @Test func anotherSceneOrSeedIsRefused() throws {
    let folder = try TestFolder()
    let before = try render(folder, 0..<4)
    for (source, word) in [(testSource(seed: 4), "seed"), (testSource(digest: "else"), "digest")] {
      do {
        _ = try render(folder, 0..<8, source: source)
        Issue.record("not refused")
      } catch let error as DatasetError {
        #expect(error.exitCode == 65 && "\(error)".contains(word))
      }
    }
    #expect(throws: DatasetError.self) {
      try renderDataset(testSource(), testOptions(folder, 0..<4, chunk: 8), renderer: testRenderer)
    }
    #expect(try folder.files() == before)
  }

  @Test func recordOfAnotherDatasetIsRefused() throws {
    let (a, b) = (try TestFolder(), try TestFolder())
    _ = try render(a, 0..<4)
    _ = try render(b, 0..<8, source: testSource(seed: 4))
    try FileSystem.rename(b.path + "/chunks/000001.jsonl", to: a.path + "/chunks/000001.jsonl")
    do {
      _ = try render(a, 0..<8)
      Issue.record("not refused")
    } catch let error as DatasetError { #expect(error.exitCode == 65 && "\(error)".contains("another dataset")) }
  }

  @Test(arguments: [1, 3]) func stoppingLosesNothing(threads: Int) throws {
    let (stopped, whole) = (try TestFolder(), try TestFolder())
    let log = EventLog()
    let summary = try renderDataset(
      testSource(), testOptions(stopped, 0..<18, threads: threads), renderer: testRenderer,
      shouldStop: { log.frames.count >= 6 }, events: log.note)
    #expect(summary.isStopped && summary.made == log.frames.count && summary.made < 18)
    let there = try stopped.files()
    #expect(there["annotations/coco.json"] == nil)
    #expect(!there.keys.contains { $0.contains(".part") })
    let again = EventLog()
    #expect(try render(stopped, 0..<18, log: again) == render(whole, 0..<18))
    #expect(again.frames.count + log.frames.count == 18, "what was made is not made again")
  }

  @Test func faultOfAFrameEndsTheRunInOrder() throws {
    let folder = try TestFolder()
    do {
      _ = try render(folder, 0..<18, source: testSource(failing: 9))
      Issue.record("no error")
    } catch let error as DatasetError {
      #expect(error == .frame(9, "the dice fell off the table") && error.exitCode == 65)
    }
    let files = try folder.files()
    #expect(!files.keys.contains { $0.contains(".part") })
    #expect(files["chunks/000000.jsonl"] != nil && files["chunks/000002.jsonl"] == nil)
  }

  @Test func unwritableFolderIsNamed() throws {
    let folder = try TestFolder()
    var options = testOptions(folder, 0..<2)
    options.folder = "/proc/none/set"
    do {
      _ = try renderDataset(testSource(), options, renderer: testRenderer)
      Issue.record("no error")
    } catch { #expect(error.exitCode == 74 && "\(error)".hasPrefix("/proc/none"), "\(error)") }
    // A folder where a file should go, met when the chunk is committed.
    let other = try TestFolder()
    try FileSystem.makeFolder(other.path + "/labels/depth/000001.png")
    do {
      _ = try renderDataset(testSource(), testOptions(other, 0..<2), renderer: testRenderer)
      Issue.record("no error")
    } catch { #expect(error.exitCode == 74 && "\(error)".contains("labels/depth/000001.png"), "\(error)") }
    #expect(try !other.files().keys.contains { $0.contains(".part") || $0.hasPrefix("chunks") })
  }

  @Test func leftoversOfTheDeadAreRemovedAndOfTheLivingKept() throws {
    let folder = try TestFolder()
    let living = try StagingFolder(dataset: folder.path)
    let fd = open(living.path + "/depth-000000.png", O_CREAT | O_WRONLY, 0o666)
    close(fd)
    var dead: StagingFolder? = try StagingFolder(dataset: folder.path)
    let deadPath = dead?.path ?? ""
    dead = nil
    #expect(FileSystem.isFolder(deadPath))
    _ = try render(folder, 0..<3)
    #expect(!FileSystem.isFolder(deadPath))
    #expect(FileSystem.size(of: living.path + "/depth-000000.png") == 0)
    living.remove()
  }

  @Test func chunksWithoutAHeadAreRefused() throws {
    let folder = try TestFolder()
    _ = try render(folder, 0..<3)
    unlink(folder.path + "/dataset.json")
    #expect(throws: DatasetError.self) { try render(folder, 0..<3) }
  }

  @Test func firstImageIsThereBeforeItsChunk() throws {
    let folder = try TestFolder()
    let seen = Mutex(false)
    let path = folder.path
    _ = try renderDataset(
      testSource(), testOptions(folder, 0..<4, threads: 1), renderer: testRenderer,
      events: { event in
        if case .frame(0) = event, FileSystem.size(of: path + "/images/000000.png") != nil,
          FileSystem.size(of: path + "/chunks/000000.jsonl") == nil
        {
          seen.withLock { $0 = true }
        }
      })
    #expect(seen.withLock { $0 })
  }

  @Test func stagesAreTimedWhenAsked() throws {
    let folder = try TestFolder()
    var options = testOptions(folder, 0..<4)
    options.isTimed = true
    let summary = try renderDataset(testSource(), options, renderer: testRenderer)
    #expect(summary.times.stages.map(\.name).contains("PNG depth"))
    #expect(summary.times.stages.allSatisfy { $0.time >= .zero })
  }
}
