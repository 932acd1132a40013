// swift-tools-version: 6.0
// The package that an iOS app adds. `cargo xtask ios` makes the native library; the manifest of a
// release downloads it instead (docs/how-to/ios-release.md).

import PackageDescription

let package = Package(
    name: "Switchback",
    platforms: [.iOS(.v15), .macOS(.v13)],
    products: [
        .library(name: "Switchback", targets: ["Switchback"])
    ],
    targets: [
        .binaryTarget(name: "SwitchbackFFI", path: "target/ios/SwitchbackFFI.xcframework"),
        .target(
            name: "SwitchbackBindings", dependencies: ["SwitchbackFFI"],
            path: "ios/Sources/SwitchbackBindings"),
        .target(
            name: "Switchback", dependencies: ["SwitchbackBindings"], path: "ios/Sources/Switchback",
            resources: [.copy("PrivacyInfo.xcprivacy")]),
    ],
    swiftLanguageModes: [.v6]
)
