// swift-tools-version: 6.0
// The Swift half on Linux, for its tests: the same sources, against the library that
// `cargo xtask test` makes.

import PackageDescription

/// Where that library is.
let library =
    Context.environment["SWITCHBACK_LIBRARY_PATH"] ?? "\(Context.packageDirectory)/../../target/debug"

let linked: [LinkerSetting] = [
    .unsafeFlags(["-L\(library)", "-lswitchback_bindings_testing", "-Xlinker", "-rpath=\(library)"])
]

/// Apple's frameworks, as far as the library uses them. They do what Apple's documentation says, and
/// refuse what Apple's frameworks refuse.
let standIns: [Target] = [
    .target(name: "Security", path: "StandIns/Security"),
    .target(name: "LocalAuthentication", dependencies: ["Security"], path: "StandIns/LocalAuthentication"),
    .target(name: "UIKit", path: "StandIns/UIKit"),
    .target(name: "SafariServices", dependencies: ["UIKit"], path: "StandIns/SafariServices"),
    .target(name: "AuthenticationServices", dependencies: ["UIKit"], path: "StandIns/AuthenticationServices"),
    .target(name: "SwiftUI", dependencies: ["UIKit"], path: "StandIns/SwiftUI"),
]
let frameworks: [Target.Dependency] = standIns.map { .target(name: $0.name) }

let modules: [Target] = [
    .systemLibrary(name: "SwitchbackFFI"),
    .systemLibrary(name: "SwitchbackTestingFFI"),
    .target(name: "SwitchbackBindings", dependencies: ["SwitchbackFFI"]),
    .target(
        name: "Switchback", dependencies: ["SwitchbackBindings"] + frameworks,
        resources: [.copy("PrivacyInfo.xcprivacy")]),
    .target(
        name: "SwitchbackTestingBindings", dependencies: ["SwitchbackBindings", "SwitchbackTestingFFI"]),
    .target(
        name: "SwitchbackTesting",
        dependencies: ["Switchback", "SwitchbackBindings", "SwitchbackTestingBindings"]),
    .executableTarget(
        name: "LogInDirectly", dependencies: ["Switchback"], path: "Programs/LogInDirectly",
        linkerSettings: linked),
    .executableTarget(
        name: "LogInThroughBackend", dependencies: ["Switchback"], path: "Programs/LogInThroughBackend",
        linkerSettings: linked),
    .executableTarget(
        name: "ProcessPart", dependencies: ["Switchback"] + frameworks, path: "Tests/ProcessPart",
        linkerSettings: linked),
    .executableTarget(
        name: "SwitchbackSample", dependencies: ["Switchback"] + frameworks, path: "Sample/SwitchbackSample",
        linkerSettings: linked),
    .executableTarget(
        name: "FirstLogin", dependencies: ["Switchback"] + frameworks, path: "Tests/FirstLogin",
        linkerSettings: linked),
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .testTarget(
        name: "SwitchbackBindingsTests",
        dependencies: ["Switchback", "SwitchbackBindings", "SwitchbackTestingBindings", "TestSupport"],
        linkerSettings: linked
    ),
    .testTarget(
        name: "SwitchbackTests",
        dependencies: [
            "Switchback", "SwitchbackBindings", "SwitchbackTesting", "TestSupport", "LogInDirectly",
            "LogInThroughBackend", "ProcessPart", "SwitchbackSample", "FirstLogin",
        ] + frameworks,
        linkerSettings: linked
    ),
]

let package = Package(
    name: "SwitchbackOnLinux",
    platforms: [.macOS(.v13)],
    products: [
        .library(name: "Switchback", targets: ["Switchback"]),
        .library(name: "SwitchbackTesting", targets: ["SwitchbackTesting"]),
    ],
    targets: modules + standIns
)
