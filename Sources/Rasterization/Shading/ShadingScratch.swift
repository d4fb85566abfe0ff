import LaneMath

/// Work space of a `TileShader`: vectors of lanes, the triangles and materials of eight fragments, slots for `SurfaceLookUp`.
final class ShadingScratch {
  let lane = UnsafeMutablePointer<Lanes>.allocate(capacity: 16)
  let pointers = UnsafeMutablePointer<UnsafePointer<ShadingMaterial>>.allocate(capacity: 8)
  let triangles = UnsafeMutablePointer<TriangleLanes>.allocate(capacity: 1)
  let materials = UnsafeMutablePointer<MaterialLanes>.allocate(capacity: 1)
  let batches = UnsafeMutablePointer<ShadingBatch>.allocate(capacity: ShadingBatch.group)
  /// Fragments that stand for others.
  let list = FragmentList()
  let sampler = TextureSampler()
  let slots = UnsafeMutablePointer<Lanes>.allocate(capacity: SurfaceLookUp.Slot.count)

  init() {
    lane.initialize(repeating: Lanes(repeating: 0), count: 16)
    slots.initialize(repeating: Lanes(repeating: 0), count: SurfaceLookUp.Slot.count)
  }

  deinit {
    lane.deallocate()
    pointers.deallocate()
    triangles.deallocate()
    materials.deallocate()
    batches.deallocate()
    slots.deallocate()
    sampler.deallocate()
  }
}
