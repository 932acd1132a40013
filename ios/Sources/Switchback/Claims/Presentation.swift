internal import SwitchbackBindings

/// Facts about the person: a presentation of the claims that the app asked for.
///
/// ```swift
/// let person = try await session.presentation(.name, .email)
/// greet(person[.name])
/// ```
///
/// Its text shows which claims there are, but not their values.
public struct Presentation: Sendable, CustomStringConvertible, CustomReflectable {
    private enum Source {
        case generated(SwitchbackBindings.Presentation)
        case given(subject: String, claims: [Claim])
    }

    private let source: Source

    init(_ generated: SwitchbackBindings.Presentation) {
        source = .generated(generated)
    }

    init(subject: String, claims: [Claim]) {
        source = .given(subject: subject, claims: claims)
    }

    /// The text of a claim; `nil` if the service did not send it, or it is not a text.
    public subscript(type: ClaimType) -> String? {
        switch source {
        case .generated(let presentation): presentation.text(claim: type.rawValue)
        case .given: claim(type)?.text
        }
    }

    /// The value of a claim; `nil` if the service did not send it.
    public func claim(_ type: ClaimType) -> ClaimValue? {
        switch source {
        case .generated(let presentation): presentation.get(claim: type.rawValue).map { ClaimValue($0) }
        case .given(_, let claims): claims.first { $0.type == type }?.value
        }
    }

    /// Every claim, in the order in which the service sent them.
    public var claims: [Claim] {
        switch source {
        case .generated(let presentation): presentation.claims().map { Claim($0) }
        case .given(_, let claims): claims
        }
    }

    /// An identifier of the person: stable at this service, and different at every other service.
    public var subject: String {
        switch source {
        case .generated(let presentation): presentation.sub()
        case .given(let subject, _): subject
        }
    }

    /// Everything that the service sent beside the claims, as a JSON object.
    public var more: String {
        switch source {
        case .generated(let presentation): presentation.more()
        case .given: "{}"
        }
    }

    /// The name in parts, in Truid's format; `nil` if the service did not send it, or it cannot
    /// be decoded.
    public var structuredName: TruidStructuredName? {
        guard case .generated(let presentation) = source else { return nil }
        return truidStructuredName(presentation: presentation).map { TruidStructuredName($0) }
    }

    /// The portrait, in Truid's format; `nil` if the service did not send it, or it cannot be
    /// decoded.
    public var portraitImage: TruidPortraitImage? {
        guard case .generated(let presentation) = source else { return nil }
        return truidPortraitImage(presentation: presentation).map { TruidPortraitImage($0) }
    }

    /// Which claims there are.
    public var description: String { "Presentation(\(claims.map(\.type.rawValue)))" }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}

/// One claim. Its text shows only the type.
public struct Claim: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The type of the claim.
    public let type: ClaimType
    /// The value of the claim.
    public let value: ClaimValue
    /// Everything that the service sent beside the value, as a JSON object.
    public let more: String

    init(type: ClaimType, text: String) {
        self.type = type
        value = ClaimValue(text: text, json: nil)
        more = "{}"
    }

    init(_ generated: SwitchbackBindings.Claim) {
        type = ClaimType(generated.key)
        value = ClaimValue(generated.value)
        more = generated.more
    }

    /// The key of the type.
    public var description: String { "\(type) [redacted]" }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}

/// The value of a claim: a text, or any other JSON. Its text shows nothing of the value.
public struct ClaimValue: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The value, if it is a text.
    public let text: String?
    /// The value as JSON, if it is not a text.
    public let json: String?

    init(text: String?, json: String?) {
        (self.text, self.json) = (text, json)
    }

    init(_ generated: SwitchbackBindings.ClaimValue) {
        switch generated {
        case .text(let text): self.init(text: text, json: nil)
        case .other(let json): self.init(text: nil, json: json)
        }
    }

    /// A fixed text that shows nothing of the value.
    public var description: String { "[redacted]" }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}
