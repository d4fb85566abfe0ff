// Exporting: from a dataset on disk to folders in other people's formats.
//
// Records are read once, in order of frames, by several threads ahead of the one that writes, and handed to every format that
// was asked for. One format is written into the folder itself, several into a folder each inside it. The folder is made under
// a hidden name beside it and gets its own when all is whole.

import Annotators
import Formats
import Glibc

/// - Parameters:
///   - out: the folder to be made; its enclosing folder is made where it is missing.
///   - replaces: whether an earlier export may be replaced.
///   - meshes: of the dataset's frames, for formats that hold models.
///   - usesSplits: whether the dataset's splits become the format's; without any, all frames are `train`.
/// - Returns: a report a format; nil where it was stopped, and nothing is left.
public func exportDataset(
  _ dataset: Dataset, formats: [any FormatWriter.Type], options: ExportOptions, out: String, replaces: Bool = false,
  meshes: MeshSource? = nil, usesSplits: Bool = true, threads: Int = 1, shouldStop: () -> Bool = { false }
) throws(DatasetError) -> [ExportReport]? {
  let source = try realPath(dataset.folder)
  var path = out
  while path.count > 1, path.hasSuffix("/") { path.removeLast() }
  let enclosing = FileSystem.enclosing(path)
  try DatasetError.files { () throws(FileError) in try FileSystem.makeFolder(enclosing) }
  let parent = try realPath(enclosing)
  let final = (parent == "/" ? "" : parent) + "/" + String(path.split(separator: "/").last ?? "")
  guard final != source else { throw .refused("\(out): found the dataset's own folder, expected another") }
  let staging = try DatasetError.files { () throws(FileError) in try StagingFolder(dataset: parent) }
  defer { staging.remove() }
  var splits = usesSplits ? try SplitLists(dataset) : nil
  let folder = try DatasetError.formats { () throws(FormatError) in try ExportFolder(final, replaces: replaces) }
  var exporters: [Exporter] = []
  for format in formats {
    let own = formats.count == 1 ? "" : "/" + format.name
    exporters.append(
      try DatasetError.formats { () throws(FormatError) in
        try FormatError.files { () throws(FileError) in try FileSystem.makeFolder(folder.temporary + own) }
        return try Exporter(
          format, dataset.header.description, options, splits: splits?.names ?? ["train"],
          folder: folder.temporary + own, final: folder.path + own,
          files: SourceFiles(folder: source, link: options.link), meshes: meshes)
      })
  }
  var (isStopped, last) = (false, -1)
  try dataset.forEachRecord(threads: threads) { record throws(DatasetError) in
    isStopped = shouldStop()
    guard !isStopped else { return false }
    guard record.frame > last else {
      throw .damaged(
        file: dataset.folder + "/" + DatasetLayout.chunkFile(record.frame / dataset.header.chunk),
        "found frame \(record.frame) after frame \(last), expected ascending order")
    }
    last = record.frame
    let split = try splits?.part(of: record.frame) ?? 0
    for e in exporters { try DatasetError.formats { () throws(FormatError) in try e.add(record, split: split) } }
    return true
  }
  guard !isStopped else { return nil }
  guard last >= 0 else { throw .refused("\(dataset.folder): found no frames, expected one or more") }
  return try DatasetError.formats { () throws(FormatError) in
    var reports: [ExportReport] = []
    for e in exporters { reports.append(try e.finish()) }
    try folder.commit()
    return reports
  }
}

/// The absolute path of something that is there, without symbolic links.
private func realPath(_ path: String) throws(DatasetError) -> String {
  guard let real = realpath(path, nil) else { throw .file(FileError(path, "open")) }
  defer { free(real) }
  return String(cString: real)
}
