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
  private var fragments = Scratch<Fragment>(capacity: 1 << 16)
  private var materials = Scratch<ShadingMaterial>()
  private var handedness = Scratch<Float>()
  private let radiance = UnsafeMutablePointer<SIMD4<Float>>.allocate(capacity: TileGrid.pixels)
  private let tileDepth = UnsafeMutablePointer<Float>.allocate(capacity: TileGrid.pixels)
  private let sampleOffsets = UnsafeMutablePointer<Float>.allocate(capacity: 16)
  private let curve = ToneCurve.sRGB
  /// For each tile the place of its fragments.
  private var tileFragments: [Range<Int>] = []

  public init() {
    for i in 0..<8 {
      sampleOffsets[i] = SamplePattern.offsetX[i]
      sampleOffsets[i + 8] = SamplePattern.offsetY[i]
    }
  }

  deinit {
    radiance.deallocate()
    tileDepth.deallocate()
    sampleOffsets.deallocate()
  }

  /// Draws a frame.
  public func render(_ frame: Frame) -> RenderedFrame {
    let view = View(frame)
    let grid = TileGrid(width: frame.width, height: frame.height)
    geometry.run(frame.instances, view)
    bins.fill(geometry.primitives.base, count: geometry.primitiveCount, grid: grid)
    var gbuffer = GBuffer(width: frame.width, height: frame.height)
    let seen = drawTiles(grid, view, into: &gbuffer)
    if let sun = frame.sun, sun.castsShadow {
      shadowMap.draw(frame, sun, receivers: seen)
    } else {
      shadowMap.clear()
    }
    let rgb = shadeTiles(frame, grid, into: &gbuffer)
    return RenderedFrame(
      rgb: RasterImage(width: frame.width, height: frame.height, channels: 3, samples: .eight(rgb)), gbuffer: gbuffer)
  }

  /// Rasterizes every tile, lists its fragments, and notes what the pixels' centres see. Returns world points whose hull
  /// holds all that is seen: the corners of each tile's part of the view, between its nearest and farthest depth.
  private func drawTiles(_ grid: TileGrid, _ view: View, into gbuffer: inout GBuffer) -> [Vector3] {
    var receivers: [Vector3] = []
    var count = 0
    tileFragments.removeAll(keepingCapacity: true)
    let primitives = UnsafePointer(geometry.primitives.base)
    let toWorld = view.camera.worldToCamera.inverse ?? .identity
    for t in 0..<grid.count {
      let tile = grid.rectangle(t)
      let entries = bins.starts[t]..<bins.starts[t + 1]
      if entries.isEmpty {
        tileFragments.append(count..<count)
        continue
      }
      samples.clear()
      for e in entries {
        let number = bins.entries.base[e]
        samples.draw(primitives[Int(number)], number: number, tile)
      }
      // Room for the most a tile can have, and for the copies that fill the last batch.
      fragments.grow(to: count + TileGrid.pixels * 8 + 8, keeping: count)
      let n = samples.resolve(primitives, tile, into: fragments.base + count)
      let range = noteCentres(tile, primitives, &gbuffer)
      if let range {
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
      tileFragments.append(count..<count + n)
      count += n
    }
    return receivers
  }

  /// Copies the centre samples' instance and triangle to the labels. Returns the range of inverse depth in the tile.
  private func noteCentres(_ tile: TileRectangle, _ primitives: UnsafePointer<Primitive>, _ gbuffer: inout GBuffer)
    -> ClosedRange<Float>?
  {
    var low = Float.infinity
    var high: Float = 0
    let stride = gbuffer.width
    gbuffer.instanceIndex.values.withUnsafeMutableBufferPointer { instances in
      gbuffer.triangle.values.withUnsafeMutableBufferPointer { triangles in
        for y in 0..<tile.height {
          let line = (tile.y + y) * stride + tile.x
          for x in 0..<tile.width {
            let k = y * TileGrid.side + x
            let id = UnsafeRawPointer(samples.primitive + k).load(as: UInt32.self)
            guard id != SampleTile.empty else { continue }
            let p = primitives + Int(id)
            instances[line + x] = p.pointee.instance
            triangles[line + x] = p.pointee.triangle
            let z = UnsafeRawPointer(samples.inverseZ + k).load(as: Float.self)
            low = min(low, z)
            high = max(high, z)
          }
        }
      }
    }
    return high > 0 ? low...high : nil
  }

  private func shadeTiles(_ frame: Frame, _ grid: TileGrid, into gbuffer: inout GBuffer) -> [UInt8] {
    var materialCount = 0
    materials.reserve(frame.instances.reduce(0) { $0 + $1.materials.count })
    handedness.reserve(frame.instances.count)
    for (i, instance) in frame.instances.enumerated() {
      handedness.base[i] = geometry.placed[i].handedness
      for m in instance.materials {
        materials.base[materialCount] = ShadingMaterial(m)
        materialCount += 1
      }
    }
    let camera = frame.camera
    let inputs = ShadingInputs(
      primitives: geometry.primitives.base, positionU: geometry.positionU.base, normalV: geometry.normalV.base,
      materials: materials.base, handedness: handedness.base,
      rayScale: SIMD2(Float(1 / camera.fx), Float(1 / camera.fy)),
      rayOrigin: SIMD2(Float(-camera.cx / camera.fx), Float(-camera.cy / camera.fy)), near: Float(camera.near),
      sampleX: sampleOffsets, sampleY: sampleOffsets + 8)
    let shader = TileShader(
      inputs: inputs, lights: ShadingLights(frame), shadow: ShadowFilter(shadowMap, camera: camera))
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
          workFragments.reserve(n + 8)
          workFragments.base.update(from: fragments.base + own.lowerBound, count: n)
          shader.shade(workFragments.base, count: n, tile: tile, radiance: radiance, depth: tileDepth)
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

  private var workFragments = Scratch<Fragment>(capacity: 1 << 13)
}
