// `part`: parts of objects as classes of their own. A category declares the parts that count:
//
//     categories: [{name: car, parts: [wheel, window]}]
//
// Part class ids run from 1 over the categories in their order and their parts in theirs; dataset.json lists them. A pixel
// has the class of the part that it shows, 0 where the object's category declares no part of that name. The part of a
// triangle is the `name` of its element in the object's `parts:`, or for a mesh file the name of its material slot. 16 bits.

import Documents
import Imaging
import Rasterization
import Stage

struct PartPlane: Annotator {
  static let manual = Manual(
    name: "part", summary: "Class ids of the parts that categories declare, 16 bits; 0 for everything else.",
    sample: "annotations: [part]",
    limits: "Parts of shapes of one piece cannot be told apart; parts of the same name in an object are one class.")
  static let fields: [Field<PartPlane>] = []

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    PlaneDescription("part", .png, channels: ["I"], bits: 16, unit: "part class id", isSmooth: false)
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    let count = frame.dataset.partClasses.count
    guard count <= 65535 else { throw .tooMany(plane: "part", count: count, most: 65535) }
    let classes = PartClasses(frame)
    let g = frame.rendered.gbuffer
    var values = [UInt16](repeating: 0, count: g.width * g.height)
    for k in values.indices where g.instanceIndex.values[k] != GBuffer.nothing {
      values[k] = UInt16(classes.part(Int(g.instanceIndex.values[k]), Int(g.triangle.values[k])))
    }
    return .sixteen(Plane(width: g.width, height: g.height, values: values))
  }
}

/// Which part class each triangle of a frame's instances is of.
struct PartClasses {
  /// By instance and material slot.
  private let bySlot: [[Int]]
  private let instances: [Instance]

  init(_ frame: FrameAnnotation) {
    instances = frame.frame.instances
    let classes = frame.dataset.partClasses
    bySlot = instances.map { instance in
      guard instance.id != 0 else { return [] }
      let own = classes.enumerated().filter { $0.element.category == instance.category }
      if own.isEmpty { return [] }
      let names = instance.partNames.isEmpty ? instance.mesh.slotNames : instance.partNames
      return names.map { name in own.first { $0.element.name == name }.map { $0.offset + 1 } ?? 0 }
    }
  }

  /// From 1; 0 for no part that counts.
  @inline(__always)
  func part(_ instance: Int, _ triangle: Int) -> Int {
    let slots = bySlot[instance]
    if slots.isEmpty { return 0 }
    let mesh = instances[instance].mesh
    let slot = mesh.materialSlots.isEmpty ? 0 : Int(mesh.materialSlots[triangle])
    return slot < slots.count ? slots[slot] : 0
  }
}
