// swift-tools-version: 6.1
import PackageDescription

// The house, floor by floor: Documentation/Architecture.md draws it. A target may import the floors below it, never
// one above or beside it unless listed here.

let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func floor(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(of name: String, _ extra: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.target(name: name)] + extra, resources: resources,
    swiftSettings: swiftSettings)
}

let package = Package(
  name: "Diorama",
  products: [
    .executable(name: "diorama", targets: ["diorama"]),
    .executable(name: "diorama-bench", targets: ["diorama-bench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    // Below the house: C that Swift cannot call safely (setjmp, macros), over Debian's libraries.
    .target(name: "CPNGShims", linkerSettings: [.linkedLibrary("png"), .linkedLibrary("isal"), .linkedLibrary("z")]),
    .target(name: "CJPEGShims", linkerSettings: [.linkedLibrary("jpeg")]),
    .target(name: "CEXRShims", linkerSettings: [.linkedLibrary("OpenEXRCore")]),
    .target(name: "CDigestShims"),
    .target(name: "CLanes"),
    .target(name: "CProcessShims"),

    // Floor 0
    floor("Geometry"),
    floor("Imaging", ["Geometry", "CDigestShims"]),
    floor("Documents"),
    floor("LaneMath", ["CLanes"]),
    // Floor 1
    floor("Stage", ["Geometry", "Imaging", "Documents"]),
    floor("ImageCoding", ["Imaging", "CPNGShims", "CJPEGShims", "CEXRShims"]),
    // Floor 2
    floor("Importing", ["Stage", "ImageCoding", "Geometry", "Imaging", "Documents"]),
    floor("GLTFExport", ["Stage", "ImageCoding", "Geometry", "Imaging", "Documents"]),
    // Floor 3
    floor(
      "Sampling",
      ["Importing", "Stage", "Geometry", "Imaging", "Documents", .product(name: "Yams", package: "Yams")]),
    floor("Rasterization", ["Stage", "Geometry", "Imaging", "LaneMath", "CLanes"]),
    floor("Photography", ["Stage", "ImageCoding", "Geometry", "Imaging", "LaneMath", "CLanes"]),
    // Floor 4
    floor(
      "Annotators", ["Rasterization", "Stage", "ImageCoding", "Documents", "Geometry", "Imaging", "CLanes"]),
    // Floor 5
    floor(
      "Formats", ["Annotators", "Stage", "ImageCoding", "Documents", "Geometry", "Imaging", "CProcessShims"]),
    // Floor 6
    floor(
      "Datasets",
      [
        "Formats", "Annotators", "Sampling", "Rasterization", "Photography", "Importing", "GLTFExport", "ImageCoding",
        "Stage", "Documents", "Geometry", "Imaging", "CProcessShims",
      ]),
    // Floor 7
    .executableTarget(
      name: "diorama",
      dependencies: [
        "Datasets", "Formats", "Annotators", "Sampling", "Rasterization", "Importing", "GLTFExport", "ImageCoding",
        "Stage", "Documents", "Geometry", "Imaging", "CProcessShims",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: swiftSettings),
    .executableTarget(
      name: "diorama-bench",
      dependencies: [
        "Datasets", "Formats", "Annotators", "Sampling", "Stage", "Documents", "CProcessShims",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: swiftSettings),

    tests(of: "Geometry"),
    tests(of: "Imaging", ["ImageCoding"]),
    tests(of: "Documents"),
    tests(of: "Stage", ["Geometry", "Imaging", "Documents"]),
    tests(of: "ImageCoding", ["Imaging"]),
    tests(of: "Importing", ["Stage", "ImageCoding", "Geometry", "Imaging", "Documents"]),
    tests(of: "GLTFExport", ["Importing", "Stage", "ImageCoding", "Geometry", "Imaging", "Documents"]),
    tests(of: "Sampling", ["Annotators", "Importing", "Stage", "Geometry", "Imaging", "Documents"]),
    tests(of: "Rasterization", ["LaneMath", "Sampling", "Importing", "Stage", "Geometry", "Imaging", "Documents"]),
    tests(of: "Photography", ["Stage", "ImageCoding", "Geometry", "Imaging", "LaneMath", "CLanes"]),
    tests(
      of: "Annotators",
      ["Rasterization", "Sampling", "Importing", "Stage", "ImageCoding", "Documents", "Geometry", "Imaging"]),
    tests(of: "Formats", ["Annotators", "Stage", "ImageCoding", "Documents", "Geometry", "Imaging"]),
    tests(
      of: "Datasets",
      [
        "Formats", "Annotators", "Sampling", "Rasterization", "Importing", "ImageCoding", "Stage", "Geometry",
        "Imaging",
      ]),
    // The command line as a process: depends on the program so that it is built.
    .testTarget(
      name: "DioramaCommandTests", dependencies: ["diorama", "Datasets", "Annotators", "ImageCoding", "Imaging"],
      swiftSettings: swiftSettings),
  ]
)
