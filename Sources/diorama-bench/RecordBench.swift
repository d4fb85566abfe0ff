import Annotators
import Datasets
import Formats
import Glibc
import Sampling

/// A dataset of many records and no images, for measuring what merging takes: the records of a few real frames, over and
/// over, under other frame numbers.
enum RecordBench {
  /// Frames that the records are taken from.
  static let frames = 8

  /// Makes the dataset in `folder`, which must not be there.
  static func write(_ count: Int, scene path: String, to folder: String) throws(BenchError) {
    let small = folder + ".small"
    defer { FileSystem.removeTree(small) }
    do throws(DatasetError) {
      let scene: CompiledScene
      do { scene = try CompiledScene.load(path: path, overrides: SceneOverrides(width: 160, height: 120)) } catch {
        throw .refused(error.description)
      }
      let source: FrameSource
      do { source = try FrameSource(scene) } catch { throw .refused(error.description) }
      let options = RenderOptions(folder: small, frames: 0..<frames, threads: 1, chunk: 1000)
      _ = try renderDataset(source, options, renderer: standardRenderer())
      var records: [FrameRecord] = []
      try Dataset(folder: small).forEachRecord { record throws(DatasetError) in
        records.append(record)
        return true
      }
      do throws(FileError) {
        try FileSystem.makeFolder(folder + "/chunks")
        try createOnce(folder + "/dataset.json", try FileSystem.read(small + "/dataset.json"))
        for start in stride(from: 0, to: count, by: 1000) {
          let digits = String(start / 1000)
          let name = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
          let file = try OutputFile("\(folder)/chunks/\(name).jsonl")
          for n in start..<min(start + 1000, count) {
            var record = records[n % records.count]
            record.frame = n
            try file.write(record.line)
          }
          try file.commit(sync: false)
        }
      } catch { throw .file(error) }
    } catch { throw BenchError(message: "\(error)", code: error.exitCode) }
  }
}
