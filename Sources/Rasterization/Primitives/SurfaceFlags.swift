import Geometry
import Stage

extension GeometryStage {
  /// Looks at the primitives from `first` on, those of one instance, in the light of its materials: marks those whose
  /// samples are tested, and takes out the back faces of one-sided materials, which are not there.
  mutating func applyMaterials(_ instance: Instance, _ here: PlacedInstance, from first: Int, isParallel: Bool) {
    let isTested = instance.materials.map(\.isTested)
    let isOneSided = instance.materials.map { !$0.isDoubleSided }
    var kept = first
    for k in first..<primitiveCount {
      var p = primitives.base[k]
      let slot = Int(p.material) - here.firstMaterial
      if isOneSided[slot] {
        let plane = TrianglePlane(p, positionU: positionU.base, normalV: normalV.base)
        // A mirrored instance's winding is reversed.
        if plane.isFrontSeen(isParallel: isParallel) == (here.handedness < 0) { continue }
      }
      if isTested[slot] { p.surface |= Primitive.testedBit }
      primitives.base[kept] = p
      kept += 1
    }
    primitiveCount = kept
  }
}

extension Instance {
  /// Whether `GeometryStage.applyMaterials` has anything to do.
  var hasSurfaceFlags: Bool { materials.contains { $0.isTested || !$0.isDoubleSided } }
  /// Whether light or sight may pass through its faces.
  var hasHoles: Bool { materials.contains(where: \.isTested) }
}
