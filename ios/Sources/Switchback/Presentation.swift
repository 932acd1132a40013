internal import SwitchbackBindings

/// Who the person is, as a presentation of the claims that were asked for.
///
/// ```swift
/// let person = try await session.presentation(.name, .email)
/// greet(person[.name])
/// ```
///
/// Printed, it shows which claims there are, and nothing of what they say.
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

    /// The text of a claim; `nil` where it did not come, or is no text.
    public subscript(type: ClaimType) -> String? {
        switch source {
        case .generated(let presentation): presentation.text(claim: type.key)
        case .given: claim(type)?.text
        }
    }

    /// The value of a claim, where it came.
    public func claim(_ type: ClaimType) -> ClaimValue? {
        switch source {
        case .generated(let presentation): presentation.get(claim: type.key).map { ClaimValue($0) }
        case .given(_, let claims): claims.first { $0.type == type }?.value
        }
    }

    /// Every claim, in the order in which they came.
    public var claims: [Claim] {
        switch source {
        case .generated(let presentation): presentation.claims().map { Claim($0) }
        case .given(_, let claims): claims
        }
    }

    /// Who: a pairwise identifier, as ``UserInfo/subject``.
    public var subject: String {
        switch source {
        case .generated(let presentation): presentation.sub()
        case .given(let subject, _): subject
        }
    }

    /// What came beside the claims, as the text of a JSON object.
    public var more: String {
        switch source {
        case .generated(let presentation): presentation.more()
        case .given: "{}"
        }
    }

    /// The name in parts that a presentation of Truid's has, where it came.
    public var structuredName: TruidStructuredName? {
        guard case .generated(let presentation) = source else { return nil }
        return truidStructuredName(presentation: presentation).map { TruidStructuredName($0) }
    }

    /// The portrait that a presentation of Truid's has, where it came.
    public var portraitImage: TruidPortraitImage? {
        guard case .generated(let presentation) = source else { return nil }
        return truidPortraitImage(presentation: presentation).map { TruidPortraitImage($0) }
    }

    /// Which claims there are.
    public var description: String { "Presentation(\(claims.map(\.type.key)))" }

    /// Nothing but ``description``.
    public var customMirror: Mirror { Mirror(closed: self) }
}

/// One claim. Printed, it shows its key.
public struct Claim: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// Which one.
    public let type: ClaimType
    /// What it says.
    public let value: ClaimValue
    /// What came beside it, as the text of a JSON object.
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

    /// Its key.
    public var description: String { "\(type) [redacted]" }

    /// Nothing but ``description``.
    public var customMirror: Mirror { Mirror(closed: self) }
}

/// What a claim says: a text, or anything else as JSON. Printed, it shows nothing of it.
public struct ClaimValue: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The text, where it is one.
    public let text: String?
    /// What it is otherwise, as the text of JSON.
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

    /// Nothing of what it says.
    public var description: String { "[redacted]" }

    /// Nothing but ``description``.
    public var customMirror: Mirror { Mirror(closed: self) }
}
