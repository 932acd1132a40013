/// `dump` and other code that uses mirrors shows the same text as `print`, and no field. These
/// types contain links, headers, tokens or claims.
extension Mirror {
    fileprivate init(closed value: some CustomStringConvertible) {
        self.init(value, children: EmptyCollection<Mirror.Child>())
    }
}

extension Claim: CustomReflectable {
    package var customMirror: Mirror { Mirror(closed: self) }
}

extension ClaimValue: CustomReflectable {
    package var customMirror: Mirror { Mirror(closed: self) }
}

extension TruidPortraitImage: CustomReflectable {
    package var customMirror: Mirror { Mirror(closed: self) }
}

extension TruidStructuredName: CustomReflectable {
    package var customMirror: Mirror { Mirror(closed: self) }
}

extension Header: CustomReflectable {
    package var customMirror: Mirror { Mirror(closed: self) }
}

extension HttpRequest: CustomReflectable {
    package var customMirror: Mirror { Mirror(closed: self) }
}

extension HttpResponse: CustomReflectable {
    package var customMirror: Mirror { Mirror(closed: self) }
}

extension LogOut: CustomReflectable {
    package var customMirror: Mirror { Mirror(closed: self) }
}

extension LoginRequest: CustomReflectable {
    package var customMirror: Mirror { Mirror(closed: self) }
}

extension LoginAttempt: CustomReflectable {
    package var customMirror: Mirror { Mirror(closed: self) }
}

extension SignRequest: CustomReflectable {
    package var customMirror: Mirror { Mirror(closed: self) }
}

extension SignatureReport: CustomReflectable {
    package var customMirror: Mirror { Mirror(closed: self) }
}

extension SignatureSummary: CustomReflectable {
    package var customMirror: Mirror { Mirror(closed: self) }
}

extension VerifiedSignature: CustomReflectable {
    package var customMirror: Mirror { Mirror(closed: self) }
}

extension UserInfo: CustomReflectable {
    package var customMirror: Mirror { Mirror(closed: self) }
}

extension Authorization: CustomReflectable {
    package var customMirror: Mirror { Mirror(closed: self) }
}

extension Client: CustomReflectable {
    package var customMirror: Mirror { Mirror(closed: self) }
}

extension Presentation: CustomReflectable {
    package var customMirror: Mirror { Mirror(closed: self) }
}

extension Secret: CustomReflectable {
    package var customMirror: Mirror { Mirror(closed: self) }
}

extension Session: CustomReflectable {
    package var customMirror: Mirror { Mirror(closed: self) }
}
