import Foundation

/// Adds an item: https://developer.apple.com/documentation/security/secitemadd(_:_:)
// swift-format-ignore: AlwaysUseLowerCamelCase
public func SecItemAdd(
    _ attributes: CFDictionary, _ result: UnsafeMutablePointer<CFTypeRef?>?
) -> OSStatus {
    status {
        let keychain = Keychain.shared
        try keychain.make(.add) {
            let query = try Query(attributes, in: .add)
            let inDataProtection = query.isInDataProtectionKeychain(of: keychain.settingsInside().system)
            var stored = query.attributes
            stored[kSecAttrAccessGroup] = inDataProtection ? try keychain.groupOfNewItem(query) : nil
            if stored[kSecAttrSynchronizable] == nil { stored[kSecAttrSynchronizable] = false }
            // The default: https://developer.apple.com/documentation/security/ksecattraccessible
            if query.access == nil, stored[kSecAttrAccessible] == nil {
                stored[kSecAttrAccessible] = kSecAttrAccessibleWhenUnlocked
            }
            let item = Keychain.Item(
                itemClass: query.itemClass, attributes: stored, data: query.data ?? Data(),
                access: query.access, isInDataProtectionKeychain: inDataProtection)
            try keychain.read(item)
            guard !keychain.items.contains(where: { keychain.isDuplicate($0, of: item) }) else {
                throw Refusal(errSecDuplicateItem)
            }
            keychain.items.append(item)
        }
    }
}

/// Finds items: https://developer.apple.com/documentation/security/secitemcopymatching(_:_:)
// swift-format-ignore: AlwaysUseLowerCamelCase
public func SecItemCopyMatching(
    _ query: CFDictionary, _ result: UnsafeMutablePointer<CFTypeRef?>?
) -> OSStatus {
    status {
        let keychain = Keychain.shared
        let found: [Any] = try keychain.make(.copyMatching) {
            let query = try Query(query, in: .copyMatching)
            var items = try keychain.matches(query, in: .copyMatching).map { keychain.items[$0] }
            for item in items { try keychain.read(item) }
            if query.skipsItemsToAuthenticate { items.removeAll { $0.access != nil } }
            guard !items.isEmpty else { throw Refusal(errSecItemNotFound) }
            // The private key of the Secure Enclave is used later; a password is decrypted now.
            for item in items where item.key == nil {
                try keychain.authenticate(item.access, query.context, mayPrompt: query.mayPrompt)
            }
            return items.prefix(query.limit).compactMap { returned(of: $0, query) }
        }
        let isList = try Query(query, in: .copyMatching).limit > 1
        if !found.isEmpty { result?.pointee = isList ? found as AnyObject : found[0] as AnyObject }
    }
}

/// Changes items: https://developer.apple.com/documentation/security/secitemupdate(_:_:)
// swift-format-ignore: AlwaysUseLowerCamelCase
public func SecItemUpdate(_ query: CFDictionary, _ attributesToUpdate: CFDictionary) -> OSStatus {
    status {
        let keychain = Keychain.shared
        try keychain.make(.update) {
            let query = try Query(query, in: .update)
            // The changes name attributes only, and no class.
            guard attributesToUpdate[kSecClass] == nil, attributesToUpdate[kSecMatchLimit] == nil else {
                throw Refusal(errSecParam)
            }
            var checked = attributesToUpdate
            checked[kSecClass] = query.itemClass
            let changes = try Query(checked, in: .add)
            let found = try keychain.matches(query, in: .update)
            try keychain.checkGroup(changes)
            for index in found {
                let item = keychain.items[index]
                try keychain.read(item)
                // The old item is decrypted before it is replaced.
                try keychain.authenticate(item.access, query.context, mayPrompt: query.mayPrompt)
            }
            for index in found {
                var item = keychain.items[index]
                item.attributes.merge(changes.attributes) { $1 }
                if let data = attributesToUpdate[kSecValueData] as? Data { item.data = data }
                let others = keychain.items.indices.filter { $0 != index }.map { keychain.items[$0] }
                guard !others.contains(where: { keychain.isDuplicate($0, of: item) }) else {
                    throw Refusal(errSecDuplicateItem)
                }
                keychain.items[index] = item
            }
        }
    }
}

/// Deletes all items that match: https://developer.apple.com/documentation/security/secitemdelete(_:)
///
/// Apple does not say whether an item can be deleted while it is protected. Here it can: that is harder for
/// a store.
// swift-format-ignore: AlwaysUseLowerCamelCase
public func SecItemDelete(_ query: CFDictionary) -> OSStatus {
    status {
        let keychain = Keychain.shared
        try keychain.make(.delete) {
            let query = try Query(query, in: .delete)
            let found = Set(try keychain.matches(query, in: .delete))
            keychain.items = keychain.items.indices.filter { !found.contains($0) }.map { keychain.items[$0] }
        }
    }
}

private func status(_ work: () throws -> Void) -> OSStatus {
    do {
        try work()
        return errSecSuccess
    } catch {
        return (error as? Refusal)?.status ?? errSecInternalError
    }
}

/// Several kinds come in one dictionary:
/// https://developer.apple.com/documentation/security/item-return-result-keys
private func returned(of item: Keychain.Item, _ query: Query) -> Any? {
    let wantsData = query.returns(kSecReturnData)
    let key = query.returns(kSecReturnRef) ? item.key?.used(with: query) : nil
    guard query.returns(kSecReturnAttributes) else {
        return key ?? (wantsData ? item.data : nil)
    }
    var all = item.attributes
    if wantsData { all[kSecValueData] = item.data }
    if let key { all["v_Ref"] = key }
    return all
}
