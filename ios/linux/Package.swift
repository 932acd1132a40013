// swift-tools-version: 6.0
// The Swift half on Linux, for its tests: the same sources, against the library that
// `cargo xtask test` makes.

import PackageDescription

/// Where that library is.
let library =
    Context.environment["SWITCHBACK_LIBRARY_PATH"] ?? "\(Context.packageDirectory)/../../target/debug"

let package = Package(
    name: "SwitchbackOnLinux",
    products: [.library(name: "Switchback", targets: ["Switchback"])],
    targets: [
        .systemLibrary(name: "SwitchbackFFI"),
        .systemLibrary(name: "SwitchbackTestingFFI"),
        .target(name: "Switchback", dependencies: ["SwitchbackFFI"]),
        .target(name: "SwitchbackTesting", dependencies: ["Switchback", "SwitchbackTestingFFI"]),
        .testTarget(
            name: "SwitchbackTests",
            dependencies: ["Switchback", "SwitchbackTesting"],
            linkerSettings: [
                .unsafeFlags([
                    "-L\(library)", "-lswitchback_bindings_testing", "-Xlinker", "-rpath=\(library)",
                ])
            ]
        ),
    ]
)
