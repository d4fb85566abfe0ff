import Geometry
import Imaging
import Stage

/// Draws frames. One rasterizer serves one thread and keeps its buffers between frames; equal frames give equal pixels
/// whichever rasterizer draws them, and whatever it drew before.
///
/// The way of a frame:
///
///     meshes -> GeometryStage -> primitives -> TileBins
///     for each tile:  primitives -> SampleTile -> fragments            (what is seen)
///     sun             casters -> ShadowMap, fitted to what is seen
///     for each tile:  fragments -> TileShader -> radiance -> ToneCurve -> 8-bit sRGB
public final class Rasterizer {
  private var geometry = GeometryStage()
  private var bins = TileBins()
  private var samples = SampleTile()
  private var shadowMap = ShadowMap()
  private var fragments = FragmentList()
  private var materials = Scratch<ShadingMaterial>()
  private let radiance = UnsafeMutablePointer<SIMD4<Float>>.allocate(capacity: TileGrid.pixels)
  private let tileDepth = UnsafeMutablePointer<Float>.allocate(capacity: TileGrid.pixels)
  private let laneScratch = UnsafeMutablePointer<Lanes>.allocate(capacity: 8)
  private let materialPointers = UnsafeMutablePointer<UnsafePointer<ShadingMaterial>>.allocate(capacity: 8)
  private let triangleLanes = UnsafeMutablePointer<TriangleLanes>.allocate(capacity: 1)
  private let materialLanes = UnsafeMutablePointer<MaterialLanes>.allocate(capacity: 1)
  private let sampler = TextureSampler()
  private let blank = Texture(scalar: Plane(width: 1, height: 1, repeating: 0))
  private let curve = ToneCurve.sRGB
  /// For each tile the place of its fragments.
  private var tileFragments: [Range<Int>] = []
  /// World points whose hull holds all that is seen, and for each tile the place of its own: the corners of the tile's
  /// part of the view between its nearest and farthest depth.
  private var receivers: [Vector3] = []
  private var tileReceivers: [Range<Int>] = []

  /// Time spent so far, by stage.
  public private(set) var times = StageTimes()

  public init() {}

  deinit {
    radiance.deallocate()
    tileDepth.deallocate()
    laneScratch.deallocate()
    materialPointers.deallocate()
    triangleLanes.deallocate()
    materialLanes.deallocate()
    sampler.deallocate()
  }

  /// Draws a frame.
  public func render(_ frame: Frame) -> RenderedFrame {
    times.begin()
    let view = View(frame)
    let grid = TileGrid(width: frame.width, height: frame.height)
    geometry.run(frame.instances, view)
    times.end(.geometry)
    bins.fill(geometry.primitives.base, count: geometry.primitiveCount, grid: grid)
    times.end(.bin)
    var gbuffer = GBuffer(width: frame.width, height: frame.height)
    drawTiles(grid, view, into: &gbuffer)
    times.end(.raster)
    if let sun = frame.sun, sun.castsShadow {
      shadowMap.draw(frame, sun, receivers: receivers)
    } else {
      shadowMap.clear()
    }
    times.end(.shadow)
    let rgb = shadeTiles(frame, grid, into: &gbuffer)
    times.end(.shade)
    return RenderedFrame(
      rgb: RasterImage(width: frame.width, height: frame.height, channels: 3, samples: .eight(rgb)), gbuffer: gbuffer)
  }

  /// Rasterizes every tile, lists its fragments, and notes what the pixels' centres see.
  private func drawTiles(_ grid: TileGrid, _ view: View, into gbuffer: inout GBuffer) {
    receivers.removeAll(keepingCapacity: true)
    tileReceivers.removeAll(keepingCapacity: true)
    var count = 0
    tileFragments.removeAll(keepingCapacity: true)
    let primitives = UnsafePointer(geometry.primitives.base)
    let toWorld = view.camera.worldToCamera.inverse ?? .identity
    for t in 0..<grid.count {
      let tile = grid.rectangle(t)
      let entries = bins.starts[t]..<bins.starts[t + 1]
      if entries.isEmpty {
        tileFragments.append(count..<count)
        tileReceivers.append(receivers.count..<receivers.count)
        continue
      }
      samples.clear()
      for e in entries {
        let number = bins.entries.base[e]
        samples.draw(primitives[Int(number)], number: number, tile)
      }
      // Room for the most a tile can have, and for the copies that fill the last batch.
      fragments.grow(to: count + TileGrid.pixels * 8 + 8, keeping: count)
      let end = samples.resolve(primitives, tile, into: fragments, from: count)
      let firstReceiver = receivers.count
      if let range = noteCentres(tile, primitives, &gbuffer) {
        let camera = view.camera
        for (x, y) in [
          (tile.x, tile.y), (tile.x + tile.width, tile.y), (tile.x, tile.y + tile.height),
          (tile.x + tile.width, tile.y + tile.height),
        ] {
          let ray = Vector3((Double(x) - camera.cx) / camera.fx, (Double(y) - camera.cy) / camera.fy, 1)
          receivers.append(toWorld * (ray / Double(range.upperBound)))
          receivers.append(toWorld * (ray / Double(range.lowerBound)))
        }
      }
      tileReceivers.append(firstReceiver..<receivers.count)
      tileFragments.append(count..<end)
      count = end
    }
  }

  /// Copies the centre samples' instance and triangle to the labels. Returns the range of inverse depth in the tile.
  @inline(never)
  private func noteCentres(_ tile: TileRectangle, _ primitives: UnsafePointer<Primitive>, _ gbuffer: inout GBuffer)
    -> ClosedRange<Float>?
  {
    // Over all samples, not the centres alone: this bounds what is shaded.
    var low = lanes(.infinity)
    var high = lanes(0)
    let stride = gbuffer.width
    let ids = UnsafeRawPointer(samples.primitive).assumingMemoryBound(to: Int32.self)
    gbuffer.instanceIndex.values.withUnsafeMutableBufferPointer { instances in
      gbuffer.triangle.values.withUnsafeMutableBufferPointer { triangles in
        var last = SampleTile.empty
        var (instance, triangle): (UInt32, UInt32) = (0, 0)
        for y in 0..<tile.height {
          let line = (tile.y + y) * stride + tile.x
          for x in 0..<tile.width {
            let k = y * TileGrid.side + x
            let nearness = samples.inverseZ[k]
            low = minimum(low, select(isLess(lanes(0), nearness), nearness, low))
            high = maximum(high, nearness)
            let id = ids[8 * k]
            if id == SampleTile.empty { continue }
            if id != last {
              last = id
              instance = primitives[Int(id)].instance
              triangle = primitives[Int(id)].triangle
            }
            instances[line + x] = instance
            triangles[line + x] = triangle
          }
        }
      }
    }
    var (nearest, farthest): (Float, Float) = (0, .infinity)
    for i in 0..<8 { (nearest, farthest) = (max(nearest, high[i]), min(farthest, low[i])) }
    return nearest > 0 ? farthest...nearest : nil
  }

  private func shadeTiles(_ frame: Frame, _ grid: TileGrid, into gbuffer: inout GBuffer) -> [UInt8] {
    var materialCount = 0
    materials.reserve(frame.instances.reduce(0) { $0 + $1.materials.count })
    for instance in frame.instances {
      for m in instance.materials {
        materials.base[materialCount] = ShadingMaterial(m, blank: blank)
        materialCount += 1
      }
    }
    let camera = frame.camera
    let inputs = ShadingInputs(
      primitives: geometry.primitives.base, positionU: geometry.positionU.base, normalV: geometry.normalV.base,
      materials: materials.base,
      rayScale: SIMD2(Float(1 / camera.fx), Float(1 / camera.fy)),
      rayOrigin: SIMD2(Float(-camera.cx / camera.fx), Float(-camera.cy / camera.fy)), near: Float(camera.near))
    let shader = TileShader(
      inputs: inputs, lights: ShadingLights(frame), shadow: ShadowFilter(shadowMap, camera: camera),
      sampler: sampler, lane: laneScratch, pointers: materialPointers,
      triangles: triangleLanes, materials: materialLanes)
    let background = SIMD4<Float>(SIMD3<Float>(frame.background), 0)
    let gain = Float(StableMath.exp2(frame.exposure))
    let (width, height) = (frame.width, frame.height)
    return [UInt8](unsafeUninitializedCapacity: width * height * 3) { out, count in
      count = width * height * 3
      guard let rgb = out.baseAddress else { return }
      gbuffer.depth.values.withUnsafeMutableBufferPointer { depth in
        for t in 0..<grid.count {
          let tile = grid.rectangle(t)
          radiance.update(repeating: SIMD4(repeating: 0), count: TileGrid.pixels)
          tileDepth.update(repeating: 0, count: TileGrid.pixels)
          let own = tileFragments[t]
          // The copies behind the last fragment would overwrite the next tile's first ones: work on a copy.
          let n = own.count
          tileIds.reserve(n + 8)
          tilePlaces.reserve(n + 8)
          tileIds.base.update(from: fragments.primitives.base + own.lowerBound, count: n)
          tilePlaces.base.update(from: fragments.places.base + own.lowerBound, count: n)
          let mayBeShadowed = shadowMap.mayShadow(receivers[tileReceivers[t]])
          shader.shade(
            tileIds.base, tilePlaces.base, count: n, tile: tile, mayBeShadowed: mayBeShadowed, radiance: radiance,
            depth: tileDepth)
          for y in 0..<tile.height {
            let line = (tile.y + y) * width + tile.x
            for x in 0..<tile.width { depth[line + x] = tileDepth[y * TileGrid.side + x] }
            curve.develop(
              radiance + y * TileGrid.side, count: tile.width, background: background, gain: gain, into: rgb + 3 * line)
          }
        }
      }
    }
  }

  private var tileIds = Scratch<UInt32>(capacity: 1 << 13)
  private var tilePlaces = Scratch<UInt32>(capacity: 1 << 13)
}
