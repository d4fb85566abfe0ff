import CLanes
import Geometry
import Imaging
import LaneMath
import Stage

/// Fills `SurfacePlanes`: takes the fragments at pixels' centres through the same passes as shading does, and keeps what
/// those find on the way. The light of a white matt surface comes from the passes of light, with the material replaced.
final class SurfaceReader {
  private let needs: RenderNeeds
  /// For each instance what its pixels are labelled; 0 for what carries no label.
  private let labels: [UInt32]
  private let width: Int
  private let height: Int
  private let targets: Targets

  init(_ frame: Frame, _ needs: RenderNeeds) {
    self.needs = needs
    labels = frame.instances.map(\.id)
    (width, height) = (frame.width, frame.height)
    targets = Targets(needs, pixels: width * height)
  }

  deinit { targets.deallocate() }

  /// Memory of the planes; nil for those not asked for. Several threads write to it, each to pixels of its own.
  private struct Targets {
    var albedo, roughness, metallic, emission, normal, shading: UnsafeMutablePointer<Float>?
    var coverage: UnsafeMutablePointer<UInt8>?

    init(_ needs: RenderNeeds, pixels: Int) {
      func plane(_ need: RenderNeeds, _ channels: Int) -> UnsafeMutablePointer<Float>? {
        guard needs.contains(need) else { return nil }
        let p = UnsafeMutablePointer<Float>.allocate(capacity: pixels * channels)
        p.initialize(repeating: 0, count: pixels * channels)
        return p
      }
      albedo = plane(.albedo, 3)
      roughness = plane(.roughness, 1)
      metallic = plane(.metallic, 1)
      emission = plane(.emission, 3)
      normal = plane(.shadingNormal, 3)
      shading = plane(.shading, 3)
      if needs.contains(.coverage) {
        coverage = .allocate(capacity: pixels)
        coverage?.initialize(repeating: 0, count: pixels)
      }
    }

    func deallocate() {
      for p in [albedo, roughness, metallic, emission, normal, shading] { p?.deallocate() }
      coverage?.deallocate()
    }
  }

  /// What has been read.
  var planes: SurfacePlanes {
    func image(_ p: UnsafeMutablePointer<Float>?, _ channels: Int) -> FloatImage? {
      p.map {
        FloatImage(
          width: width, height: height, channels: channels,
          samples: Array(UnsafeBufferPointer(start: $0, count: width * height * channels)))
      }
    }
    var planes = SurfacePlanes()
    planes.albedo = image(targets.albedo, 3)
    planes.roughness = image(targets.roughness, 1)
    planes.metallic = image(targets.metallic, 1)
    planes.emission = image(targets.emission, 3)
    planes.shadingNormal = image(targets.normal, 3)
    planes.shading = image(targets.shading, 3)
    planes.coverage = targets.coverage.map {
      Plane(width: width, height: height, values: Array(UnsafeBufferPointer(start: $0, count: width * height)))
    }
    return planes
  }

  /// Reads the fragments of all tiles.
  ///
  /// - Parameters:
  ///   - toCamera: from the axes of the fragments' ideal plane to the camera's.
  ///   - receivers: points that enclose what a tile shows.
  func read(
    _ drawn: [DrawnTile], _ grid: TileGrid, _ inputs: ShadingInputs, _ lights: ShadingLights, _ shadow: ShadowFilter,
    _ rasterizer: Rasterizer, toCamera: Matrix3, _ receivers: (Int) -> ArraySlice<Vector3>
  ) {
    labels.withUnsafeBufferPointer { labels in
      rasterizer.share(grid.count, (targets, inputs, shadow, labels)) { t, w, shared in
        let (targets, inputs, shadow, labels) = shared
        let own = drawn[t]
        let (tile, worker) = (grid.rectangle(t), rasterizer.workers[w])
        let fragments = rasterizer.workers[own.worker].fragments.slice(from: own.fragments.lowerBound)
        if let coverage = targets.coverage {
          SurfaceReader.cover(
            fragments.primitives, fragments.places, own.fragments.count, tile, inputs, labels, coverage, self.width)
        }
        if self.needs.isDisjoint(with: RenderNeeds.surfaces.subtracting(.coverage)) || own.fragments.isEmpty { return }
        let shader = TileShader(inputs: inputs, lights: lights, shadow: shadow, scratch: worker.shading)
        let mayBeShadowed = lights.hasSun && rasterizer.shadowMap.mayShadow(receivers(t))
        SurfaceReader.read(
          fragments.primitives, fragments.places, own.fragments.count, tile, shader, worker.shading.list,
          mayBeShadowed: mayBeShadowed, targets, self.width, toCamera)
      }
    }
  }

  /// Counts the samples of each pixel that have its label. A pixel without fragments shows nothing at all, unless another
  /// ideal plane has it.
  private static func cover(
    _ ids: UnsafePointer<UInt32>, _ places: UnsafePointer<UInt32>, _ count: Int, _ tile: TileRectangle,
    _ inputs: ShadingInputs, _ labels: UnsafeBufferPointer<UInt32>, _ out: UnsafeMutablePointer<UInt8>, _ width: Int
  ) {
    for y in tile.y..<tile.y + tile.height {
      for x in tile.x..<tile.x + tile.width where out[y * width + x] == 0 { out[y * width + x] = 8 }
    }
    var i = 0
    while i < count {
      // The fragments of a pixel lie one after another; the first is that of the centre, if the centre sees anything.
      let pixel = FragmentPlace.pixel(places[i])
      var end = i
      while end < count, FragmentPlace.pixel(places[end]) == pixel { end += 1 }
      func label(_ k: Int) -> UInt32 { labels[Int(inputs.primitives[Int(ids[k])].instance)] }
      func weight(_ k: Int) -> Int { Int(places[k] >> 10 & 0xf) }
      let own = FragmentPlace.isCentre(places[i]) ? label(i) : 0
      var (same, seen) = (0, 0)
      for k in i..<end {
        seen += weight(k)
        if label(k) == own { same += weight(k) }
      }
      // Samples that see nothing have the label of nothing.
      if own == 0 { same += 8 - seen }
      out[(tile.y + pixel / TileGrid.side) * width + tile.x + pixel % TileGrid.side] = UInt8(same)
      i = end
    }
  }

  /// Takes the centres' fragments through the passes, eight at a time.
  private static func read(
    _ ids: UnsafePointer<UInt32>, _ places: UnsafePointer<UInt32>, _ count: Int, _ tile: TileRectangle,
    _ shader: TileShader, _ list: borrowing FragmentList, mayBeShadowed: Bool, _ targets: Targets, _ width: Int,
    _ toCamera: Matrix3
  ) {
    let (ownIds, ownPlaces) = (list.primitives.base, list.places.base)
    var n = 0
    for i in 0..<count where FragmentPlace.isCentre(places[i]) {
      (ownIds[n], ownPlaces[n]) = (ids[i], places[i])
      n += 1
    }
    guard n > 0 else { return }
    for i in 0..<7 { (ownIds[n + i], ownPlaces[n + i]) = (ownIds[n - 1], ownPlaces[n - 1]) }
    var (heldPrimitive, heldMaterial) = (UInt32.max, UInt32.max)
    let batch = shader.batches
    let slots = UnsafeMutableRawPointer(shader.slots).assumingMemoryBound(to: Float.self)
    typealias Slot = SurfaceLookUp.Slot
    for first in stride(from: 0, to: n, by: 8) {
      shader.interpolate(ownIds + first, ownPlaces + first, 1, tile, &heldPrimitive)
      shader.lookUp(ownIds + first, 1, &heldMaterial, keepsSlots: true)
      func put(_ out: UnsafeMutablePointer<Float>?, _ slot: Int, _ channels: Int) {
        guard let out else { return }
        for i in 0..<min(8, n - first) {
          let at = place(ownPlaces[first + i], tile, width) * channels
          for c in 0..<channels { out[at + c] = slots[8 * (slot + c) + i] }
        }
      }
      put(targets.albedo, Slot.baseColor, 3)
      put(targets.roughness, Slot.roughness, 1)
      put(targets.metallic, Slot.metallic, 1)
      put(targets.emission, Slot.emission, 3)
      if let out = targets.normal {
        let v = batch.pointee.normal
        for i in 0..<min(8, n - first) {
          let turned = toCamera * Vector3(Double(v.x[i]), Double(v.y[i]), Double(v.z[i]))
          let at = place(ownPlaces[first + i], tile, width) * 3
          (out[at], out[at + 1], out[at + 2]) = (Float(turned.x), Float(turned.y), Float(turned.z))
        }
      }
      if let out = targets.shading {
        let black = Lanes3(lanes(0), lanes(0), lanes(0))
        batch.pointee.reflectance = Reflectance(
          scattering: Lanes3(lanes(1), lanes(1), lanes(1)), f0: black, f90: lanes(0), alpha: lanes(1),
          roughness: lanes(1), e: lanes(1), b: lanes(0))
        batch.pointee.isLayered = false
        batch.pointee.colour = black
        shader.lightFromAllAround(ownPlaces + first, 1, tile)
        if shader.lights.hasSun { shader.lightFromSun(1, mayBeShadowed: mayBeShadowed) }
        if !shader.lights.places.isEmpty { shader.lightFromPlaces(1) }
        let colour = batch.pointee.colour
        for i in 0..<min(8, n - first) {
          let at = place(ownPlaces[first + i], tile, width) * 3
          (out[at], out[at + 1], out[at + 2]) = (colour.x[i], colour.y[i], colour.z[i])
        }
      }
    }
  }

  /// Index of a fragment's pixel in the image.
  @inline(__always)
  private static func place(_ word: UInt32, _ tile: TileRectangle, _ width: Int) -> Int {
    let k = FragmentPlace.pixel(word)
    return (tile.y + k / TileGrid.side) * width + tile.x + k % TileGrid.side
  }
}
