// `export.json` in an exported folder: what was exported, and what was lost on the way. It says nothing of when or where.

import Documents
import Imaging
import Stage

/// Something that an export does not hand on.
public struct ExportLoss: Equatable, Sendable {
  public var content: FormatContent
  /// In words.
  public var reason: String
  /// How many instances or frames it concerns; nil for all.
  public var count: Int?
  /// Of the shapes written with those meant: the least and the sum, over `count`.
  public var leastIoU: Double?
  public var sumIoU = 0.0

  public var meanIoU: Double? { leastIoU.map { _ in sumIoU / Double(max(count ?? 1, 1)) } }
}

/// What an export did.
public struct ExportReport: Equatable, Sendable {
  public struct Split: Equatable, Sendable {
    public var name: String
    public var frames = 0
    /// Visible instances within the thresholds, by class, from id 1.
    public var instances: [Int]
  }

  public var format: String
  public var scene: String
  public var source: Digest
  public var classes: [Stage.Category]
  public var splits: [Split]
  public var options: [(String, String)] = []
  /// Visible instances below the thresholds.
  public var ignored = 0
  /// What became of those, in words.
  public var ignoredAs: String
  /// Instances of dropped classes.
  public var dropped = 0
  public var losses: [ExportLoss] = []

  public var frames: Int { splits.reduce(0) { $0 + $1.frames } }
  public var instances: Int { splits.reduce(0) { $0 + $1.instances.reduce(0, +) } }

  /// How the file begins: by this an export is known.
  static let opening = Array("{\"format\":\"diorama-export\",".utf8)

  /// The same, up to and with the format's name.
  static func opening(writer: String) -> [UInt8] { opening + "\"version\":1,\"writer\":\"\(writer)\",".utf8 }

  public static func == (a: ExportReport, b: ExportReport) -> Bool { a.json == b.json }

  public var json: [UInt8] {
    var w = JSONWriter()
    w.beginObject()
    w.member("format", "diorama-export")
    w.member("version", 1)
    w.member("writer", format)
    w.member("scene", scene)
    w.member("source", source.description)
    w.key("options")
    w.beginObject()
    for (name, value) in options {
      w.key(text: name)
      w.string(value)
    }
    w.endObject()
    w.key("classes")
    w.beginArray()
    for c in classes {
      w.beginObject()
      w.member("id", c.id)
      w.member("name", c.name)
      w.endObject()
    }
    w.endArray()
    w.key("splits")
    w.beginArray()
    for s in splits {
      w.beginObject()
      w.member("name", s.name)
      w.member("frames", s.frames)
      w.key("instances")
      w.beginArray()
      for n in s.instances { w.integer(n) }
      w.endArray()
      w.endObject()
    }
    w.endArray()
    w.member("below_thresholds", ignored)
    w.member("below_thresholds_as", ignoredAs)
    w.member("dropped", dropped)
    w.key("losses")
    w.beginArray()
    for l in losses {
      w.beginObject()
      w.member("content", l.content.rawValue)
      w.member("reason", l.reason)
      if let n = l.count {
        w.member("count", n)
      }
      if let least = l.leastIoU, let mean = l.meanIoU {
        w.member("least_iou", least)
        w.member("mean_iou", mean)
      }
      w.endObject()
    }
    w.endArray()
    w.endObject()
    w.newline()
    return w.bytes
  }
}
