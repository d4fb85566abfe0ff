// Frames of cameras whose lens bends the picture: as `Rasterizer.render`, once for each ideal plane, with the samples where
// the lens looks.

import Geometry
import Imaging
import Stage

/// What a rasterizer keeps for one ideal plane.
final class PlaneRun {
  var geometry = GeometryStage()
  var surfaces = SurfaceTables()
  var bins = WarpedBins()
  var drawn: [DrawnTile] = []
  var receivers = Receivers()
}

/// What a rasterizer keeps for lenses that bend the picture.
final class WarpedState {
  private var field: RayField?
  private var runs: [PlaneRun] = []

  /// The rays of the frame's camera: those of the last frame where the lens is the same.
  func field(_ frame: Frame) -> RayField {
    if let field, field.key == RayField.Key(frame) { return field }
    let made = RayField(frame)
    field = made
    return made
  }

  func run(_ plane: Int) -> PlaneRun {
    while runs.count <= plane { runs.append(PlaneRun()) }
    return runs[plane]
  }
}

extension Rasterizer {
  /// What is seen, and the fragments to be shaded. The buffer shows nothing where the lens does.
  func drawWarped(_ frame: Frame, _ field: RayField, into gbuffer: inout GBuffer) {
    for w in workers { w.count = 0 }
    for p in field.planes.indices {
      let run = warped.run(p)
      let ideal = field.planes[p].frame(frame)
      run.geometry.run(frame.instances, View(ideal, isWarped: true))
      run.surfaces.fill(ideal, run.geometry.placed)
      let test = run.surfaces.coverageTest(ideal, run.geometry)
      for w in workers { w.warped.test.pointee = test }
      run.bins.fill(run.geometry.primitives.base, count: run.geometry.primitiveCount, field, plane: p)
      run.drawn = Array(repeating: DrawnTile(), count: field.grid.count)
      let primitives = UnsafePointer(run.geometry.primitives.base)
      let entries = UnsafePointer(run.bins.entries.base)
      gbuffer.withTargets { labels in
        run.bins.starts.withUnsafeBufferPointer { starts in
          run.drawn.withUnsafeMutableBufferPointer { drawn in
            share(field.grid.count, (labels, starts, drawn, primitives, entries, field)) { t, w, shared in
              let (labels, starts, drawn, primitives, entries, field) = shared
              let own = UnsafeBufferPointer(start: entries + starts[t], count: starts[t + 1] - starts[t])
              if own.isEmpty { return }
              drawn[t] = self.workers[w].drawWarped(own, of: primitives, field, tile: t, plane: p, into: labels)
              drawn[t].worker = w
            }
          }
        }
      }
      run.receivers = Receivers(run.drawn, field, plane: p, View(ideal, isWarped: true))
    }
  }

  /// Hands every instance that has any the pixels that it would own alone, tile by tile: `body` is given the instance,
  /// the tile's first pixel and for each of the tile's rows a bit for each pixel.
  func forEachLoneTile(
    _ frame: Frame, _ field: RayField, _ body: (Int, TileRectangle, UnsafePointer<UInt32>) -> Void
  ) {
    let worker = workers[0]
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: TileGrid.side) { rows in
      guard let rows = rows.baseAddress else { return }
      for p in field.planes.indices {
        let run = warped.run(p)
        worker.warped.test.pointee = run.surfaces.coverageTest(field.planes[p].frame(frame), run.geometry)
        let primitives = UnsafePointer(run.geometry.primitives.base)
        for t in 0..<field.grid.count where run.bins.starts[t] < run.bins.starts[t + 1] {
          let tile = field.grid.rectangle(t)
          worker.warped.fill(field, tile, plane: p)
          var i = run.bins.starts[t]
          // An instance's primitives lie one after another.
          while i < run.bins.starts[t + 1] {
            worker.warped.clear()
            let instance = primitives[Int(run.bins.entries.base[i])].instance
            while i < run.bins.starts[t + 1], primitives[Int(run.bins.entries.base[i])].instance == instance {
              let number = run.bins.entries.base[i]
              worker.warped.draw(primitives + Int(number), number: number)
              i += 1
            }
            rows.update(repeating: 0, count: TileGrid.side)
            for k in 0..<TileGrid.pixels where worker.warped.primitive[k][0] != SampleTile.empty {
              rows[k / TileGrid.side] |= 1 &<< UInt32(truncatingIfNeeded: k % TileGrid.side)
            }
            body(Int(instance), tile, UnsafePointer(rows))
          }
        }
      }
    }
  }

  /// Shades every tile, plane by plane.
  func shadeWarped(
    _ frame: Frame, _ field: RayField, _ places: [LightShadow?], into gbuffer: inout GBuffer, _ picture: PictureTarget
  ) {
    let background = SceneBackground(frame)
    for worker in workers { worker.target.prepare(background, exposure: frame.exposure) }
    var planes = field.planes.indices.map { p -> PlaneShading in
      let ideal = field.planes[p].frame(frame)
      return PlaneShading(
        inputs: shadingInputs(ideal, warped.run(p).geometry, warped.run(p).surfaces, field),
        lights: ShadingLights(ideal, shadows: places),
        shadow: ShadowFilter(shadowMap, camera: ideal.camera))
    }
    if let settings = frame.ambientOcclusion {
      occlusion.begin(frame, settings)
      for (p, plane) in planes.enumerated() {
        noteOcclusion(field.grid, warped.run(p).drawn, plane, turn: field.planes[p].rotation.transpose)
      }
      finishOcclusion()
      for p in planes.indices { planes[p].lights.occlusion = occlusion.lookup }
    }
    let (camera, width) = (frame.camera, frame.width)
    gbuffer.withTargets { [planes] labels in
      share(field.grid.count, (labels, picture, planes, field)) { t, w, shared in
        let (labels, picture, planes, field) = shared
        let (tile, worker) = (field.grid.rectangle(t), self.workers[w])
        worker.target.begin(tile, picture)
        for (p, plane) in planes.enumerated() {
          let run = self.warped.run(p)
          let own = run.drawn[t]
          if own.fragments.isEmpty { continue }
          let fragments = self.workers[own.worker].fragments.slice(from: own.fragments.lowerBound)
          let shader = TileShader(
            inputs: plane.inputs, lights: plane.lights, shadow: plane.shadow, scratch: worker.shading)
          shader.shade(
            fragments.primitives, fragments.places, count: own.fragments.count, tile: tile,
            mayBeShadowed: self.shadowMap.mayShadow(run.receivers.of(t)), target: worker.target)
        }
        worker.target.finish(tile, picture, depth: labels.depth, width: width)
        field.settleDepth(tile, camera, labels)
        if !field.showsAll { field.blacken(tile, picture) }
      }
    }
  }
}

extension TileWorker {
  fileprivate func drawWarped(
    _ entries: UnsafeBufferPointer<UInt32>, of primitives: UnsafePointer<Primitive>, _ field: RayField, tile t: Int,
    plane: Int, into labels: LabelTargets
  ) -> DrawnTile {
    let tile = field.grid.rectangle(t)
    // Room for the most a tile can have, and for the copies that fill the last batch.
    fragments.grow(to: count + TileGrid.pixels * 8 + 16, keeping: count)
    warped.fill(field, tile, plane: plane)
    warped.clear()
    for number in entries { warped.draw(primitives + Int(number), number: number) }
    var drawn = DrawnTile()
    let first = count
    let (end, range) = warped.resolve(primitives, field, tile, plane: plane, into: fragments, from: first, labels)
    (drawn.fragments, drawn.range) = (first..<end, range)
    count = end + 8
    return drawn
  }
}

extension RayField {
  /// Turns depths along the planes' axes into those that the camera's depth plane holds.
  fileprivate func settleDepth(_ tile: TileRectangle, _ camera: Camera, _ labels: LabelTargets) {
    let isDistance = camera.depthIsDistance
    if !isDistance && planes.count == 1 && planes[0].rotation == .identity { return }
    for row in tile.y..<tile.y + tile.height {
      for k in row * width + tile.x..<row * width + tile.x + tile.width where plane[k] != RayField.nothing {
        let ideal = planes[Int(plane[k])]
        let ray = Vector3(
          (Double(x[k]) / 256 - ideal.cx) / ideal.f, (Double(y[k]) / 256 - ideal.cy) / ideal.f, 1)
        // The camera's axis in the plane's axes is the third column.
        let factor = isDistance ? ray.length : dot(ideal.rotation.column2, ray)
        labels.depth[k] = Float(Double(labels.depth[k]) * factor)
      }
    }
  }

  /// Black where the lens shows nothing.
  fileprivate func blacken(_ tile: TileRectangle, _ picture: PictureTarget) {
    for row in tile.y..<tile.y + tile.height {
      for column in tile.x..<tile.x + tile.width where plane[row * width + column] == RayField.nothing {
        picture.blacken(column, row)
      }
    }
  }
}

extension Receivers {
  init(_ drawn: [DrawnTile], _ field: RayField, plane: Int, _ view: View) {
    let toWorld = view.camera.worldToCamera.inverse ?? .identity
    let ideal = field.planes[plane]
    for (t, tile) in drawn.enumerated() {
      if let range = tile.range {
        let b = field.bounds(plane: plane, tile: t)
        for (x, y) in [(b.x0, b.y0), (b.x1, b.y0), (b.x0, b.y1), (b.x1, b.y1)] {
          let ray = Vector3((Double(x) / 256 - ideal.cx) / ideal.f, (Double(y) / 256 - ideal.cy) / ideal.f, 1)
          add(toWorld * (ray / Double(range.upperBound)))
          add(toWorld * (ray / Double(range.lowerBound)))
        }
      }
      endTile()
    }
  }
}
