// `material`: for each pixel which material it shows, labelled or not; 0 where nothing is seen. 16 bits. Surfaces that are
// alike in all that a material says (colours, textures, prints and how they are laid) have the same number, whatever object
// they are of. Numbers begin at 1, in the order in which the frame's objects come to use them; the record says who does:
//
//     "materials": [{"id": 1, "users": [{"instance": 0, "object": "ground", "slot": "default"}, ...]}, ...]
//
// `instance` is the object's instance id, 0 where it carries no label.

import Documents
import Imaging
import Rasterization
import Stage

struct MaterialPlane: Annotator {
  static let manual = Manual(
    name: "material", summary: "Numbers of the frame's materials, 16 bits, their users in the record; 0 is nothing.",
    sample: "annotations: [material]",
    limits: "Numbers are those of a frame. A material drawn anew for each object is another one for each.")
  static let fields: [Field<MaterialPlane>] = []

  var hasValues: Bool { true }

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    PlaneDescription("material", .png, channels: ["I"], bits: 16, unit: "material id", isSmooth: false)
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    let ids = MaterialPlane.numbers(frame.frame)
    let most = ids.joined().max() ?? 0
    guard most <= 65535 else { throw .tooMany(plane: "material", count: most, most: 65535) }
    let g = frame.rendered.gbuffer
    var values = [UInt16](repeating: 0, count: g.width * g.height)
    for k in values.indices where g.instanceIndex.values[k] != GBuffer.nothing {
      let i = Int(g.instanceIndex.values[k])
      let slots = frame.frame.instances[i].mesh.materialSlots
      values[k] = UInt16(ids[i][slots.isEmpty ? 0 : Int(slots[Int(g.triangle.values[k])])])
    }
    return .sixteen(Plane(width: g.width, height: g.height, values: values))
  }

  func describe(_ frame: FrameAnnotation, in record: inout FrameRecord) throws(LabelError) {
    var list: [MaterialRecord] = []
    for (instance, ids) in zip(frame.frame.instances, MaterialPlane.numbers(frame.frame)) {
      for (slot, id) in zip(instance.mesh.slotNames, ids) {
        if id > list.count { list.append(MaterialRecord(id: id, users: [])) }
        list[id - 1].users.append(.init(instance: instance.id, object: instance.name, slot: slot))
      }
    }
    record.materials = list
  }

  /// For each instance the numbers of its slots' materials.
  private static func numbers(_ frame: Frame) -> [[Int]] {
    var known: [Material: Int] = [:]
    return frame.instances.map { instance in
      instance.mesh.slotNames.indices.map { slot in
        let material = instance.materials[slot]
        if let id = known[material] { return id }
        known[material] = known.count + 1
        return known.count
      }
    }
  }
}
