import Annotators
import Testing

@testable import Formats

/// What holds for every standing format: two derivations give the same bytes, an abandoned one leaves no file, no file
/// speaks of where it was made, and the format's own reader finds in the files what the records hold.
///
/// - Parameter read: gets the files by relative path and the records, and expects their agreement.
func checkStandingFormat(
  _ format: any StandingFormat.Type, records: [FrameRecord] = testRecords(23),
  read: ([String: [UInt8]], [FrameRecord]) throws -> Void
) throws {
  #expect(standingFormats.count { $0.name == format.name } == 1, "\(format.name) is registered once")
  for records in [records, [], Array(records.prefix(1))] {
    let (first, second, abandoned) = (try TestFolder(), try TestFolder(), try TestFolder())
    for folder in [first, second] {
      let writer = try format.init(testDataset, folder: folder.path)
      for r in records { try writer.add(r) }
      try writer.finish()
    }
    try abandon(format, records, abandoned.path)
    let files = try first.files()
    #expect(try second.files() == files)
    #expect(try abandoned.files().isEmpty)
    for (name, bytes) in files {
      #expect(!String(decoding: bytes, as: UTF8.self).contains(first.path), "\(name) holds an absolute path")
    }
    try read(files, records)
  }
}

private func abandon(_ format: any StandingFormat.Type, _ records: [FrameRecord], _ folder: String) throws {
  let writer = try format.init(testDataset, folder: folder)
  for r in records { try writer.add(r) }
}
