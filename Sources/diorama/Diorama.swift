// The command line: one file a subcommand.

import ArgumentParser
import CProcessShims
import Glibc
import Rasterization

@main
struct Diorama: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diorama",
    abstract: "Turns scene files into annotated training images, without a GPU.",
    discussion: """
      A scene says what may vary; Diorama draws it frame by frame and writes images beside exact labels.

        diorama render Scenes/dominoes.yaml --frames 1000
        diorama preview Renders/dominoes --out sheet.png
        diorama merge Renders/shard-* --out Renders/all

      Exit codes: 0 done, or nothing left to do; 1 a comparison found a difference; 64 the command line is wrong; 65 the scene or its data is wrong, or the \
      folder holds another dataset; 70 a fault of Diorama's own; 74 a file could not be read or written; 75 stopped by a \
      signal with work left: the same command goes on from there.
      """,
    version: "0.1.0 (render version \(renderVersion), \(String(cString: diorama_build_target())))",
    subcommands: [
      RenderCommand.self, MergeCommand.self, SplitCommand.self, ExportCommand.self, ImportCommand.self,
      VerifyCommand.self, ReportCommand.self, FitCommand.self, GoldenCommand.self, DiffCommand.self,
      ReplayCommand.self, PreviewCommand.self, GalleryCommand.self, CheckCommand.self, SampleCommand.self,
      ExplainCommand.self, SchemaCommand.self, ReferenceCommand.self, FormatsCommand.self,
    ])
}
