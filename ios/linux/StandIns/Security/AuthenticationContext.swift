// MARK: - For tests

/// What the keychain uses of an `LAContext`, which is in another framework.
package protocol AuthenticationContext: AnyObject {
    var interactionNotAllowed: Bool { get }
    /// Whether the person has authenticated with this context as the access control demands.
    func satisfies(_ access: SecAccessControl) -> Bool
}
