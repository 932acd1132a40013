// swift-tools-version: 6.0
// The Swift that `cargo xtask size calls` measures, and what it is measured with.

import PackageDescription

/// Where the libraries are that are measured.
let libraries = "-L../../../target/measure"

let package = Package(
    name: "Measure",
    targets: [
        .systemLibrary(name: "SwitchbackFFI"),
        .systemLibrary(name: "SwitchbackTestingFFI"),
        .target(name: "SwitchbackBindings", dependencies: ["SwitchbackFFI"]),
        .target(name: "SwitchbackTestingBindings", dependencies: ["SwitchbackBindings", "SwitchbackTestingFFI"]),
        .executableTarget(
            name: "Calls",
            dependencies: ["SwitchbackTestingBindings"],
            linkerSettings: [.unsafeFlags([libraries, "-lswitchback_bindings_testing"])]
        ),
        .executableTarget(
            name: "Start",
            dependencies: ["SwitchbackBindings"],
            linkerSettings: [.unsafeFlags([libraries, "-lswitchback_bindings"])]
        ),
    ]
)
