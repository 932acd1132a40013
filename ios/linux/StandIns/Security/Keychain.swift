import Foundation

// MARK: - For tests

/// The system's keychain and the device around it, in memory. Each process has its own; two stores in one
/// process are as two processes that share it.
package final class Keychain: @unchecked Sendable {
    package static let shared = Keychain()

    package enum System: Sendable { case iOS, macOS }

    /// How far data is protected now: https://support.apple.com/guide/security/keychain-data-protection-secb0694df1a/web
    package enum Protection: Sendable { case beforeFirstUnlock, locked, unlocked }

    package enum Call: Hashable, Sendable {
        case add, copyMatching, update, delete, createKey, encrypt, decrypt
    }

    package enum Moment: Sendable { case before, after }

    package struct Settings: Sendable {
        package var system = System.iOS
        /// The access groups of the process; the first is for new items. Empty without an entitlement:
        /// https://developer.apple.com/documentation/security/sharing-access-to-keychain-items-among-a-collection-of-apps
        package var groups = ["TEAM.app.example"]
        /// The folders of the process's app groups.
        package var appGroupFolders: [String: URL] = [:]
        package var protection = Protection.unlocked
        /// Whether items that are protected now look as if they did not exist. Apps have seen this when
        /// iOS starts them before the first unlock: https://github.com/kylebshr/luka-ios/pull/134
        package var hidesProtectedItems = false
        package var hasPasscode = true
        package var hasSecureEnclave = true
        /// A number for the fingers or the face that are enrolled; `nil` if there is none.
        package var biometrySet: Int? = 1
        /// Runs before and after each call, and may make other calls. A status refuses the call.
        package var around: (@Sendable (Call, Moment) -> OSStatus?)?
    }

    private let lock = NSLock()
    private var current = Settings()
    private var made: [Call] = []
    private var prompts = 0
    var items: [Item] = []

    /// Removes all items and settings.
    package func reset() {
        lock.withLock { (current, made, prompts, items) = (Settings(), [], 0, []) }
    }

    package func set(_ change: (inout Settings) -> Void) {
        lock.withLock { change(&current) }
    }

    package var settings: Settings { lock.withLock { current } }
    /// The calls so far.
    package var calls: [Call] { lock.withLock { made } }
    /// How often a call asked the person.
    package var promptCount: Int { lock.withLock { prompts } }
    /// The attributes and the data of all items.
    package var contents: [(attributes: [String: Any], data: Data)] {
        lock.withLock { items.map { ($0.attributes, $0.data) } }
    }
    /// Replaces the data of all passwords, as damage does.
    package func damage(_ change: (Data) -> Data) {
        lock.withLock {
            for index in items.indices where items[index].key == nil {
                items[index].data = change(items[index].data)
            }
        }
    }
    /// Removes the keys, as a new device does.
    package func loseKeys() {
        lock.withLock { items.removeAll { $0.key != nil } }
    }
}

extension Keychain {
    /// Writes the passwords to a file, for another process. A key stays in the process.
    package func save(_ file: URL) throws {
        let passwords = lock.withLock { items.filter { $0.key == nil && $0.access == nil } }
        let list = passwords.map { item in
            [
                "class": item.itemClass, "attributes": item.attributes, "data": item.data,
                "protected": item.isInDataProtectionKeychain,
            ] as [String: Any]
        }
        try PropertyListSerialization.data(fromPropertyList: list, format: .binary, options: 0).write(
            to: file)
    }

    /// Reads what another process has saved.
    package func load(_ file: URL) throws {
        let list = try PropertyListSerialization.propertyList(from: try Data(contentsOf: file), format: nil)
        let read = (list as? [[String: Any]] ?? []).map { item in
            Item(
                itemClass: item["class"] as? String ?? "",
                attributes: item["attributes"] as? [String: Any] ?? [:],
                data: item["data"] as? Data ?? Data(), access: nil, key: nil,
                isInDataProtectionKeychain: item["protected"] as? Bool ?? true)
        }
        lock.withLock { items = read }
    }
}

// MARK: - Inside

extension Keychain {
    struct Item {
        var itemClass: String
        var attributes: [String: Any]
        var data: Data
        var access: SecAccessControl?
        var key: SecKey?
        var isInDataProtectionKeychain: Bool
    }

    /// Makes a call. Only the work itself holds the lock.
    func make<Value>(_ call: Call, _ work: () throws -> Value) throws -> Value {
        let around = lock.withLock {
            made.append(call)
            return current.around
        }
        if let status = around?(call, .before) { throw Refusal(status) }
        let value = try lock.withLock(work)
        if let status = around?(call, .after) { throw Refusal(status) }
        return value
    }

    /// The access group of a new item. An app without any cannot use the keychain, and an app can use
    /// only its own: https://developer.apple.com/documentation/security/ksecattraccessgroup
    func groupOfNewItem(_ query: Query) throws -> String {
        guard let first = current.groups.first else { throw Refusal(errSecMissingEntitlement) }
        try checkGroup(query)
        return query.attributes[kSecAttrAccessGroup] as? String ?? first
    }

    func checkGroup(_ query: Query) throws {
        guard let group = query.attributes[kSecAttrAccessGroup] as? String else { return }
        guard current.groups.contains(group) else { throw Refusal(errSecMissingEntitlement) }
    }

    /// The places of the items that match. A search names only access groups of the process. A process
    /// without any may search, and finds nothing; only the other calls fail. Apple's own test says so:
    /// https://opensource.apple.com/source/Security/Security-59754.140.13/secdxctests/KeychainEntitlementsTest.m.auto.html
    func matches(_ query: Query, in call: Call) throws -> [Int] {
        let inDataProtection = query.isInDataProtectionKeychain(of: current.system)
        if inDataProtection {
            if current.groups.isEmpty, call != .copyMatching { throw Refusal(errSecMissingEntitlement) }
            try checkGroup(query)
        }
        let found = items.indices.filter { index in
            let item = items[index]
            guard item.itemClass == query.itemClass, item.isInDataProtectionKeychain == inDataProtection
            else {
                return false
            }
            if inDataProtection, !current.groups.contains(text(item, kSecAttrAccessGroup)) { return false }
            if current.hidesProtectedItems, !isReadable(item) { return false }
            return isSynchronizableAsAsked(item, query)
                && query.attributes.allSatisfy { key, value in
                    [kSecAttrSynchronizable, kSecAttrAccessControl].contains(key)
                        || isSame(item.attributes[key], value)
                }
        }
        guard !found.isEmpty else { throw Refusal(errSecItemNotFound) }
        return found
    }

    /// Without the key a search finds only items that are not synchronized:
    /// https://developer.apple.com/documentation/security/ksecattrsynchronizable
    private func isSynchronizableAsAsked(_ item: Item, _ query: Query) -> Bool {
        let asked = query.attributes[kSecAttrSynchronizable]
        if asked is String { return true }
        return (item.attributes[kSecAttrSynchronizable] as? Bool ?? false) == (asked as? Bool ?? false)
    }

    /// What makes an item unique: https://developer.apple.com/documentation/security/errsecduplicateitem
    func isDuplicate(_ item: Item, of other: Item) -> Bool {
        let unique = [kSecAttrAccount, kSecAttrService, kSecAttrAccessGroup, kSecAttrSynchronizable]
        let uniqueOfKeys = [kSecAttrApplicationLabel, kSecAttrApplicationTag, kSecAttrAccessGroup]
        return item.itemClass == other.itemClass
            && item.isInDataProtectionKeychain == other.isInDataProtectionKeychain
            && (item.itemClass == kSecClassKey ? uniqueOfKeys : unique).allSatisfy {
                isSame(item.attributes[$0], other.attributes[$0] ?? "")
            }
    }

    /// When an item can be used: https://developer.apple.com/documentation/security/restricting-keychain-item-accessibility
    func isReadable(_ item: Item) -> Bool {
        let protection = item.access?.protection ?? text(item, kSecAttrAccessible)
        let afterFirst = [
            kSecAttrAccessibleAfterFirstUnlock, kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly,
        ].contains(protection)
        return switch current.protection {
        case .beforeFirstUnlock: false
        case .locked: afterFirst
        case .unlocked: true
        }
    }

    func read(_ item: Item) throws {
        guard isReadable(item) else { throw Refusal(errSecInteractionNotAllowed) }
    }

    /// Whether the person has authenticated, or is asked: a context that was authenticated is used again, and
    /// without a context the system makes a new one:
    /// https://developer.apple.com/documentation/security/ksecuseauthenticationcontext
    func authenticate(
        _ access: SecAccessControl?, _ context: (any AuthenticationContext)?, mayPrompt: Bool
    ) throws {
        guard let access, access.flags != .privateKeyUsage else { return }
        if context?.satisfies(access) == true { return }
        guard mayPrompt else { throw Refusal(errSecInteractionNotAllowed) }
        prompts += 1
    }

    func settingsInside() -> Settings { current }

    private func text(_ item: Item, _ key: String) -> String { item.attributes[key] as? String ?? "" }

    private func isSame(_ one: Any?, _ other: Any) -> Bool {
        if let one = one as? Bool ?? (other is Bool ? false : nil), let other = other as? Bool {
            return one == other
        }
        if let one = one as? Data { return one == other as? Data }
        if let one = one as? Int { return one == other as? Int }
        // Swift treats two texts as equal if Unicode does. Whether the keychain does is not documented: the
        // stand-in compares as Swift, so that a store cannot depend on either.
        return (one as? String ?? "") == other as? String
    }
}
