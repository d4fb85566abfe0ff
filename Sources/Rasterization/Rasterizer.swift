import Dispatch
import Geometry
import Imaging
import Stage
import Synchronization

/// Draws frames. One rasterizer serves one caller at a time and keeps its buffers between frames; equal frames give equal
/// pixels whichever rasterizer draws them, with however many threads, and whatever it drew before.
///
/// The way of a frame:
///
///     meshes -> GeometryStage -> primitives -> TileBins
///     for each tile:  primitives -> SampleTile -> fragments            (what is seen)
///     sun             casters -> ShadowMap, fitted to what is seen
///     for each tile:  fragments -> TileShader -> radiance -> ToneCurve -> 8-bit sRGB
///     if asked for    fragments -> SurfaceReader -> albedo, shading normal, ...; primitives -> CentreRaster -> amodal masks
public final class Rasterizer {
  /// Time spent so far, by stage.
  public internal(set) var times = StageTimes()

  var geometry = GeometryStage()
  private var bins = TileBins()
  var shadowMap = ShadowMap()
  private var lightShadows: [LightShadow] = []
  var occlusion = OcclusionMap()
  private var materials = Scratch<ShadingMaterial>()
  var surfaces = SurfaceTables()
  var centres = CentreRaster()
  var alone = LoneInstance()
  /// Draws what lenses that bend the picture show beyond it.
  private(set) lazy var beyond = Rasterizer()
  let workers: [TileWorker]
  /// For lenses that bend the picture.
  let warped = WarpedState()
  private let blank = Texture(scalar: Plane(width: 1, height: 1, repeating: 0))

  /// - Parameter threads: how many threads share the tiles of a frame, 1 or more. Small frames are better drawn by one
  ///   rasterizer of one thread each, side by side.
  public init(threads: Int = 1) {
    workers = (0..<max(threads, 1)).map { _ in TileWorker() }
  }

  /// Draws a frame: 8-bit sRGB of its radiance times 2^exposure, and the labels.
  ///
  /// - Parameter needs: what to find out besides.
  public func render(_ frame: Frame, _ needs: RenderNeeds = []) -> RenderedFrame {
    if needs.contains(.labelsOnly) {
      return RenderedFrame(
        rgb: RasterImage(width: 1, height: 1, channels: 3, samples: .eight([0, 0, 0])), gbuffer: labels(of: frame))
    }
    let (width, height) = (frame.width, frame.height)
    var seen: Seen?
    let rgb = [UInt8](unsafeUninitializedCapacity: width * height * 3) { out, count in
      count = width * height * 3
      guard let out = out.baseAddress else { return }
      seen = render(frame, needs, into: .encoded(out, width: width))
    }
    return RenderedFrame(
      rgb: RasterImage(width: width, height: height, channels: 3, samples: .eight(rgb)),
      gbuffer: seen?.gbuffer ?? GBuffer(width: width, height: height), surfaces: seen?.surfaces, amodal: seen?.amodal)
  }

  /// Draws a frame in linear light, before exposure: what a lens and a sensor are given to see.
  public func renderLinear(_ frame: Frame, _ needs: RenderNeeds = []) -> (light: LinearImage, seen: Seen) {
    var light = LinearImage(width: frame.width, height: frame.height)
    let seen = renderLinear(frame, needs, into: &light)
    return (light, seen)
  }

  /// The same into a picture whose memory is used again where it has the frame's size.
  public func renderLinear(_ frame: Frame, _ needs: RenderNeeds = [], into light: inout LinearImage) -> Seen {
    if light.width != frame.width || light.height != frame.height {
      light = LinearImage(width: frame.width, height: frame.height)
    }
    let (stride, size) = (light.stride, light.planeSize)
    let seen = light.samples.withUnsafeMutableBufferPointer { out -> Seen? in
      out.baseAddress.map { render(frame, needs, into: .linear($0, stride: stride, size: size)) }
    }
    return seen ?? Seen(gbuffer: GBuffer(width: frame.width, height: frame.height))
  }

  /// What is seen of a frame, beside its picture.
  public struct Seen: Sendable {
    public var gbuffer: GBuffer
    /// As far as it was asked for.
    public var surfaces: SurfacePlanes?
    public var amodal: [AmodalRegion]?
  }

  private func render(_ frame: Frame, _ needs: RenderNeeds, into picture: PictureTarget) -> Seen {
    times.begin()
    var seen =
      frame.camera.isBent
      ? renderWarped(frame, needs, into: picture) : renderStraight(frame, needs, into: picture)
    if !needs.isDisjoint(with: [.amodal, .unbounded]) {
      seen.amodal = amodal(of: frame, needs)
      times.end(.amodal)
    }
    return seen
  }

  private func renderStraight(_ frame: Frame, _ needs: RenderNeeds, into picture: PictureTarget) -> Seen {
    let view = View(frame)
    let grid = TileGrid(width: frame.width, height: frame.height)
    geometry.run(frame.instances, view)
    surfaces.fill(frame, geometry.placed)
    times.end(.geometry)
    bins.fill(geometry.primitives.base, count: geometry.primitiveCount, grid: grid)
    times.end(.bin)
    var gbuffer = GBuffer.unwritten(width: frame.width, height: frame.height)
    var drawn = [DrawnTile](repeating: DrawnTile(), count: grid.count)
    draw(frame, grid, &drawn, into: &gbuffer)
    times.end(.raster)
    let receivers = Receivers(drawn, grid, view)
    drawSunShadow(frame, receivers.points)
    let places = drawLightShadows(frame, (0..<grid.count).map { receivers.of($0) })
    times.end(.shadow)
    shade(frame, grid, drawn, receivers, places, into: &gbuffer, picture)
    times.end(.shade)
    var seen = Seen(gbuffer: gbuffer)
    if !needs.isDisjoint(with: .surfaces) {
      let inputs = shadingInputs(frame, geometry, surfaces)
      var lights = ShadingLights(frame, shadows: places)
      if frame.ambientOcclusion != nil { lights.occlusion = occlusion.lookup }
      let shadow = ShadowFilter(shadowMap, camera: frame.camera)
      let reader = SurfaceReader(frame, needs)
      reader.read(drawn, grid, inputs, lights, shadow, self, toCamera: .identity) { receivers.of($0) }
      seen.surfaces = reader.planes
      times.end(.surfaces)
    }
    return seen
  }

  private func renderWarped(_ frame: Frame, _ needs: RenderNeeds, into picture: PictureTarget) -> Seen {
    let field = warped.field(frame)
    times.end(.geometry)
    var gbuffer = GBuffer(width: frame.width, height: frame.height)
    drawWarped(frame, field, into: &gbuffer)
    times.end(.raster)
    let receivers = field.planes.indices.map { warped.run($0).receivers }
    drawSunShadow(frame, receivers.flatMap(\.points))
    let places = drawLightShadows(frame, receivers.flatMap { r in (0..<field.grid.count).map { r.of($0) } })
    times.end(.shadow)
    shadeWarped(frame, field, places, into: &gbuffer, picture)
    times.end(.shade)
    var seen = Seen(gbuffer: gbuffer)
    if !needs.isDisjoint(with: .surfaces) {
      let reader = SurfaceReader(frame, needs)
      for (p, plane) in field.planes.enumerated() {
        let ideal = plane.frame(frame)
        let inputs = shadingInputs(ideal, warped.run(p).geometry, warped.run(p).surfaces, field)
        let shadow = ShadowFilter(shadowMap, camera: ideal.camera)
        var lights = ShadingLights(ideal, shadows: places)
        if frame.ambientOcclusion != nil { lights.occlusion = occlusion.lookup }
        let run = warped.run(p)
        reader.read(run.drawn, field.grid, inputs, lights, shadow, self, toCamera: plane.rotation.transpose) {
          run.receivers.of($0)
        }
      }
      seen.surfaces = reader.planes
      times.end(.surfaces)
    }
    return seen
  }

  private func drawSunShadow(_ frame: Frame, _ receivers: [Vector3]) {
    if let sun = frame.sun, sun.castsShadow {
      shadowMap.draw(frame, sun, receivers: receivers)
    } else {
      shadowMap.clear()
    }
  }

  /// Which instance and triangle each pixel's centre sees, without shading and without depth.
  func labels(of frame: Frame) -> GBuffer {
    var gbuffer = GBuffer(width: frame.width, height: frame.height)
    if frame.camera.isBent {
      drawWarped(frame, warped.field(frame), into: &gbuffer)
      return gbuffer
    }
    let view = View(frame)
    let grid = TileGrid(width: frame.width, height: frame.height)
    geometry.run(frame.instances, view)
    surfaces.fill(frame, geometry.placed)
    bins.fill(geometry.primitives.base, count: geometry.primitiveCount, grid: grid)
    var drawn = [DrawnTile](repeating: DrawnTile(), count: grid.count)
    draw(frame, grid, &drawn, into: &gbuffer)
    return gbuffer
  }

  /// Rasterizes every tile: fills the labels but depth, and `drawn`.
  private func draw(
    _ frame: Frame, _ grid: TileGrid, _ drawn: inout [DrawnTile], into gbuffer: inout GBuffer
  ) {
    let test = surfaces.coverageTest(frame, geometry)
    for w in workers {
      w.count = 0
      w.samples.test.pointee = test
    }
    let primitives = UnsafePointer(geometry.primitives.base)
    let entries = UnsafePointer(bins.entries.base)
    gbuffer.withTargets { labels in
      bins.starts.withUnsafeBufferPointer { starts in
        drawn.withUnsafeMutableBufferPointer { drawn in
          share(grid.count, (labels, starts, drawn, primitives, entries)) { t, w, shared in
            let (labels, starts, drawn, primitives, entries) = shared
            let own = UnsafeBufferPointer(start: entries + starts[t], count: starts[t + 1] - starts[t])
            let (fragments, range) = self.workers[w].draw(own, of: primitives, grid.rectangle(t), into: labels)
            drawn[t] = DrawnTile(worker: w, fragments: fragments, range: range)
          }
        }
      }
    }
  }

  /// Shades every tile: fills the picture and the labels' depth.
  private func shade(
    _ frame: Frame, _ grid: TileGrid, _ drawn: [DrawnTile], _ receivers: Receivers, _ places: [LightShadow?],
    into gbuffer: inout GBuffer, _ picture: PictureTarget
  ) {
    let inputs = shadingInputs(frame, geometry, surfaces)
    var lights = ShadingLights(frame, shadows: places)
    let shadow = ShadowFilter(shadowMap, camera: frame.camera)
    if let settings = frame.ambientOcclusion {
      occlusion.begin(frame, settings)
      noteOcclusion(grid, drawn, PlaneShading(inputs: inputs, lights: lights, shadow: shadow))
      finishOcclusion()
      lights.occlusion = occlusion.lookup
    }
    let background = SceneBackground(frame)
    for worker in workers { worker.target.prepare(background, exposure: frame.exposure) }
    let width = frame.width
    gbuffer.withTargets { labels in
      share(grid.count, (labels, picture, inputs, shadow)) { t, w, shared in
        let (labels, picture, inputs, shadow) = shared
        let (tile, worker, own) = (grid.rectangle(t), self.workers[w], drawn[t])
        let fragments = self.workers[own.worker].fragments.slice(from: own.fragments.lowerBound)
        worker.target.begin(tile, picture)
        let shader = TileShader(inputs: inputs, lights: lights, shadow: shadow, scratch: worker.shading)
        shader.shade(
          fragments.primitives, fragments.places, count: own.fragments.count, tile: tile,
          mayBeShadowed: self.shadowMap.mayShadow(receivers.of(t)), target: worker.target)
        worker.target.finish(tile, picture, depth: labels.depth, width: width)
      }
    }
  }

  /// The shadow maps of the lights that have a place; nil for those that cast none.
  ///
  /// - Parameter hulls: points that enclose what is seen, eight a tile.
  private func drawLightShadows(_ frame: Frame, _ hulls: [ArraySlice<Vector3>]) -> [LightShadow?] {
    if frame.lights.isEmpty { return [] }
    while lightShadows.count < frame.lights.count { lightShadows.append(LightShadow()) }
    let hulls = hulls.filter { !$0.isEmpty }
    return frame.lights.enumerated().map { k, light in
      guard light.castsShadow else { return nil }
      lightShadows[k].draw(light, frame, receivers: hulls)
      return lightShadows[k]
    }
  }

  /// - Parameter field: the rays where the lens bends the picture; `frame` is then that of the ideal plane.
  func shadingInputs(
    _ frame: Frame, _ geometry: borrowing GeometryStage, _ surfaces: borrowing SurfaceTables, _ field: RayField? = nil
  ) -> ShadingInputs {
    materials.reserve(frame.instances.reduce(0) { $0 + $1.materials.count })
    var count = 0
    for instance in frame.instances {
      for m in instance.materials {
        materials.base[count] = ShadingMaterial(m, blank: blank, surface: surfaces.place(count))
        count += 1
      }
    }
    let camera = frame.camera
    return ShadingInputs(
      primitives: geometry.primitives.base, positionU: geometry.positionU.base, normalV: geometry.normalV.base,
      materials: materials.base, surfaces: surfaces.materials.base, instances: surfaces.instances.base,
      rayScale: SIMD2(Float(1 / camera.fx), Float(1 / camera.fy)),
      rayOrigin: SIMD2(Float(-camera.cx / camera.fx), Float(-camera.cy / camera.fy)), near: Float(camera.near),
      isParallel: camera.isParallel, rays: field?.rays)
  }

  /// Calls `body(tile, worker, shared)` for every tile, by all workers. A tile is taken by exactly one worker, and what it
  /// writes lies in the tile alone, so that the order does not matter.
  func share<Shared>(_ count: Int, _ shared: Shared, _ body: (Int, Int, Shared) -> Void) {
    if workers.count == 1 {
      for t in 0..<count { body(t, 0, shared) }
      return
    }
    let next = Atomic<Int>(0)
    // The compiler cannot see that workers share `self` and pointers and write to places of their own only (see above),
    // nor that `concurrentPerform` returns before `body` and `shared` go: hence both marks below.
    nonisolated(unsafe) let (body, shared) = (body, shared)
    withoutActuallyEscaping(body) { body in
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: workers.count) { w in
        while true {
          let t = next.wrappingAdd(1, ordering: .relaxed).oldValue
          if t >= count { return }
          body(t, w, shared)
        }
      }
    }
  }
}
