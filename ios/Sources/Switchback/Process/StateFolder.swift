#if canImport(Security) && canImport(LocalAuthentication)
    import Foundation

    /// The folder for files that Switchback needs besides the keychain.
    enum StateFolder {
        /// Makes the folder, and excludes it from backups. Before the first unlock of the device both may
        /// fail: then Switchback makes the folder when it needs it, and the next start excludes it.
        ///
        /// https://developer.apple.com/documentation/foundation/urlresourcevalues/isexcludedfrombackup
        static func make(appGroup: String?) throws -> URL {
            make(in: try parent(appGroup))
        }

        static func make(in parent: URL) -> URL {
            var folder = parent.appendingPathComponent("switchback", isDirectory: true)
            try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            // Each time, because some operations on files reset it.
            var values = URLResourceValues()
            values.isExcludedFromBackup = true
            try? folder.setResourceValues(values)
            return folder
        }

        private static func parent(_ appGroup: String?) throws -> URL {
            let files = FileManager.default
            guard let appGroup else {
                let support = files.urls(for: .applicationSupportDirectory, in: .userDomainMask)[0]
                // On macOS the apps of a person share the folder.
                return support.appendingPathComponent(Bundle.identifier, isDirectory: true)
            }
            guard let container = files.containerURL(forSecurityApplicationGroupIdentifier: appGroup) else {
                throw SwitchbackError(
                    .configuration,
                    "this program does not have the app group \(appGroup): add the group to its entitlement "
                        + "com.apple.security.application-groups (in Xcode: Signing & Capabilities > App "
                        + "Groups), and to the same entitlement of the app and of each extension")
            }
            return container.appendingPathComponent("Library/Application Support", isDirectory: true)
        }
    }
#endif
