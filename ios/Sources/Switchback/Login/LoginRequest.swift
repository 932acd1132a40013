internal import SwitchbackBindings

/// The parameters of a login. Its text shows neither the values of ``extra`` nor
/// ``person``, nor what is signed.
public struct LoginRequest: Hashable, Sendable {
    /// The purpose of the login.
    public var purpose: Purpose
    /// The data to ask for. In mediated mode the backend decides: leave this empty.
    public var scope: [DataPoint]
    /// Whether to send a `nonce`, which the ID token must repeat (OpenID Connect Core §3.1.2.1).
    /// If the ID token does not, the login fails. False in mediated mode.
    public var nonce: Bool
    /// Additional parameters of the authorization request; in mediated mode of the request to the
    /// backend.
    public var extra: [String: String]
    /// The person who must log in: ``Session/subject`` of an earlier session. If another person
    /// logs in, the outcome is ``LoginFailure/Code-swift.struct/otherPerson``.
    public var person: String?
    /// What the person signs, if the purpose is ``Purpose/signing``. In mediated mode the backend
    /// decides: leave this out.
    public var sign: SignRequest?

    /// A request. Parameters that are left out are not sent.
    public init(
        _ purpose: Purpose, scope: [DataPoint] = [], nonce: Bool = false, extra: [String: String] = [:],
        person: String? = nil, sign: SignRequest? = nil
    ) {
        self.purpose = purpose
        self.scope = scope
        self.nonce = nonce
        self.extra = extra
        self.person = person
        self.sign = sign
    }

    var generated: SwitchbackBindings.LoginRequest {
        SwitchbackBindings.LoginRequest(
            purpose: purpose.generated, scope: scope.map(\.rawValue), nonce: nonce, extra: extra,
            subject: person, sign: sign?.generated)
    }
}

extension LoginRequest: CustomStringConvertible, CustomReflectable {
    /// The purpose, the scope, and the names of the additional parameters.
    public var description: String {
        "LoginRequest(purpose: \(purpose), scope: \(scope.map(\.rawValue)), extra: \(extra.keys.sorted()))"
    }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}
