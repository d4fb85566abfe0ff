import Geometry
import Imaging
import ImageCoding
import Rasterization
import Stage
#if canImport(Glibc)
  import Glibc
#endif

struct R {
  var s: UInt64;
  mutating func u() -> Double {
    s = s &* 6364136223846793005 &+ 1442695040888963407; var x = s; x ^= x >> 33; x = x &* 0xff51afd7ed558ccd;
    x ^= x >> 33; return Double(x >> 11) / 9007199254740992
  }
  mutating func u(_ a: Double, _ b: Double) -> Double { a + (b - a) * u() }
}

let box = {
  var b = Box(); b.size = Vector3(1, 2, 0.3125); return b.makeMesh()
}()
let sphere = Sphere(radius: 1).makeMesh()
let torus = Torus(majorRadius: 0.7, minorRadius: 0.3, segments: 64, tubeSegments: 32).makeMesh()
var pl = PlaneShape(); pl.size = Vector2(40, 40)
let ground = pl.makeMesh()
print(box.isClosed, sphere.isClosed, torus.isClosed, ground.isClosed, sphere.triangleCount, torus.triangleCount)
var checker = CheckerPattern(); var noise = NoisePattern(); let marble = MarblePattern(); let wood = WoodPattern();
let stripes = StripesPattern(); let dots = DotsPattern(); let bricks = BricksPattern()
let c0 = clock()
let texs: [Texture] = ([checker, noise, marble, wood, stripes, dots, bricks] as [any Pattern]).map {
  Texture.baked($0, resolution: 256)
}
print("bake ms", Double(clock() - c0) / 1000)
func frame(_ seed: Int) -> Frame {
  var r = R(s: UInt64(seed) &* 7919 &+ 17); _ = r.u(); _ = r.u()
  func color() -> Vector3 { Vector3(r.u(0.05, 0.9), r.u(0.05, 0.9), r.u(0.05, 0.9)) }
  func mat(_ scale: Double) -> Material {
    Material(
      baseColor: Vector3(1, 1, 1),
      baseColorTexture: TextureUse(
        texture: texs[Int(r.u(0, Double(texs.count)))], scale: Vector2(scale, scale),
        ramp: .init(first: color(), second: color())), metallic: r.u() < 0.2 ? 1 : 0, roughness: r.u(0.2, 0.8))
  }
  var inst: [Instance] = [
    Instance(id: 0, category: 0, name: "ground", mesh: ground, objectToWorld: .identity, materials: [mat(10)])
  ]
  for i in 0..<48 {
    let m = i < 24 ? box : i < 36 ? sphere : torus
    let s = i < 24 ? r.u(0.45, 0.75) : i < 36 ? r.u(0.3, 0.5) : r.u(0.35, 0.6)
    let a = r.u(0, 2 * Double.pi), d = 3.2 * r.u().squareRoot()
    let q = Quaternion(w: r.u(-1, 1), x: r.u(-1, 1), y: r.u(-1, 1), z: r.u(-1, 1)).normalized!
    inst.append(
      Instance(
        id: UInt32(i + 1), category: 1 + i / 12, name: "o\(i)", mesh: m,
        objectToWorld: AffineTransform(
          linear: q.matrix * s, translation: Vector3(d * StableMath.cos(a), d * StableMath.sin(a), r.u(0.35, 1.3))),
        materials: [mat(1)]))
  }
  let az = r.u(0, 6.28), el = r.u(20, 70).degreesInRadians, dist = r.u(6.5, 9)
  let eye =
    Vector3(StableMath.cos(az) * StableMath.cos(el), StableMath.sin(az) * StableMath.cos(el), StableMath.sin(el)) * dist
  let rot = Camera.lookAt(eye: eye, target: Vector3(r.u(-0.4, 0.4), r.u(-0.4, 0.4), 0.5), up: Vector3(0, 0, 1))!
  let f = 240 / StableMath.tan(22.5.degreesInRadians)
  let saz = r.u(0, 6.28), sel = r.u(30, 75).degreesInRadians
  let sun = Vector3(
    StableMath.cos(saz) * StableMath.cos(sel), StableMath.sin(saz) * StableMath.cos(sel), StableMath.sin(sel))
  return Frame(
    index: seed, width: 640, height: 480,
    camera: Camera(fx: f, fy: f, cx: 320, cy: 240, rotation: rot, translation: -(rot * eye)),
    background: Vector3(0.3, 0.5, 0.8), sun: Sun(direction: sun, irradiance: Vector3(3, 2.9, 2.7)),
    ambient: HemisphericLight(sky: Vector3(0.35, 0.4, 0.5), ground: Vector3(0.2, 0.18, 0.15)), instances: inst)
}
let n = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1])! : 50
let ras = Rasterizer()
let enc = try PNGEncoder()
var total: UInt64 = 0
var encT = 0
_ = ras.render(frame(0))
let t0 = clock()
for i in 0..<n {
  let out = ras.render(frame(i))
  let c = clock()
  try enc.write(out.rgb)
  if i < 3 {
    enc.withFile { b in
      let f = fopen("/tmp/bench\(i).png", "wb"); fwrite(b.baseAddress, 1, b.count, f); fclose(f)
    }
  }
  encT += Int(clock() - c)
  if case .eight(let s) = out.rgb.samples { total ^= Digest(of: s).low ^ UInt64(i) &* 31 }
  total ^= Digest(of: out.gbuffer.instanceIndex).low
}
print("cpu ms/frame", Double(clock() - t0) / 1000 / Double(n), "png", Double(encT) / 1000 / Double(n), "digest", total)
for s in StageTimes.Stage.allCases { print(s, Double(ras.times.nanoseconds[s.rawValue]) / 1e6 / Double(n + 1)) }
