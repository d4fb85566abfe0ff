// What a set of annotated pictures looks like in numbers: the same types for rendered sets and for real ones, so that the two can
// be held against each other. Memory grows with pictures (a few words each), and until `finish` by 16 bytes an object: boxes of one
// picture come in any order, and how far they overlap is known when all are there.
//
// - A box is taken as its part inside the picture. Sizes are shares of the picture: the size of a box is the square root of its
//   share of the picture's area, from 0 to 1, and does not depend on resolution.
// - Areas in pixels are the masks'; small, medium and large are COCO's: below 32^2, below 96^2 and above.
// - Crowds (iscrowd) are counted and enter nothing else.
// - Overlap stands for occlusion, of which most files of others say nothing: the largest share of an object's box that the box of
//   one other object of the same picture covers.

import Annotators
import Geometry
import Stage

/// An object of a picture, as statistics see it.
public struct ObjectSample: Sendable {
  /// Index of its class.
  public var category: Int
  /// x, y, width and height in pixels, inside the picture; of no zero size.
  public var box: (x: Double, y: Double, width: Double, height: Double)
  /// Of its mask, or of its box where there is no mask; in pixels.
  public var area: Double
  public var isCrowd: Bool

  public init(
    category: Int, box: (x: Double, y: Double, width: Double, height: Double), area: Double, isCrowd: Bool = false
  ) {
    (self.category, self.box, self.area, self.isCrowd) = (category, box, area, isCrowd)
  }
}

public struct AnnotationStatistics: Equatable, Sendable {
  /// What is counted of a class, or of all.
  public struct Shapes: Equatable, Sendable {
    public var objects = 0
    public var crowds = 0
    /// Pictures that show any, crowds not counted.
    public var images = 0
    public var small = 0
    public var medium = 0
    public var large = 0
    /// Objects whose box reaches the border of the picture.
    public var atBorder = 0
    /// Square root of the box's share of the picture.
    public var size = Histogram(0...1, bins: 40)
    /// log2 of width over height.
    public var aspect = Histogram(-4...4, bins: 32)
    /// The mask's share of its box.
    public var fill = Histogram(0...1, bins: 20)
    /// Of the box's centre, as a share of the picture.
    public var x = Histogram(0...1, bins: 20)
    public var y = Histogram(0...1, bins: 20)
    /// The largest share of the box that another box covers. Of pictures with more than `overlapLimit` objects the first so many
    /// are counted.
    public var overlap = Histogram(0...1, bins: 20)

    public init() {}
  }

  /// A class with its name.
  public struct Class: Equatable, Sendable {
    /// As the source numbers it.
    public var id: Int
    public var name: String
    public var shapes = Shapes()
  }

  public private(set) var classes: [Class]
  public private(set) var all = Shapes()
  /// Centres of boxes, rows from the top, `gridSide` by `gridSide`.
  public private(set) var centres = [Int](repeating: 0, count: gridSide * gridSide)
  public static let gridSide = 16
  /// How many pictures have so many objects, and so many classes; from 0.
  public private(set) var objectsPerImage: [Int] = []
  public private(set) var classesPerImage: [Int] = []
  /// How many pictures show two classes; the lower index first.
  public private(set) var together: [ClassPair: Int] = [:]
  /// How many pictures have a size.
  public private(set) var sizes: [PictureSize: Int] = [:]

  public struct ClassPair: Hashable, Sendable, Comparable {
    public var first: Int
    public var second: Int
    public static func < (a: ClassPair, b: ClassPair) -> Bool { (a.first, a.second) < (b.first, b.second) }
  }

  public struct PictureSize: Hashable, Sendable, Comparable {
    public var width: Int
    public var height: Int
    public static func < (a: PictureSize, b: PictureSize) -> Bool { (a.width, a.height) < (b.width, b.height) }
  }

  /// What is known of a picture until all its objects have come, in whatever order.
  private struct Picture: Equatable {
    var size: PictureSize
    var objects = 0
    /// Indices of the classes that it shows, each once, in the order in which they came.
    var classes: [Int32] = []
  }
  private var pictures: [Picture] = []
  /// Empty once the set is finished.
  private var boxes: [PlacedBox] = []
  /// Pairs are compared, so that a picture's cost grows with the square of its objects: what nobody drew by hand is cut off.
  public static let overlapLimit = 1000

  public init(classes: [(id: Int, name: String)]) { self.classes = classes.map { Class(id: $0.id, name: $0.name) } }

  public var images: Int { pictures.count }
  /// Pictures without an object, crowds not counted.
  public var empty: Int { pictures.count { $0.objects == 0 } }

  /// - Returns: the picture's index, for its objects.
  public mutating func addImage(width: Int, height: Int) -> Int {
    pictures.append(Picture(size: PictureSize(width: width, height: height)))
    return pictures.count - 1
  }

  /// The size of a picture.
  public func size(ofImage image: Int) -> PictureSize { pictures[image].size }

  public mutating func add(_ object: ObjectSample, toImage image: Int) {
    let c = object.category
    guard !object.isCrowd else {
      all.crowds += 1
      classes[c].shapes.crowds += 1
      return
    }
    let isNew = !pictures[image].classes.contains(Int32(c))
    if isNew { pictures[image].classes.append(Int32(c)) }
    if pictures[image].objects == 0 { all.images += 1 }
    pictures[image].objects += 1
    if isNew { classes[c].shapes.images += 1 }
    let size = pictures[image].size
    all.add(object, size)
    classes[c].shapes.add(object, size)
    if pictures[image].objects <= AnnotationStatistics.overlapLimit {
      boxes.append(PlacedBox(object, size, image: image))
    }
    let side = Double(AnnotationStatistics.gridSide)
    let (x, y) = object.centre(size)
    let (column, row) = (min(Int(x * side), Int(side) - 1), min(Int(y * side), Int(side) - 1))
    centres[row * AnnotationStatistics.gridSide + column] += 1
  }

  /// Counts what is known of a picture only when all its objects have come; to be called once, at the end.
  public mutating func finish() {
    for p in pictures {
      AnnotationStatistics.count(p.objects, in: &objectsPerImage)
      AnnotationStatistics.count(p.classes.count, in: &classesPerImage)
      sizes[p.size, default: 0] += 1
      let sorted = p.classes.sorted()
      for (i, a) in sorted.enumerated() {
        for b in sorted[(i + 1)...] { together[ClassPair(first: Int(a), second: Int(b)), default: 0] += 1 }
      }
    }
    PlacedBox.forEachOverlap(&boxes) { category, share in
      all.overlap.add(share)
      classes[category].shapes.overlap.add(share)
    }
    boxes = []
  }

  private static func count(_ n: Int, in list: inout [Int]) {
    if list.count <= n { list += repeatElement(0, count: n + 1 - list.count) }
    list[n] += 1
  }
}

extension ObjectSample {
  /// Of its box, as a share of the picture.
  fileprivate func centre(_ size: AnnotationStatistics.PictureSize) -> (x: Double, y: Double) {
    ((box.x + box.width / 2) / Double(size.width), (box.y + box.height / 2) / Double(size.height))
  }
}

extension AnnotationStatistics.Shapes {
  fileprivate mutating func add(_ o: ObjectSample, _ picture: AnnotationStatistics.PictureSize) {
    objects += 1
    switch o.area {
    case ..<1024: small += 1
    case ..<9216: medium += 1
    default: large += 1
    }
    let (w, h) = (Double(picture.width), Double(picture.height))
    if o.box.x <= 0 || o.box.y <= 0 || o.box.x + o.box.width >= w || o.box.y + o.box.height >= h { atBorder += 1 }
    size.add((o.box.width * o.box.height / (w * h)).squareRoot())
    aspect.add(StableMath.log2(o.box.width / o.box.height))
    fill.add(o.area / (o.box.width * o.box.height))
    let (cx, cy) = o.centre(picture)
    x.add(cx)
    y.add(cy)
  }
}

extension AnnotationStatistics {
  /// Adds a rendered frame: its visible instances.
  ///
  /// - Precondition: the classes are the dataset's, in order of id from 1.
  public mutating func add(_ record: FrameRecord) {
    let image = addImage(width: record.width, height: record.height)
    for i in record.instances {
      guard let b = i.box, classes.indices.contains(i.category - 1) else { continue }
      add(
        ObjectSample(
          category: i.category - 1, box: (Double(b.x), Double(b.y), Double(b.width), Double(b.height)),
          area: Double(i.visiblePixels)), toImage: image)
    }
  }
}
