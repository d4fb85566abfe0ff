import Geometry
import Stage
import Testing

@testable import Importing

private let square = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\n"

@Suite struct OBJTests {
  @Test func everyFormOfACorner() throws {
    let data = square + "vt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\nvn 0 0 2\n"
    for face in [
      "f 1/1/1 2/2/1 3/3/1", "f -4/-4/-1 -3/-3/-1 -2/-2/-1", "f 1/1 2/2 3/3", "f 1/1/ 2/2/ 3/3/",
      "f 1/1 2/2/1 -2/-2", "f\t1/1\t2/2  3/3 # c", "f 1/1 \\\n 2/2 \\\r\n3/3", "fo 1/1 2/2 3/3",
    ] {
      let m = try model(data + face + "\n").mesh
      #expect(positions(m) == [Vector3f(0, 0, 0), Vector3f(1, 0, 0), Vector3f(1, 1, 0)], "\(face)")
      #expect(m.vertices.map(\.uv) == [Vector2f(0, 1), Vector2f(1, 1), Vector2f(1, 0)], "v runs downwards: \(face)")
      #expect(m.vertices.allSatisfy { $0.normal == Vector3f(0, 0, 1) }, "\(face)")
    }
    for face in ["f 1 2 3", "f 1// 2// 3//", "f 1//1 2//1 3//1"] {
      let m = try model(data + face).mesh
      #expect(m.vertices.allSatisfy { $0.uv == Vector2f(0, 0) && $0.normal == Vector3f(0, 0, 1) }, "\(face)")
    }
  }

  @Test func lineEndsBlanksAndMarksDoNotMatter() throws {
    let text = square + "f 1 2 3 4\n"
    let plain = try model(text).mesh
    for (from, to) in [("\n", "\r\n"), ("\n", "\r"), (" ", "\t "), ("\n", " \n\n# comment\n  ")] {
      #expect(
        try model(text.split(separator: from).joined(separator: to) + to).mesh == plain, "\(from.debugDescription)")
    }
    #expect(try model("\u{feff}" + text).mesh == plain)
    #expect(try model(String(text.dropLast())).mesh == plain)
  }

  @Test func facesMayNameVerticesListedLater() throws {
    #expect(try model("f 1 2 3\n" + square).mesh.triangleCount == 1)
  }

  @Test func materialsBecomeSlotsInOrderOfUse() throws {
    let m = try model(
      square
        + "mtllib a.mtl\nusemtl unused\nusemtl  two words \nf 1 2 3\nusemtl b\nf 1 3 4\nusemtl two words\nf 1 2 4\n",
      files: ["a.mtl": "newmtl b\nKd 0.5 0.25 1\nnewmtl two words\nKd 1 0 0\n"])
    #expect(m.mesh.slotNames == ["two words", "b"])
    #expect(m.mesh.materialSlots == [0, 1, 0])
    #expect(m.materials.map(\.baseColor) == [Vector3(1, 0, 0), Vector3(0.5, 0.25, 1)])
    #expect(m.notes.isEmpty)
  }

  @Test func missingMaterialsAreNoted() throws {
    let m = try model(square + "mtllib no.mtl\nf 1 2 3\nusemtl x\nf 1 3 4\n")
    #expect(m.mesh.slotNames == ["default", "x"])
    #expect(
      m.notes == [
        "m.obj:5: there is no material file \"no.mtl\"", "m.obj:6: faces without a material get the default one",
        "m.obj:8: the material \"x\" is not defined; the default one stands for it",
      ])
  }

  @Test func whatIsNotDrawnIsNotedOnceAKind() throws {
    let m = try model(
      "v 0 0 0 1 0 0\nv 1 0 0 nan 0 0\nv 1 1 0 1 0 0\nv 0 0 1 2\nl 1 2\np 1\np 2\nvp 1 2\ng a b\no c\nf 1 2\nf 1 1 2\nf 1 2 3\n"
    )
    #expect(
      m.notes == [
        "m.obj:1: vertex colours are not used (2 times)",
        "m.obj:2: vertex colours are not used, and some are not finite",
        "m.obj:4: the weight w of vertices is not used", "m.obj:5: lines are not drawn",
        "m.obj:6: points are not drawn (2 times)", "m.obj:8: \"vp\" is not used",
        "m.obj:11: a face of fewer than 3 corners is not drawn",
        "m.obj:12: a triangle with two corners in one point is not drawn",
      ])
    #expect(m.mesh.triangleCount == 1)
  }

  @Test(arguments: [
    ("", "m.obj: found no face, expected an OBJ file with at least one face"),
    ("v 0 0 0\n", "m.obj: found no face, expected an OBJ file with at least one face"),
    ("# only\n", "m.obj: found no face, expected an OBJ file with at least one face"),
    ("v 0 0\n", "m.obj:1: found the line's end, expected a finite number"),
    ("\nv 0 0 x\n", "m.obj:2: found \"x\", expected a finite number"),
    ("v 0 \\\n 0 nan\n", "m.obj:2: found nan, expected a finite number below 3.4e38"),
    ("v 0 0 inf\n", "m.obj:1: found inf, expected a finite number below 3.4e38"),
    ("v 0 0 1e39\n", "m.obj:1: found 1e+39, expected a finite number below 3.4e38"),
    ("vt nan 0\n", "m.obj:1: found nan, expected a finite number below 3.4e38"),
    ("vn 0 0 -inf\n", "m.obj:1: found -inf, expected a finite number below 3.4e38"),
    (square + "f 1 2 5\n", "m.obj:5: found vertex 5, expected at most 4"),
    (square + "f 1 2 0\n", "m.obj:5: found vertex 0, expected from 1, or from -4 to -1 for the 4 listed above it"),
    (square + "f 1 2 -5\n", "m.obj:5: found vertex -5, expected from 1, or from -4 to -1 for the 4 listed above it"),
    (square + "f 1/1 2 3\n", "m.obj:5: found texture coordinate 1, expected none, for the file lists none"),
    (square + "f 1//1 2 3\n", "m.obj:5: found normal 1, expected none, for the file lists none"),
    (square + "f 1 2 3x\n", "m.obj:5: found \"3x\", expected a corner of a face such as 1, 1/2, 1//3 or 1/2/3"),
    (square + "f 1 2 a\n", "m.obj:5: found \"a\", expected a corner of a face such as 1, 1/2, 1//3 or 1/2/3"),
    (
      square + "f 1 2 99999999999999999999\n",
      "m.obj:5: found \"99999999999999999999\", expected a corner of a face such as 1, 1/2, 1//3 or 1/2/3"
    ),
    (
      square + "f 1 2 4294967297\n",
      "m.obj:5: found vertex 4294967297, expected from 1, or from -4 to -1 for the 4 listed above it"
    ),
    (square + "s x\n", "m.obj:5: found \"x\", expected a smoothing group of 0 or more, or off"),
    (square + "f 1 2 1 2\n", "m.obj: found no face that covers an area, expected at least one"),
    ("v 0 0 0\nv 1 1 1\nv 2 2 2\nf 1 2 3\n", "m.obj: found no face that covers an area, expected at least one"),
    ("v 0 0 \0", "m.obj: found binary data, expected the text of an OBJ file"),
    (
      square + "f 1 2 3\nmtllib ../x.mtl\n",
      "m.obj:6: found the path \"../x.mtl\", which leads out of the folder, expected a file in the same folder or below"
    ),
    (
      square + "f 1 2 3\nmtllib /etc/x.mtl\n",
      "m.obj:6: found the absolute path \"/etc/x.mtl\", expected a file in the same folder or below"
    ),
    (
      square + "f 1 2 3\nmtllib C:\\x.mtl\n",
      "m.obj:6: found the absolute path \"C:\\x.mtl\", expected a file in the same folder or below"
    ),
  ]) func errorsNamePlaceAndFault(_ text: String, _ message: String) { #expect(refusal(text) == message) }

  @Test func aThousandPolygonsKeepTheirArea() throws {
    // Star-shaped polygons around the origin, in a tilted plane: concave, but never crossing themselves.
    var random = TestRandom(seed: 3)
    for round in 0..<1000 {
      let n = 3 + random.below(12)
      var points: [Vector2] = []
      for k in 0..<n {
        let (s, c) = StableMath.sincos(2 * .pi * Double(k) / Double(n))
        points.append(Vector2(c, s) * (0.2 + Double(random.below(1000)) / 500))
      }
      let exact = points.indices.reduce(0.0) { sum, i in
        let (a, b) = (points[i], points[(i + 1) % n])
        return sum + (a.x * b.y - a.y * b.x) / 2
      }
      let text =
        points.map { "v \($0.x) \($0.y) \(0.5 * $0.x - $0.y)\n" }.joined() + "f "
        + (1...n).map(String.init).joined(separator: " ")
      let m = try model(text)
      #expect(m.mesh.triangleCount == n - 2)
      #expect(abs(Double(area(m.mesh)) / (exact * 1.5) - 1) < 1e-5, "round \(round)")  // |(-0.5, 1, 1)| = 1.5
      #expect(m.notes.isEmpty, "\(m.notes)")
    }
  }

  @Test func aPolygonThatCrossesItselfIsNoted() throws {
    // A star drawn in one stroke turns left twice around; a figure of eight not at all.
    let star = (0..<5).map { k -> String in
      let (s, c) = StableMath.sincos(0.8 * .pi * Double(k))
      return "v \(c) \(s) 0\n"
    }
    for text in [star.joined() + "f 1 2 3 4 5\n", "v 0 0 0\nv 3 0 0\nv 1 1 0\nv 2 1 0\nv 0 0 0\nf 1 2 3 4 5\n"] {
      #expect(
        try model(text).notes.contains("m.obj:6: a polygon that crosses itself or is too intricate is drawn as a fan"))
    }
  }

  @Test func harmlessPolygonsAreNotNoted() throws {
    // A corner given twice, a corner on a straight edge, and a square hole reached by a doubled edge.
    for (text, exact) in [
      (square + "f 1 2 3 3\n", Float(0.5)), ("v 0 0 0\nv 1 0 0\nv 2 0 0\nv 2 2 0\nv 0 2 0\nf 1 2 3 4 5\n", 4),
      (
        "v 0 0 0\nv 3 0 0\nv 3 3 0\nv 0 3 0\nv 1 1 0\nv 1 2 0\nv 2 2 0\nv 2 1 0\nf 1 2 3 4 1 5 6 7 8 5\n", 8
      ),
    ] {
      let m = try model(text)
      #expect(abs(area(m.mesh) - exact) < 1e-6, "\(text)")
      #expect(!m.notes.contains { $0.contains("crosses itself") }, "\(text)")
    }
  }

  private let cube = """
    v -1 -1 -1\nv 1 -1 -1\nv 1 1 -1\nv -1 1 -1\nv -1 -1 1\nv 1 -1 1\nv 1 1 1\nv -1 1 1
    f 1 4 3 2\nf 5 6 7 8\nf 1 2 6 5\nf 2 3 7 6\nf 3 4 8 7\nf 4 1 5 8
    """

  @Test func normalsFollowCreasesAndSmoothingGroups() throws {
    let creased = try model(cube).mesh
    #expect(creased.vertices.count == 24 && creased.isClosed && Set(creased.pieces).count == 6)
    let smooth = try model("s 1\n" + cube).mesh
    #expect(smooth.vertices.count == 8 && smooth.isClosed && Set(smooth.pieces).count == 1)
    // A cube's corner points along its diagonal whichever way its faces are cut: angles count, not triangles.
    for v in smooth.vertices { #expect((v.normal - v.position / v.position.length).length < 1e-6) }
    #expect(try model("s off\n" + cube).mesh == creased)
    #expect(try model("s 0\n" + cube).mesh == creased)
  }

  @Test func gentleBendsAreSmoothedOnlyWhereTheFileIsSilent() throws {
    // Two squares that meet at about 29 degrees.
    let bend = "v 0 1 0\nv 0 0 0\nv 2 0 0\nv 2 1 0\nv 4 0 -1.1\nv 4 1 -1.1\nf 1 2 3 4\nf 4 3 5 6\n"
    #expect(try model(bend).mesh.vertices.count == 6)
    #expect(try model("s off\n" + bend).mesh.vertices.count == 8)
    #expect(try model("s 1\n" + bend.replacing("f 4", with: "s 2\nf 4")).mesh.vertices.count == 8)
  }

  @Test func doubledVerticesAreSmoothedAsOne() throws {
    let doubled =
      "v 0 1 0\nv 0 0 0\nv 2 0 0\nv 2 1 0\nv 2 0 0\nv 2 1 -0\nv 4 0 -1.1\nv 4 1 -1.1\nf 1 2 3 4\nf 6 5 7 8\n"
    let m = try model(doubled).mesh
    #expect(m.vertices[2].normal == m.vertices[5].normal || m.vertices[2].normal == m.vertices[4].normal)
  }

  @Test func normalsOfLengthZeroAreReplaced() throws {
    let m = try model(square + "vn 0 0 0\nf 1//1 2//1 3//1\n")
    #expect(m.mesh.vertices.allSatisfy { $0.normal == Vector3f(0, 0, 1) })
    #expect(m.notes.contains("m.obj:6: a normal of length 0 is replaced (3 times)"))
  }
}
