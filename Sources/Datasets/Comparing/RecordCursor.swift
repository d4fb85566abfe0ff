import Annotators
import Formats

/// Reads a dataset's records one after the other, in order of frames, with one chunk's in memory.
struct RecordCursor {
  let dataset: Dataset
  private let threads: Int
  private var chunks: ArraySlice<Int>
  private var records: ArraySlice<FrameRecord> = []

  init(_ dataset: Dataset, threads: Int) throws(DatasetError) {
    (self.dataset, self.threads) = (dataset, threads)
    chunks = try dataset.chunks()[...]
  }

  /// The next record, which stays the next one until `advance`; nil at the end.
  mutating func peek() throws(DatasetError) -> FrameRecord? {
    while records.isEmpty, let chunk = chunks.popFirst() {
      let path = dataset.folder + "/" + DatasetLayout.chunkFile(chunk)
      var found: [FrameRecord] = []
      _ = try readRecords(path, threads: threads) { record, line throws(DatasetError) in
        try dataset.check(record, at: path, line, chunk: chunk)
        if let last = found.last, last.frame >= record.frame {
          throw .damaged(
            file: path, "\(line): found frame \(record.frame) after \(last.frame), expected ascending order")
        }
        found.append(record)
        return true
      }
      records = found[...]
    }
    return records.first
  }

  mutating func advance() { records = records.dropFirst() }
}
