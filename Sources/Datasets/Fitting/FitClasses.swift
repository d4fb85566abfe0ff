import Documents
import Formats

/// A real set's statistics over the classes that a scene has too.
public struct FitClasses: Sendable {
  /// Under the scene's names, in its order.
  public var statistics: AnnotationStatistics
  /// Classes that only one side has.
  public var notes: [String]

  /// - Parameters:
  ///   - path: a COCO annotation file.
  ///   - categories: the scene's classes.
  ///   - names: what classes of the file are called in the scene, where that is not the same.
  /// - Throws: where the file is not to be read, or has no class of the scene.
  public init(coco path: String, categories: [String], names: [String: String] = [:]) throws(DatasetError) {
    for (theirs, ours) in names.sorted(by: { $0.key < $1.key }) where !categories.contains(ours) {
      throw .refused("--map \(theirs)=\(ours): " + FitClasses.missing(ours, among: categories, of: "the scene"))
    }
    var seen: [String] = []
    let read = try DatasetError.formats { () throws(FormatError) in
      try COCOImport(path: path) { name in
        seen.append(name)
        return names[name] ?? (categories.contains(name) ? name : nil)
      }
    }
    for theirs in names.keys.sorted() where !seen.contains(theirs) {
      throw .refused("--map \(theirs)=\(names[theirs] ?? ""): " + FitClasses.missing(theirs, among: seen, of: path))
    }
    statistics = read.statistics
    notes = []
    let common = Set(read.statistics.classes.map(\.name))
    guard !common.isEmpty else {
      throw .refused(
        "\(path): found the classes \(FitClasses.listed(seen)) and none of the scene's, expected some of "
          + "\(FitClasses.listed(categories)); --map THEIRS=OURS says which is which")
    }
    guard read.statistics.all.objects > 0 else {
      throw .refused("\(path): found no object of \(FitClasses.listed(common.sorted())), expected some")
    }
    for c in read.leftOut where c.annotations > 0 {
      let near = nearestName(to: c.name, among: categories.filter { !common.contains($0) })
      notes.append(
        "class \"\(c.name)\" of the target (\(c.annotations) annotations) is not in the scene, and is left out"
          + (near.map { "; is it \"\($0)\"? (--map \(c.name)=\($0))" } ?? ""))
    }
    for c in categories where !common.contains(c) {
      notes.append(
        "class \"\(c)\" of the scene is not in the target: its share and its objects stay out of the comparison")
    }
  }

  private static func missing(_ name: String, among known: [String], of what: String) -> String {
    "found no class \"\(name)\" in \(what), expected one of \(listed(known))"
      + (nearestName(to: name, among: known).map { "; did you mean \"\($0)\"?" } ?? "")
  }

  private static func listed(_ names: [String]) -> String {
    names.isEmpty
      ? "none" : names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", ... (\(names.count))" : "")
  }
}
