import Annotators
import Documents
import Glibc
import Imaging
import Stage
import Testing

@testable import Formats

@Suite struct ExportTests {
  static func map(_ members: [(String, String?)], others: String? = nil, order: [String]? = nil) throws -> ClassMapping
  {
    var list = [
      Node.Member(
        key: "classes", keyMark: .none,
        value: Node(
          .mapping(
            members.enumerated().map {
              Node.Member(
                key: $1.0, keyMark: Mark(line: $0 + 2, column: 3), value: Node($1.1.map { .string($0) } ?? .null))
            })))
    ]
    if let others { list.append(.init(key: "others", keyMark: .none, value: Node(.string(others)))) }
    if let order {
      list.append(.init(key: "order", keyMark: .none, value: Node(.sequence(order.map { Node(.string($0)) }))))
    }
    return try ClassMap.decode(Node(.mapping(list))).mapping(of: testDataset.categories)
  }

  @Test func classesAreRenamedMergedAndDropped() throws {
    let m = try Self.map([("box", "thing"), ("torus", "thing"), ("sphère", nil)])
    #expect(m.list.map(\.name) == ["thing"] && m.list[0].id == 1 && m.list[0].supercategory == "solid")
    #expect([1, 2, 3].map { m.id(of: $0) } == [1, nil, 1])
    let other = try Self.map([("torus", "ring")], others: "drop")
    #expect(other.list.map(\.name) == ["ring"] && other.id(of: 1) == nil && other.id(of: 3) == 1)
    let ordered = try Self.map([], order: ["torus", "box", "sphère"])
    #expect([1, 2, 3].map { ordered.id(of: $0) } == [2, 3, 1])
  }

  @Test func faultsOfMapsAreNamed() throws {
    let typo = #expect(throws: DocumentError.self) { try Self.map([("box", "a"), ("torsu", "b")]) }
    #expect(typo?.message(files: ["m.yaml"]).contains("m.yaml:3:3: classes: found class \"torsu\"") == true)
    #expect(typo?.suggestion == "torus")
    #expect(throws: DocumentError.self) { try Self.map([("box", nil), ("torus", nil), ("sphère", nil)]) }
    #expect(throws: DocumentError.self) { try Self.map([], order: ["torus", "box"]) }
    #expect(throws: DocumentError.self) { try Self.map([], order: ["torus", "box", "sphère", "box"]) }
    #expect(throws: DocumentError.self) { try Self.map([("box", "")]) }
  }

  @Test func relativePaths() {
    #expect(relativePath(to: "/a/b/c.png", from: "/a/d/e") == "../../b/c.png")
    #expect(relativePath(to: "/a/b/c.png", from: "/a/b") == "c.png")
  }

  /// Whatever way pictures get there, they are the dataset's.
  @Test(arguments: LinkMode.allCases) func picturesAreTheDatasets(link: LinkMode) throws {
    let (set, folder) = (try TestSet(3), try TestFolder())
    var options = ExportOptions()
    options.link = link
    _ = try set.export(COCOFormat.self, options, to: folder.path + "/x")
    for r in set.records {
      let name = "\(folder.path)/x/images/\(sixDigits(r.frame)).png"
      #expect(try FileSystem.read(name) == FileSystem.read("\(set.folder.path)/\(r.planes[0].file)"))
      var s = stat()
      lstat(name, &s)
      #expect((s.st_mode & S_IFMT == S_IFLNK) == (link == .symlink))
      #expect((s.st_nlink > 1) == (link == .hard))
    }
  }

  /// Only what an export made is replaced, and only when asked.
  @Test func nothingElseIsReplaced() throws {
    let (set, folder) = (try TestSet(2), try TestFolder())
    let path = folder.path + "/x"
    try FileSystem.makeFolder(path)
    _ = try set.export(COCOFormat.self, to: path)
    #expect(throws: FormatError.self) { try ExportFolder(path, replaces: false) }
    let again = try ExportFolder(path, replaces: true)
    try createOnce(again.temporary + "/a", [1])
    try again.commit()
    #expect(try folder.files().keys.sorted() == ["x/a"])
    #expect(throws: FormatError.self) { try ExportFolder(path, replaces: true) }
    #expect(throws: FormatError.self) { try ExportFolder(path + "/a", replaces: true) }
  }

  /// Exports of several formats are one export where each lies in the folder of its own format's name; a stranger's among them
  /// makes it none.
  @Test func exportsOfSeveralFormatsAreOne() throws {
    let (set, folder) = (try TestSet(2), try TestFolder())
    let path = folder.path + "/x"
    try FileSystem.makeFolder(path)
    _ = try set.export(COCOFormat.self, to: path + "/coco")
    #expect(ExportFolder.isExport(path))
    _ = try set.export(COCOFormat.self, to: path + "/by-hand")
    #expect(!ExportFolder.isExport(path))
    #expect(throws: FormatError.self) { try ExportFolder(path, replaces: true) }
    #expect(try FileSystem.names(in: path).sorted() == ["by-hand", "coco"])
  }

  /// What comes to lie at the path while the export is made is not replaced.
  @Test func whatCameMeanwhileStays() throws {
    let folder = try TestFolder()
    let export = try ExportFolder(folder.path + "/x", replaces: true)
    try createOnce(export.temporary + "/a", [1])
    try FileSystem.makeFolder(folder.path + "/x")
    try createOnce(folder.path + "/x/mine", [2])
    #expect(throws: FormatError.self) { try export.commit() }
    #expect(try folder.files()["x/mine"] == [2])
  }

  @Test func visibilityIsNamedWhereItIsMissing() throws {
    let (set, folder) = (try TestSet(2), try TestFolder())
    var options = ExportOptions()
    options.minVisibility = 0.5
    let error = #expect(throws: FormatError.self) { try set.export(COCOFormat.self, options, to: folder.path + "/x") }
    #expect("\(error.map { "\($0)" } ?? "")".contains("--annotations boxes,masks,rgb,visibility"))
  }

  /// The page's table is the formats' own.
  @Test func pageHoldsTheTable() throws {
    let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let page = String(decoding: try FileSystem.read(root + "/Documentation/Formats.md"), as: UTF8.self)
    #expect(pageWithFormatTable(page) == page, "diorama formats --update Documentation/Formats.md")
  }

  /// Annotations whose name is not that of a kind are planes of values, or one of the kinds by another name.
  @Test func contentsOfAnnotations() {
    let planes = [
      "albedo", "roughness", "metallic", "emission", "shading", "coverage", "uv", "material", "world_position",
      "camera_position", "object_coordinates",
    ]
    for name in annotatorRegistry.names where name != "rgb" {
      let isPlain = FormatContent(annotation: name) == .planes
      #expect(isPlain == planes.contains(name), "\(name): FormatContent(annotation:) is to name its kind")
    }
  }
}
