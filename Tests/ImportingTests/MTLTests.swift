import Geometry
import Testing

@testable import Importing

private func material(_ text: String) throws(ImportError) -> ImportedMaterial {
  var notes = Notes()
  return try MTLReader.read(Array(("newmtl m\n" + text).utf8), file: "d/m.mtl", notes: &notes)[0]
}

@Suite struct MTLTests {
  @Test func coloursAndPhysicalKeysAreRead() throws {
    let m = try material("Kd 0.5 0.25 1\n\tKe 2 3 4\nPr 0.3\nPm 1\nNs 5\nKs 0 0 0\n")
    #expect(m.baseColor == Vector3(0.5, 0.25, 1) && m.emission == Vector3(2, 3, 4))
    #expect(m.roughness == 0.3 && m.metallic == 1)
    #expect(try material("Kd 0.5\n").baseColor == Vector3(0.5, 0.5, 0.5))
  }

  @Test func theExponentBecomesRoughness() throws {
    #expect(try material("Ns 0\n").roughness == 1)
    #expect(try material("Ns 30\nKs 1 1 1\n").roughness == 0.5)  // alpha = sqrt(2/32) = 1/4
    #expect(try material("Ns 30\nKs 0 0 0\n").roughness == 1)
    #expect(try material("Kd 1 1 1\n").roughness == 0.5)
  }

  @Test(arguments: [
    ("map_Kd a.png", "d/a.png", Vector2(1, 1), Vector2(0, 0)),
    ("map_Kd sub\\wood grain.png ", "d/sub/wood grain.png", Vector2(1, 1), Vector2(0, 0)),
    ("map_Kd -s 2 3 -o 0.25 0.5 -clamp on ./a.png", "d/a.png", Vector2(2, 3), Vector2(0.25, -2.5)),
    ("map_Kd -o 0.1 a.png", "d/a.png", Vector2(1, 1), Vector2(0.1, 0)),
    ("map_Kd x/../wood - dark.png -bm 2", "d/wood - dark.png", Vector2(1, 1), Vector2(0, 0)),
    ("map_Kd -mm 0 1 -texres 512 -colorspace sRGB 7.png", "d/7.png", Vector2(1, 1), Vector2(0, 0)),
  ]) func texturesWithOptions(_ line: String, _ file: String, _ scale: Vector2, _ offset: Vector2) throws {
    #expect(try material(line).baseColorTexture == ImportedTexture(file: file, scale: scale, offset: offset))
  }

  @Test func aScaledTextureShowsTheSameTexel() throws {
    // In the file's terms the texel of (u, v) is at (u * 2 + 0.25, v * 3 + 0.5), from the lower left.
    let t = try #require(try material("map_Kd -s 2 3 -o 0.25 0.5 a.png").baseColorTexture)
    let v = 0.125
    #expect((1 - v) * t.scale.y + t.offset.y == 1 - (v * 3 + 0.5))
  }

  @Test func blackTimesAMapIsTheMap() throws {
    #expect(try material("Kd 0 0 0\nmap_Kd a.png").baseColor == Vector3(1, 1, 1))
    #expect(try material("map_Kd a.png").baseColor == Vector3(1, 1, 1))
    #expect(try material("Kd 0.5 1 1\nmap_Kd a.png").baseColor == Vector3(0.5, 1, 1))
  }

  @Test func theRestIsNoted() throws {
    var notes = Notes()
    let text = "newmtl a\nKa 1 1 1\nd 0.5\nTr 0\nKd 2 0 -1\nmap_Bump b.png\nnewmtl b\nKa 1 1 1\nTr 1\n"
    let materials = try MTLReader.read(Array(text.utf8), file: "m.mtl", notes: &notes)
    #expect(materials.map(\.name) == ["a", "b"] && materials[0].baseColor == Vector3(1, 0, 0))
    #expect(
      notes.lines == [
        "m.mtl:2: \"Ka\" is not used (2 times)", "m.mtl:3: transparency is not drawn (2 times)",
        "m.mtl:5: a value outside its range is cut to it (2 times)", "m.mtl:6: \"map_Bump\" is not used",
      ])
  }

  @Test(arguments: [
    ("newmtl\n", "m.mtl:1: found nothing, expected the name of a material"),
    ("Kd 1 1 1\n", "m.mtl:1: found \"Kd\", expected newmtl and a name first"),
    ("newmtl a\nKd 1 1\n", "m.mtl:2: found the line's end, expected a finite number"),
    ("newmtl a\nKd nan 1 1\n", "m.mtl:2: found \"nan\", expected a finite number"),
    ("newmtl a\nKd spectral x.rfl\n", "m.mtl:2: found \"spectral\", expected a finite number"),
    ("newmtl a\nmap_Kd\n", "m.mtl:2: found no file name, expected the name of a texture"),
    ("newmtl a\nmap_Kd -s\n", "m.mtl:2: found the line's end, expected a value for -s"),
    ("newmtl a\nmap_Kd -s x y\n", "m.mtl:2: found -s without a number, expected one to three numbers"),
    (
      "newmtl a\nmap_Kd ../a.png\n",
      "m.mtl:2: found the path \"../a.png\", which leads out of the folder, expected a file in the same folder or below"
    ),
    (
      "newmtl a\nmap_Kd -clmp on a.png\n",
      "m.mtl:2: found the option \"-clmp\", expected one of -blendu, -blendv, -bm, -boost, -cc, -clamp, -colorspace,"
        + " -imfchan, -mm, -o, -s, -t, -texres, -type; did you mean \"-clamp\"?"
    ),
    ("newmtl a\n\0", "m.mtl: found binary data, expected the text of an MTL file"),
  ]) func errorsNamePlaceAndFault(_ text: String, _ message: String) {
    #expect(refusal("v 0 0 0\nv 1 0 0\nv 1 1 0\nf 1 2 3\nmtllib m.mtl\n", files: ["m.mtl": text]) == message)
  }

  @Test func librariesMayHaveBlanksInTheirNamesAndBeSeveral() throws {
    let face = "v 0 0 0\nv 1 0 0\nv 1 1 0\nusemtl a\nf 1 2 3\n"
    let red = "newmtl a\nKd 1 0 0\n"
    for (line, file) in [
      ("mtllib my file.mtl", "my file.mtl"), ("mtllib no.mtl my\\ file.mtl", "my file.mtl"),
      ("mtllib ./sub\\x.mtl", "sub/x.mtl"), ("mtllib a.mtl b.mtl", "b.mtl"),
    ] {
      let m = try model(line + "\n" + face, files: [file: red])
      #expect(m.materials[0].baseColor == Vector3(1, 0, 0), "\(line)")
      #expect(m.companions == [file])
    }
    let both = try model("mtllib a.mtl b.mtl\n" + face, files: ["a.mtl": red, "b.mtl": "newmtl a\nKd 0 1 0\n"])
    #expect(both.materials[0].baseColor == Vector3(1, 0, 0), "the first definition counts")
  }
}
