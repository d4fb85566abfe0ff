import Testing

/// `diorama gallery`, and the samples of features.
@Suite struct GalleryTests {
  @Test func everySampleIsDrawn() throws {
    let scratch = try Scratch()
    let out = scratch.path("gallery")
    let outcome = try shell("exec \"$diorama\" gallery Scenes/gallery/*.yaml --size 48x32 --out '\(out)'")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let files = try scratch.files(in: "gallery")
    #expect(files["gallery.png"] != nil && files["solids.png"] != nil && files["sky_clear.png"] != nil)
  }

  @Test func faultsEndInTheirCodes() throws {
    let scratch = try Scratch()
    #expect(try diorama("gallery", "Scenes/none.yaml", "--out", scratch.path("a")).code == 65)
    #expect(
      try diorama(
        "gallery", "Scenes/dominoes.yaml", "Scenes/dominoes.yaml", "--out", scratch.path("b"), "--size", "8x8"
      )
      .code == 64)
    #expect(try diorama("gallery", "Scenes/dominoes.yaml", "--columns", "0", "--out", scratch.path("c")).code == 64)
  }
}
