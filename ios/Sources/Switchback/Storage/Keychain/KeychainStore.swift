#if canImport(Security) && canImport(LocalAuthentication)
    import Foundation
    import LocalAuthentication
    import Security

    /// Stores entries in the keychain, as generic passwords of this device that no backup copies to
    /// another device and iCloud does not synchronize. On macOS it uses the data protection keychain.
    ///
    /// ```swift
    /// let store = KeychainStore()
    /// ```
    ///
    /// Before the person unlocks the device after a restart, each call throws ``StoreError/locked``. An
    /// entry counts as absent only if the keychain also accepts a write at that time. A protected
    /// keychain may look empty, and so may the keychain of an app without the entitlement.
    ///
    /// **Unlock.** With `unlockFor`, the entries are encrypted with a key in the Secure Enclave, and only
    /// the person can use the key: see ``unlock(_:)``. Reading an entry needs the person. Writing does not:
    /// it uses the public key. No call except ``unlock(_:)`` asks the person.
    ///
    /// The app and its extensions share a store if they use the same name and access group. Give the
    /// ``Platform`` a `lockFile` too.
    public final class KeychainStore: SecureStore {
        private let entries: KeychainEntries
        private let key: UnlockKey?
        private let unlockFor: TimeInterval
        /// The uptime of the device, in seconds.
        private let now: @Sendable () -> TimeInterval
        /// The context with which the person unlocked the store, and the end of that time.
        private let unlocked = Guarded<(context: LAContext, until: TimeInterval)?>(nil)

        /// A store in the keychain. This reads and writes nothing.
        /// - Parameters:
        ///   - name: Stores with different names have separate entries and keys.
        ///   - accessGroup: For an app with extensions: the keychain access group, with its prefix, or
        ///     the app group that they share. Each of them needs it in its entitlements. Without it, only
        ///     this program sees the entries.
        ///   - unlockFor: For a store that the person unlocks: how long it stays unlocked after
        ///     ``unlock(_:)``, in seconds, also while the device sleeps. Afterwards each call that
        ///     reads an entry throws ``StoreError/authenticationRequired``.
        ///   - allowsPasscode: Whether the passcode unlocks the store, too. If not, a change of the
        ///     enrolled fingers or face ends the key, and each read throws ``StoreError/keyLost(_:)``. An
        ///     existing store cannot change this or `unlockFor`: use another name, or ``reset()``.
        public convenience init(
            name: String = "switchback", accessGroup: String? = nil, unlockFor: TimeInterval? = nil,
            allowsPasscode: Bool = true
        ) {
            self.init(
                name: name, accessGroup: accessGroup, unlockFor: unlockFor, allowsPasscode: allowsPasscode,
                now: Timing.uptime)
        }

        init(
            name: String, accessGroup: String? = nil, unlockFor: TimeInterval? = nil,
            allowsPasscode: Bool = true, now: @escaping @Sendable () -> TimeInterval
        ) {
            // Two apps of a team may have the same first access group, so the group alone does not separate
            // them. An extension has another bundle identifier than its app.
            let owner = accessGroup ?? Bundle.identifier
            let service = "\(owner).\(name)"
            entries = KeychainEntries(service: service, accessGroup: accessGroup)
            key = unlockFor.map { _ in
                UnlockKey(service: service, accessGroup: accessGroup, allowsPasscode: allowsPasscode)
            }
            self.unlockFor = unlockFor ?? 0
            self.now = now
        }

        /// The value of a key.
        public func get(key: String) throws -> Data? {
            guard let stored = try entries.read(key) else { return nil }
            switch (StoredValue(stored), self.key) {
            case (.plain(let value), nil): return value
            case (.sealed(let label, let value), let key?):
                return try separating { try key.open(value, label, context()) }
            case (.plain, _), (.sealed, _): throw StoreError.keyLost(Self.otherKind)
            case (.newer(let format), _): throw StoreError.newer("an entry has format \(format)")
            case (.damaged, _):
                throw StoreError.corrupt(
                    "an entry in the keychain is incomplete: call `reset` and let the person log in again")
            }
        }

        /// Writes a value, and replaces an earlier one. This never asks the person.
        public func put(key: String, value: Data) throws {
            try entries.write(key, try stored(value).bytes)
        }

        /// Removes a key. If the keychain does not delete the item, its value is overwritten, and the entry
        /// is absent from then on.
        public func delete(key: String) throws {
            try entries.delete(key)
        }

        /// The keys that begin with this prefix, compared byte by byte.
        public func list(prefix: String) throws -> [String] {
            try entries.keys().filter { $0.utf8.starts(with: prefix.utf8) }
        }

        /// Removes all entries and the key. Each person must log in again.
        public func reset() throws {
            try entries.deleteAll()
            try UnlockKey.delete(service: entries.service, accessGroup: entries.accessGroup)
            unlocked.read { Self.forget(&$0) }
        }

        private func stored(_ value: Data) throws -> StoredValue {
            guard let key else { return .plain(value) }
            return try separating {
                let secKey = try key.find(context()) ?? generate(key)
                return try key.seal(value, secKey)
            }
        }

        private func generate(_ key: UnlockKey) throws -> SecKey {
            guard try entries.keys().isEmpty else { throw StoreError.keyLost(UnlockKey.missing) }
            return try key.generate()
        }

        /// Entries are there, but they were written with or without `unlockFor`, unlike this store.
        private static let otherKind =
            "the store was made with `unlockFor` and is now used without it, or the reverse: "
            + "use another name, or call `reset` and let the person log in again"
    }

    // MARK: - Unlocking

    extension KeychainStore {
        /// Asks the person for the face, the finger or the passcode. Then the store is unlocked for the
        /// time `unlockFor`. If it is unlocked already, or never locked, this returns at once.
        ///
        /// Only this call asks the person. Call it before a login, and when a call of Switchback fails
        /// with the detail `authentication_required`. For Face ID, the app's Info.plist needs the key
        /// `NSFaceIDUsageDescription`.
        ///
        /// Throws ``StoreError/cancelled`` if the person dismissed the prompt, and
        /// ``StoreError/authenticationRequired`` if the system closed it: call this again. Throws
        /// ``StoreError/unavailable(_:)`` if the device has no passcode, or cannot ask: the reason says
        /// what to do. Throws ``StoreError/keyLost(_:)`` if the key does not exist or cannot be used any
        /// more: see ``reset()``. Throws `CancellationError` if the task is cancelled; the prompt closes.
        /// - Parameter reason: What the app asks for, in the language of the person. It must not be empty.
        public nonisolated func unlock(_ reason: String) async throws {
            guard let key, try !isUsable(key) else { return }
            let prompt = UnlockPrompt(allowsPasscode: key.allowsPasscode)
            let context = try await prompt.ask(reason)
            unlocked.read {
                Self.forget(&$0)
                $0 = (context, now() + unlockFor)
            }
            guard try isUsable(key) else { throw StoreError.authenticationRequired }
        }

        /// Whether the key can be used now. The first use makes the key.
        private func isUsable(_ key: UnlockKey) throws -> Bool {
            do {
                guard case .sealed(let label, let value) = try stored(Data()) else { return false }
                _ = try separating { try key.open(value, label, context()) }
                return true
            } catch let error as StoreError where error == .authenticationRequired {
                return false
            } catch let error as StoreError where error.code == StoreError.corrupt("").code {
                // The value is new, so it is not damaged: the key is.
                throw StoreError.keyLost("a new value cannot be decrypted: \(error.reason)")
            }
        }

        /// The context in which keys are used. It never asks the person.
        private func context() -> LAContext {
            let context = unlocked.read { unlocked -> LAContext? in
                // A time that is no number (NaN) is over.
                if let current = unlocked, !(now() < current.until) { Self.forget(&unlocked) }
                return unlocked?.context
            }
            return context ?? UnlockPrompt.silentContext()
        }

        private static func forget(_ unlocked: inout (context: LAContext, until: TimeInterval)?) {
            unlocked?.context.invalidate()
            unlocked = nil
        }

        /// The keychain has one code for "the person must authenticate" and "the device is locked". A write
        /// without the key shows which.
        private func separating<Value>(_ work: () throws -> Value) throws -> Value {
            do {
                return try work()
            } catch let error as StoreError where error == .authenticationRequired {
                try entries.prove()
                throw error
            }
        }
    }

    extension KeychainStore: CustomStringConvertible, CustomReflectable {
        /// A fixed text that shows nothing of the store.
        public var description: String { "KeychainStore" }

        /// A mirror that shows only ``description``, and no property.
        public var customMirror: Mirror { Mirror(closed: self) }
    }
#endif
