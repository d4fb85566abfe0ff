// croissant.json: Croissant Format Specification 1.0, "Dataset-level information", "Resources" and "RecordSets".

import Documents
import Stage

struct CroissantDocument {
  /// A table of the export, and a record set of the document.
  struct Table {
    struct Field {
      var name: String
      var type: String
      var meaning: String
      /// The list of the document that its values are from. One table does not refer to the other: mlcroissant 1.1 would then
      /// join the two, and ends with an error where both refer to lists as well.
      var references: String?

      init(_ name: String, _ type: String, _ meaning: String, references: String? = nil) {
        (self.name, self.type, self.meaning, self.references) = (name, type, meaning, references)
      }
    }

    var name: String
    var meaning: String
    var fields: [Field]
    var file: String { name + ".csv" }
  }

  static let images = Table(
    name: "images", meaning: "A record a picture.",
    fields: [
      .init("image_id", "sc:Integer", "The frame's number."),
      .init("split", "sc:Text", "The split that the picture belongs to.", references: "splits/name"),
      .init("file_name", "sc:Text", "The picture's file in images/."),
      .init("width", "sc:Integer", "In pixels."),
      .init("height", "sc:Integer", "In pixels."),
      .init("sha256", "sc:Text", "Of the picture's file."),
    ])

  static let objects = Table(
    name: "objects", meaning: "A record a visible instance.",
    fields: [
      .init("id", "sc:Integer", "Unique in the dataset: image_id * 65536 + the instance's number in its picture."),
      .init("image_id", "sc:Integer", "The picture that shows it: images/image_id."),
      .init("split", "sc:Text", "The split that the picture belongs to.", references: "splits/name"),
      .init("category_id", "sc:Integer", "Its class, from 1.", references: "categories/id"),
      .init("category", "sc:Text", "The name of its class."),
      .init("x", "sc:Integer", "Left edge of the visible pixels."),
      .init("y", "sc:Integer", "Top edge of the visible pixels."),
      .init("width", "sc:Integer", "Of the visible pixels' bounds."),
      .init("height", "sc:Integer", "Of the visible pixels' bounds."),
      .init("area", "sc:Integer", "The number of visible pixels."),
      .init("iscrowd", "sc:Integer", "1 for an instance below the export's thresholds."),
      .init(
        "segmentation", "sc:Text",
        "The visible pixels: the counts of COCO's compressed run lengths, for the size [height, width] of the picture."),
    ])

  var export: FormatExport
  var frames: Int
  var imagesHash: String
  var objectsHash: String

  /// The context of the specification, as far as the document uses it and readers look for it. A text is an id; other terms have
  /// a type as well.
  private static let context: [(String, String, String?)] = [
    ("citeAs", "cr:citeAs", nil), ("column", "cr:column", nil), ("conformsTo", "dct:conformsTo", nil),
    ("cr", "http://mlcommons.org/croissant/", nil), ("rai", "http://mlcommons.org/croissant/RAI/", nil),
    ("data", "cr:data", "@json"), ("dataType", "cr:dataType", "@vocab"), ("dct", "http://purl.org/dc/terms/", nil),
    ("examples", "cr:examples", "@json"), ("extract", "cr:extract", nil), ("field", "cr:field", nil),
    ("fileProperty", "cr:fileProperty", nil), ("fileObject", "cr:fileObject", nil), ("fileSet", "cr:fileSet", nil),
    ("format", "cr:format", nil), ("includes", "cr:includes", nil), ("isLiveDataset", "cr:isLiveDataset", nil),
    ("jsonPath", "cr:jsonPath", nil), ("key", "cr:key", nil), ("md5", "cr:md5", nil),
    ("parentField", "cr:parentField", nil),
    ("path", "cr:path", nil), ("recordSet", "cr:recordSet", nil), ("references", "cr:references", nil),
    ("regex", "cr:regex", nil), ("repeated", "cr:repeated", nil), ("replace", "cr:replace", nil),
    ("sc", "https://schema.org/", nil), ("separator", "cr:separator", nil), ("source", "cr:source", nil),
    ("subField", "cr:subField", nil), ("transform", "cr:transform", nil),
  ]

  var json: [UInt8] {
    var w = JSONWriter()
    w.beginObject()
    w.object("@context") { w in
      w.member("@language", "en")
      w.member("@vocab", "https://schema.org/")
      for (term, id, type) in CroissantDocument.context {
        guard let type else {
          w.member(term, id)
          continue
        }
        w.object(term) { w in
          w.member("@id", id)
          w.member("@type", type)
        }
      }
    }
    w.member("@type", "sc:Dataset")
    w.member("conformsTo", "http://mlcommons.org/croissant/1.0")
    w.member("name", export.dataset.name)
    w.member(
      "description",
      "\(frames) frames of the scene \(export.dataset.name), seed \(export.dataset.seed), rendered by Diorama (render version "
        + "\(export.dataset.renderVersion)). Source \(export.dataset.source).")
    w.member("version", "1.0.0")
    w.member("citeAs", export.dataset.title)
    for (name, value) in [
      ("license", export.options.license), ("url", export.options.url), ("datePublished", export.options.date),
    ] {
      if let value { w.member(name, value) }
    }
    w.key("distribution")
    w.beginArray()
    for (table, hash) in [(CroissantDocument.images, imagesHash), (CroissantDocument.objects, objectsHash)] {
      w.resource("cr:FileObject", table.file, name: table.file, table.meaning) { w in
        w.member("contentUrl", table.file)
        w.member("encodingFormat", "text/csv")
        w.member("sha256", hash)
      }
    }
    let isPNG = export.pictures == .png
    w.resource("cr:FileSet", "pictures", name: "pictures", "The pictures.") { w in
      w.member("encodingFormat", isPNG ? "image/png" : "image/jpeg")
      w.member("includes", "images/*.\(export.pictures.ending)")
    }
    w.endArray()
    w.key("recordSet")
    w.beginArray()
    list(
      "splits", "The splits.", type: "cr:Split", key: "name", fields: [.init("name", "sc:Text", "The split's name.")],
      rows: export.splits.map { s in { w in w.member("splits/name", s) } }, to: &w)
    list(
      "categories", "The classes.", type: "sc:Enumeration", key: "id",
      fields: [.init("id", "sc:Integer", "From 1."), .init("name", "sc:Text", "The class's name.")],
      rows: export.classes.list.map { c in
        { w in
          w.key(text: "categories/id")
          w.integer(c.id)
          w.member("categories/name", c.name)
        }
      }, to: &w)
    table(CroissantDocument.images, key: "image_id", to: &w)
    table(CroissantDocument.objects, key: "id", to: &w)
    pictures(to: &w)
    w.endArray()
    w.endObject()
    w.newline()
    return w.bytes
  }

  /// A record set whose records stand in the document.
  private func list(
    _ name: String, _ meaning: String, type: String, key: String, fields: [Table.Field],
    rows: [(inout JSONWriter) -> Void], to w: inout JSONWriter
  ) {
    w.resource("cr:RecordSet", name, name: name, meaning) { w in
      w.member("dataType", type)
      w.object("key") { $0.member("@id", "\(name)/\(key)") }
      w.key(text: "field")
      w.beginArray()
      for f in fields {
        w.resource("cr:Field", "\(name)/\(f.name)", name: f.name, f.meaning) { $0.member("dataType", f.type) }
      }
      w.endArray()
      w.key(text: "data")
      w.beginArray()
      for row in rows {
        w.beginObject()
        row(&w)
        w.endObject()
      }
      w.endArray()
    }
  }

  /// A record set read from a table.
  private func table(_ t: Table, key: String, to w: inout JSONWriter) {
    w.resource("cr:RecordSet", t.name, name: t.name, t.meaning) { w in
      w.object("key") { $0.member("@id", "\(t.name)/\(key)") }
      w.key(text: "field")
      w.beginArray()
      for f in t.fields {
        w.resource("cr:Field", "\(t.name)/\(f.name)", name: f.name, f.meaning) { w in
          w.member("dataType", f.type)
          w.object("source") { w in
            w.object("fileObject") { $0.member("@id", t.file) }
            w.object("extract") { $0.member("column", f.name) }
          }
          if let r = f.references {
            w.object("references") { w in w.object("field") { $0.member("@id", r) } }
          }
        }
      }
      w.endArray()
    }
  }

  /// The pictures themselves, by the names that images.csv has.
  private func pictures(to w: inout JSONWriter) {
    w.resource("cr:RecordSet", "files", name: "files", "A record a picture's file.") { w in
      w.object("key") { $0.member("@id", "files/file_name") }
      w.key(text: "field")
      w.beginArray()
      for (name, type, property, meaning) in [
        ("file_name", "sc:Text", "filename", "As in images/file_name."),
        ("image", "sc:ImageObject", "content", "The picture."),
      ] {
        w.resource("cr:Field", "files/\(name)", name: name, meaning) { w in
          w.member("dataType", type)
          w.object("source") { w in
            w.object("fileSet") { $0.member("@id", "pictures") }
            w.object("extract") { $0.member("fileProperty", property) }
          }
        }
      }
      w.endArray()
    }
  }
}

extension JSONWriter {
  fileprivate mutating func member(_ name: String, _ value: String) {
    key(text: name)
    string(value)
  }

  fileprivate mutating func object(_ name: String, _ body: (inout JSONWriter) -> Void) {
    key(text: name)
    beginObject()
    body(&self)
    endObject()
  }

  /// A node of the document: its type, id, name and description, and more.
  fileprivate mutating func resource(
    _ type: String, _ id: String, name: String, _ description: String, _ body: (inout JSONWriter) -> Void
  ) {
    beginObject()
    member("@type", type)
    member("@id", id)
    member("name", name)
    member("description", description)
    body(&self)
    endObject()
  }
}
