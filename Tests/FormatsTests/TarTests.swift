import Glibc
import Testing

@testable import Formats

@Suite struct TarTests {
  func write(_ bytes: [UInt8], _ folder: TestFolder) throws -> String {
    let path = folder.path + "/a.tar"
    FileSystem.remove(path)
    try bytes.withUnsafeBufferPointer { b throws(FileError) in
      try FileSystem.create(path, UnsafeRawBufferPointer(b), sync: false)
    }
    return path
  }

  @Test func whatIsWrittenIsFound() throws {
    let folder = try TestFolder()
    var sample = TarSample()
    // Sizes around a block's.
    let files = [0, 1, 511, 512, 513, 5000].map { ("\($0).bin", [UInt8](repeating: UInt8($0 % 251), count: $0)) }
    for (name, content) in files { sample.add(name, content) }
    let path = try write(sample.bytes + TarSample.end, folder)
    let index = try TarIndex(path)
    #expect(index.members.map(\.name) == files.map(\.0))
    for (name, content) in files {
      let m = try #require(index[name])
      #expect(try FileSystem.read(path, from: m.offset, count: m.size) == content)
    }
  }

  /// POSIX's fields to the byte: no time, no owner, a checksum that is the sum of all bytes.
  @Test func headerIsUstar() {
    let h = TarSample.header("000012.png", size: 0o1234567)
    #expect(h.count == 512)
    #expect(Array(h[257..<265]) == Array("ustar".utf8) + [0] + Array("00".utf8))
    #expect(Array(h[124..<136]) == Array("00001234567".utf8) + [0])
    #expect(Array(h[136..<148]) == Array("00000000000".utf8) + [0], "the time is 0")
    #expect(Array(h[108..<116]) == Array("0000000".utf8) + [0], "the owner is 0")
    let sum = h.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
    #expect(Int(String(decoding: h[148..<154], as: UTF8.self), radix: 8) == sum)
  }

  /// No byte of an archive's headers or end may differ, and nothing may lack or follow.
  @Test func damageIsFound() throws {
    let folder = try TestFolder()
    var sample = TarSample()
    sample.add("a.png", [UInt8](repeating: 7, count: 600))
    sample.add("b.png", [UInt8](repeating: 8, count: 10))
    let whole = sample.bytes + TarSample.end
    _ = try TarIndex(try write(whole, folder))
    for cut in [1, 511, 512, 513, 1536, 2048, whole.count - 512, whole.count - 1] {
      let path = try write(Array(whole[..<cut]), folder)
      #expect(throws: TarError.self, "cut to \(cut) bytes") { try TarIndex(path) }
    }
    for place in [0, 100, 124, 130, 136, 150, 156, 257, 300, 345, 511, 1536 + 124, whole.count - 1, whole.count - 1000]
    {
      var bytes = whole
      bytes[place] ^= 1
      let path = try write(bytes, folder)
      #expect(throws: TarError.self, "byte \(place)") { try TarIndex(path) }
    }
    var twice = TarSample()
    for _ in 0..<2 { twice.add("a.png", [1]) }
    let path = try write(twice.bytes + TarSample.end, folder)
    #expect(throws: TarError.self) { try TarIndex(path) }
    let longer = try write(whole + [0], folder)
    #expect(throws: TarError.self) { try TarIndex(longer) }
  }
}
