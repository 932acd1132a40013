#if canImport(Security) && canImport(LocalAuthentication)
    import Foundation
    import Security

    /// The entries of a store, as generic passwords.
    ///
    /// - Searching: https://developer.apple.com/documentation/security/searching-for-keychain-items
    /// - Data protection keychain: https://developer.apple.com/documentation/technotes/tn3137-on-mac-keychains
    struct KeychainEntries: Sendable {
        let service: String
        let accessGroup: String?

        /// The account of an item that is not an entry: no key is encoded to it.
        private static let probe = "%"
        /// How often a write is tried while other processes add and remove the same entry.
        private static let attempts = 10

        func read(_ key: String) throws -> Data? {
            try confirmed { try found(Self.account(key)) }
        }

        func keys() throws -> [String] {
            let keys = try confirmed {
                let keys = try accounts().compactMap(\.removingPercentEncoding)
                return keys.isEmpty ? nil : keys
            }
            return keys ?? []
        }

        func write(_ key: String, _ value: Data) throws {
            try write(account: Self.account(key), value, isDeleted: false)
        }

        /// Overwrites the value before it deletes the item. So an item that cannot be deleted has no value
        /// that could come back.
        func delete(_ key: String) throws {
            let item = query(Self.account(key))
            let changes = changes(StoredValue.deleted, isDeleted: true)
            try confirmed { () -> Void? in
                switch SecItemUpdate(item as CFDictionary, changes as CFDictionary) {
                case errSecSuccess: sweep()
                case errSecItemNotFound: return nil
                case errSecInteractionNotAllowed: throw StoreError.locked
                // For example a damaged item.
                default: try deleteItems(item)
                }
                return ()
            }
        }

        func deleteAll() throws {
            try prove()
            try deleteItems(query())
        }

        /// Throws unless the keychain can be used now. Only a write shows that: a search may find nothing
        /// because the device is locked, or because an entitlement is missing.
        func prove() throws {
            try write(account: Self.probe, StoredValue.deleted, isDeleted: true)
            sweep()
        }
    }

    extension KeychainEntries {
        /// An absence counts only if a read after a successful write finds it again.
        @discardableResult
        private func confirmed<Found>(_ read: () throws -> Found?) throws -> Found? {
            if let found = try read() { return found }
            try prove()
            return try read()
        }

        private func found(_ account: String) throws -> Data? {
            var result: CFTypeRef?
            let item = query(account, [kSecReturnData as String: true])
            let status = SecItemCopyMatching(item as CFDictionary, &result)
            guard status != errSecItemNotFound else { return nil }
            guard status == errSecSuccess else { throw StoreError(status, in: "SecItemCopyMatching") }
            guard let data = result as? Data else {
                throw StoreError.corrupt("the keychain returned no data for an entry")
            }
            return data == StoredValue.deleted ? nil : data
        }

        private func accounts() throws -> [String] {
            var result: CFTypeRef?
            let all = query(
                nil, [kSecReturnAttributes as String: true, kSecMatchLimit as String: kSecMatchLimitAll])
            let status = SecItemCopyMatching(all as CFDictionary, &result)
            guard status != errSecItemNotFound else { return [] }
            guard status == errSecSuccess else { throw StoreError(status, in: "SecItemCopyMatching") }
            guard let items = result as? [[String: Any]] else {
                throw StoreError.corrupt("the keychain returned no list of entries")
            }
            let entries = items.filter { $0[kSecAttrIsNegative as String] as? Bool != true }
            return entries.compactMap { $0[kSecAttrAccount as String] as? String }
        }

        /// Changes the item, or adds it. Another process may add or remove it in between.
        private func write(account: String, _ value: Data, isDeleted: Bool) throws {
            let item = query(account)
            let changes = changes(value, isDeleted: isDeleted)
            var new = item.merging(changes) { $1 }
            new[kSecAttrAccessible as String] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
            for _ in 0..<Self.attempts {
                let updated = SecItemUpdate(item as CFDictionary, changes as CFDictionary)
                if updated == errSecSuccess { return }
                guard updated == errSecItemNotFound else { throw StoreError(updated, in: "SecItemUpdate") }
                let added = SecItemAdd(new as CFDictionary, nil)
                if added == errSecSuccess { return }
                guard added == errSecDuplicateItem else { throw StoreError(added, in: "SecItemAdd") }
            }
            throw StoreError(errSecDuplicateItem, in: "SecItemAdd")
        }

        /// Deletes the items of deleted entries. If that fails, they stay: they have no value.
        private func sweep() {
            try? deleteItems(query(nil, [kSecAttrIsNegative as String: true]))
        }

        private func query(_ account: String? = nil, _ more: [String: Any] = [:]) -> [String: Any] {
            var query: [String: Any] = [
                kSecClass as String: kSecClassGenericPassword,
                kSecAttrService as String: service,
                kSecAttrSynchronizable as String: false,
                kSecUseDataProtectionKeychain as String: true,
            ]
            query[kSecAttrAccount as String] = account
            query[kSecAttrAccessGroup as String] = accessGroup
            return query.merging(more) { $1 }
        }

        /// An item is marked as negative if it has no valid password:
        /// https://developer.apple.com/documentation/security/ksecattrisnegative
        private func changes(_ value: Data, isDeleted: Bool) -> [String: Any] {
            [kSecValueData as String: value, kSecAttrIsNegative as String: isDeleted]
        }

        /// The key in ASCII. The keychain may treat texts as equal that differ in their bytes.
        private static func account(_ key: String) -> String {
            let plain = CharacterSet(
                charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:")
            return key.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
        }
    }

    /// Deletes all items that match. It is not an error if there is none.
    func deleteItems(_ query: [String: Any]) throws {
        let status = SecItemDelete(query as CFDictionary)
        guard [errSecSuccess, errSecItemNotFound].contains(status) else {
            throw StoreError(status, in: "SecItemDelete")
        }
    }
#endif
