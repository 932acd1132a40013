#if canImport(Security) && canImport(LocalAuthentication)
    extension LockFile {
        /// The lock of an app and its extensions, in the folder of their app group.
        ///
        /// ```swift
        /// platform.lockFile = try LockFile(appGroup: "group.com.example.shop")
        /// ```
        ///
        /// Also set ``Platform/background``: iOS kills an app that it suspends while the app holds this
        /// lock.
        ///
        /// Throws ``SwitchbackError/Code-swift.struct/configuration`` if this program does not have the
        /// app group.
        /// - Parameters:
        ///   - appGroup: The identifier of the app group, as in the capability App Groups of each program.
        ///   - name: One name for each store.
        public init(appGroup: String, name: String = "switchback") throws {
            self.init(folder: try StateFolder.make(appGroup: appGroup), name: name)
        }
    }

    extension FirstRun {
        /// The first run of an iOS app: the marker is in the app's own folder, or in the folder of an app
        /// group.
        ///
        /// The folder is in `Library/Application Support`, which the system removes with the app, and is
        /// excluded from backups. So a restored app begins without a session, on this device too: its
        /// keychain items are of this device only. (`Library/Caches` would not do: the system empties it
        /// while the app is installed.)
        ///
        /// Throws ``SwitchbackError/Code-swift.struct/configuration`` if this program does not have the app
        /// group.
        /// - Parameters:
        ///   - sessions: What to do with the sessions of an earlier installation.
        ///   - appGroup: The app group of an app whose extensions use the same store.
        public init(sessions: Sessions, appGroup: String? = nil) throws {
            self.init(markerFolder: try StateFolder.make(appGroup: appGroup), sessions: sessions)
        }
    }
#endif
