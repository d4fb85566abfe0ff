// What a record holds of the picture as a whole, as far as the dataset's annotations ask for it. Nil, and no member in the
// file, where they do not.

import Stage

/// A segment of the panoptic plane.
public struct SegmentRecord: Equatable, Sendable {
  public var id: UInt32
  public var category: Int
  public var isStuff: Bool
  public var pixels: Int
  public var box: PixelBox

  public init(id: UInt32, category: Int, isStuff: Bool, pixels: Int, box: PixelBox) {
    self.id = id
    self.category = category
    self.isStuff = isStuff
    self.pixels = pixels
    self.box = box
  }
}

/// A number of the material plane.
public struct MaterialRecord: Equatable, Sendable {
  public var id: Int
  /// What is made of it, in drawing order; at least one.
  public var users: [User]

  /// A slot of an object.
  public struct User: Equatable, Sendable {
    /// 0 for an object that carries no label.
    public var instance: UInt32
    public var object: String
    public var slot: String

    public init(instance: UInt32, object: String, slot: String) {
      self.instance = instance
      self.object = object
      self.slot = slot
    }
  }

  public init(id: Int, users: [User]) {
    self.id = id
    self.users = users
  }
}

/// What is said of a picture as a whole.
public struct ImageRecord: Equatable, Sendable {
  /// Categories of which anything is seen, in order of id.
  public var classes: [Int]
  /// For every category of the dataset, in order of id: how many objects the frame has, and how many are seen.
  public var counts: [CategoryCount]
  public var parameters: [NamedValue]

  public struct CategoryCount: Equatable, Sendable {
    public var category: Int
    public var all: Int
    public var visible: Int

    public init(category: Int, all: Int, visible: Int) {
      self.category = category
      self.all = all
      self.visible = visible
    }
  }

  public init(classes: [Int], counts: [CategoryCount], parameters: [NamedValue]) {
    self.classes = classes
    self.counts = counts
    self.parameters = parameters
  }
}
