#if canImport(Security) && canImport(LocalAuthentication)
    extension FirstRun {
        /// The first run of an iOS app: the marker is in the app's own folder, or in the folder of an app
        /// group.
        ///
        /// The folder is in `Library/Application Support`, which the system removes with the app, and is
        /// excluded from backups. So a restored app begins without a session, on this device too: its
        /// keychain items are of this device only. (`Library/Caches` would not do: the system empties it
        /// while the app is installed.)
        ///
        /// Throws ``StoreError/denied(_:)`` if the app does not have this app group.
        /// - Parameters:
        ///   - sessions: What to do with the sessions of an earlier installation.
        ///   - appGroup: The app group of an app whose extensions use the same store.
        public init(sessions: Sessions, appGroup: String? = nil) throws {
            self.init(markerFolder: try StateFolder.make(appGroup: appGroup), sessions: sessions)
        }
    }
#endif
