// `voc`: Pascal VOC 2012.
//
//     VOCdevkit/VOC2012/
//       Annotations/000012.xml
//       JPEGImages/000012.jpg             .png with --pictures png; torchvision and others have .jpg in their code
//       ImageSets/Main/SPLIT.txt          000012
//       ImageSets/Main/CLASS_SPLIT.txt    000012  1: 1 shown, 0 shown but only difficult, -1 not shown
//       ImageSets/Segmentation/SPLIT.txt
//       SegmentationClass/000012.png      palette images: class id; 0 background, 255 void
//       SegmentationObject/000012.png     palette images: k for the k-th object of the XML
//       labelmap.txt                      the classes with their colours
//
// - Boxes are whole numbers from 1, both ends included: xmin = x + 1, xmax = x + w.
// - `truncated` and `occluded` follow from the annotation `visibility`: 1 where any of the object lies beyond the picture, and
//   where less than 95 % of what lies inside is seen. Without it they are 0, which is reported.
// - An instance below the thresholds is `difficult`, and void in the images.
// - Pixels of classes that are dropped are background.

import Annotators
import ImageCoding
import Imaging
import Stage

final class VOCFormat: FormatWriter {
  static let manual = FormatManual(
    name: "voc", summary: "Pascal VOC 2012: XML boxes, palette images of classes and objects, lists by class.",
    carries: [
      .boxes: .carried, .masks: .carried, .instance: .carried, .semantic: .carried,
      .visibility: .lossy("two bits, truncated and occluded"),
    ], ignored: "difficult 1, and void in the images", pictures: [.jpeg, .png],
    limits: "At most 254 classes, and 254 visible objects a picture.")

  private static let root = "VOCdevkit/VOC2012"
  private static let void: UInt8 = 255

  private let export: FormatExport
  private let palette: [(UInt8, UInt8, UInt8)]
  private var main: [OutputFile] = []
  private var segmentation: [OutputFile] = []
  /// Of each split, a line a frame: its number and a character a class.
  private var shown: [OutputFile] = []
  private var xml = XMLWriter()

  init(_ export: FormatExport) throws(FormatError) {
    self.export = export
    palette = (0..<256).map(VOCPalette.color)
    let classes = export.classes.list
    guard classes.count < Int(VOCFormat.void) else {
      throw .refused("voc: found \(classes.count) classes, expected at most 254; --classes puts them together")
    }
    for c in classes where c.name.contains("/") || c.name.hasPrefix(".") {
      throw .refused("voc: found the class \"\(c.name)\", expected a name that a file can have; --classes renames it")
    }
    if !export.has("visibility") {
      export.loseAll(.boxes, "truncated and occluded are 0: the dataset has no annotation visibility")
    }
    let root = VOCFormat.root
    for split in export.splits {
      main.append(try export.stream("\(root)/ImageSets/Main/\(split).txt"))
      segmentation.append(try export.stream("\(root)/ImageSets/Segmentation/\(split).txt"))
      shown.append(try export.stream("\(root)/ImageSets/Main/.shown-\(split)"))
    }
    var map = "# label:color_rgb:parts:actions\nbackground:0,0,0::\n"
    for c in classes {
      let (r, g, b) = palette[c.id]
      map += "\(c.name):\(r),\(g),\(b)::\n"
    }
    try export.write(Array(map.utf8), to: root + "/labelmap.txt")
  }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    let record = frame.record
    let root = VOCFormat.root
    let picture = try export.placePicture(of: frame, in: root + "/JPEGImages")
    var classes = Plane<UInt8>(width: record.width, height: record.height, repeating: 0)
    var objects = classes
    var states = [UInt8](repeating: UInt8(ascii: "-"), count: export.classes.list.count)
    xml.removeAll()
    xml.begin("annotation")
    xml.element("folder", "VOC2012")
    xml.element("filename", String(picture.split(separator: "/").last ?? ""))
    xml.begin("source")
    xml.element("database", export.dataset.name)
    xml.element("annotation", "Diorama")
    xml.element("image", "Diorama")
    xml.end()
    xml.begin("size")
    xml.element("width", record.width)
    xml.element("height", record.height)
    xml.element("depth", 3)
    xml.end()
    xml.element("segmented", 1)
    var count = 0
    for i in frame.instances {
      guard let box = i.record.box else { continue }
      count += 1
      guard count < Int(VOCFormat.void) else {
        throw .refused("voc: frame \(record.frame): found more than 254 visible objects, expected no more")
      }
      writeObject(i, box)
      if !i.isIgnored {
        states[i.category - 1] = UInt8(ascii: "+")
      } else if states[i.category - 1] == UInt8(ascii: "-") {
        states[i.category - 1] = UInt8(ascii: "0")
      }
      let (c, k) = i.isIgnored ? (VOCFormat.void, VOCFormat.void) : (UInt8(i.category), UInt8(count))
      let mask = try frame.mask(of: i)
      mask.paint(c, into: &classes)
      mask.paint(k, into: &objects)
    }
    xml.end()
    try export.write(xml.text, to: "\(root)/Annotations/\(frame.number).xml")
    for (folder, plane) in [("SegmentationClass", classes), ("SegmentationObject", objects)] {
      let palette = palette
      try export.writePNG(to: "\(root)/\(folder)/\(frame.number).png") { e throws(ImageCodingError) in
        try e.write(plane, palette: palette)
      }
    }
    let line = Array("\(frame.number)".utf8)
    let split = frame.split
    try FormatError.files { () throws(FileError) in
      try main[split].write(line + [0x0A])
      try segmentation[split].write(line + [0x0A])
      try shown[split].write(line + [0x20] + states + [0x0A])
    }
  }

  private func writeObject(_ i: ExportedInstance, _ box: PixelBox) {
    let visibility = i.record.values.visibility
    xml.begin("object")
    xml.element("name", export.classes.list[i.category - 1].name)
    xml.element("pose", "Unspecified")
    xml.element("truncated", visibility?.truncation ?? 0 > 0 ? 1 : 0)
    xml.element("occluded", visibility?.visibility ?? 1 < 0.95 ? 1 : 0)
    xml.element("difficult", i.isIgnored ? 1 : 0)
    xml.begin("bndbox")
    xml.element("xmin", box.x + 1)
    xml.element("ymin", box.y + 1)
    xml.element("xmax", box.x + box.width)
    xml.element("ymax", box.y + box.height)
    xml.end()
    xml.end()
  }

  /// The lists by class are made from the states of all frames, one class after another: a file each at a time, whatever
  /// their number.
  func finish() throws(FormatError) {
    for (s, split) in export.splits.enumerated() {
      try FormatError.files { () throws(FileError) in
        for file in [main[s], segmentation[s], shown[s]] { try file.commit(sync: false) }
      }
      for c in export.classes.list {
        let file = try export.stream("\(VOCFormat.root)/ImageSets/Main/\(c.name)_\(split).txt")
        try FormatError.files { () throws(FileError) in
          let reader = try LineReader(shown[s].path)
          while let line = try reader.nextLine() {
            let parts = line.split(separator: 0x20)
            let state = parts[1][parts[1].startIndex + c.id - 1]
            let text = state == UInt8(ascii: "+") ? "  1\n" : state == UInt8(ascii: "0") ? "  0\n" : " -1\n"
            try file.write(Array(parts[0]) + text.utf8)
          }
          try file.commit(sync: false)
        }
      }
      FileSystem.remove(shown[s].path)
    }
  }
}
