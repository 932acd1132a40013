internal import SwitchbackBindings

/// What a login is to be. Printed, it shows nothing of the person and no value of ``extra``.
public struct LoginRequest: Hashable, Sendable {
    /// What for.
    public var purpose: Purpose
    /// What to ask for. In mediated mode the backend decides, and this is empty.
    public var scope: [DataPoint]
    /// Send a `nonce` for the ID token to repeat (OpenID Connect Core §3.1.2.1): where one comes
    /// that does not, nobody is logged in. False in mediated mode.
    public var nonce: Bool
    /// More parameters for the authorization request; in mediated mode for the backend.
    public var extra: [String: String]
    /// Whoever logs in must be this person, by ``Session/subject`` of an earlier session: somebody
    /// else's login is dropped.
    public var person: String?

    /// A request; what is left out is not asked for.
    public init(
        _ purpose: Purpose, scope: [DataPoint] = [], nonce: Bool = false, extra: [String: String] = [:],
        person: String? = nil
    ) {
        self.purpose = purpose
        self.scope = scope
        self.nonce = nonce
        self.extra = extra
        self.person = person
    }

    var generated: SwitchbackBindings.LoginRequest {
        SwitchbackBindings.LoginRequest(
            purpose: purpose.generated, scope: scope.map(\.key), nonce: nonce, extra: extra, subject: person)
    }
}

extension LoginRequest: CustomStringConvertible, CustomReflectable {
    /// The purpose, the scope, and the names of what else is sent.
    public var description: String {
        "LoginRequest(purpose: \(purpose), scope: \(scope.map(\.key)), extra: \(extra.keys.sorted()))"
    }

    /// Nothing but ``description``.
    public var customMirror: Mirror { Mirror(closed: self) }
}
