// Putting shards together: one dataset of all frames, shown to be complete, with its annotations.
//
// - Sources must agree in scene, seed, render version, chunk size and layout. Frames that are there twice must agree in
//   every label and every pixel's digest.
// - Files are linked into the merged dataset, or copied where links cannot be made; each chunk is committed as when it is
//   rendered, so a merge that was stopped goes on when it is run again.
// - Then every record is read once, in order of frames: its source, its own digest and the sizes of its files are checked
//   (with `isChecked` the pixels too), and it goes on to the writers of annotations. Memory does not grow with the number
//   of frames.

import Annotators
import Formats
import Glibc

/// - Parameters:
///   - damage: called for everything that is not as its record says; such frames count as missing.
/// - Throws: `.refused` where sources do not belong together or disagree.
public func mergeDatasets(
  _ options: MergeOptions, shouldStop: () -> Bool = { false }, damage: (String) -> Void = { _ in }
) throws(DatasetError) -> MergeReport {
  guard let first = options.sources.first else { throw .refused("found no dataset to merge, expected one or more") }
  let header = try Dataset(folder: first).header
  var sources: [String] = []
  for folder in options.sources {
    if let difference = try Dataset(folder: folder).header.difference(from: header) {
      throw .refused("\(folder): found a dataset of \(difference), expected one like \(first)")
    }
    if !isSameFolder(folder, options.out) { sources.append(folder) }
  }
  var report = MergeReport()
  var fresh = header
  fresh.counts = nil
  let (found, staging) = try openFolder(options.out, fresh, isDurable: options.isDurable)
  defer { staging.remove() }
  if let difference = found.difference(from: header) {
    throw .refused("\(options.out): found a dataset of \(difference), expected one like \(first), or none")
  }
  let gatherer = ChunkGatherer(
    sources: sources, out: options.out, header: found, staging: staging, isDurable: options.isDurable)
  for chunk in try gatherer.chunks() {
    guard !shouldStop() else {
      report.isStopped = true
      return report
    }
    try gatherer.gather(chunk)
  }
  var examination = try DatasetExamination(options)
  report = try examination.run(shouldStop: shouldStop, damage: damage)
  return report
}

private func isSameFolder(_ a: String, _ b: String) -> Bool {
  var (x, y) = (stat(), stat())
  return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino
}
