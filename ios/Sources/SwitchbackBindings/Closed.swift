/// `dump`, and whatever else looks into values by mirrors, shows what `print` shows and no
/// field: these hold links, headers and what people say of themselves.
extension Mirror {
    fileprivate init(closed value: some CustomStringConvertible) {
        self.init(value, children: EmptyCollection<Mirror.Child>())
    }
}

extension Claim: CustomReflectable {
    public var customMirror: Mirror { Mirror(closed: self) }
}

extension ClaimValue: CustomReflectable {
    public var customMirror: Mirror { Mirror(closed: self) }
}

extension TruidPortraitImage: CustomReflectable {
    public var customMirror: Mirror { Mirror(closed: self) }
}

extension TruidStructuredName: CustomReflectable {
    public var customMirror: Mirror { Mirror(closed: self) }
}

extension Header: CustomReflectable {
    public var customMirror: Mirror { Mirror(closed: self) }
}

extension HttpRequest: CustomReflectable {
    public var customMirror: Mirror { Mirror(closed: self) }
}

extension HttpResponse: CustomReflectable {
    public var customMirror: Mirror { Mirror(closed: self) }
}

extension LogOut: CustomReflectable {
    public var customMirror: Mirror { Mirror(closed: self) }
}

extension LoginRequest: CustomReflectable {
    public var customMirror: Mirror { Mirror(closed: self) }
}

extension LoginAttempt: CustomReflectable {
    public var customMirror: Mirror { Mirror(closed: self) }
}

extension UserInfo: CustomReflectable {
    public var customMirror: Mirror { Mirror(closed: self) }
}

extension Authorization: CustomReflectable {
    public var customMirror: Mirror { Mirror(closed: self) }
}

extension Client: CustomReflectable {
    public var customMirror: Mirror { Mirror(closed: self) }
}

extension Presentation: CustomReflectable {
    public var customMirror: Mirror { Mirror(closed: self) }
}

extension Secret: CustomReflectable {
    public var customMirror: Mirror { Mirror(closed: self) }
}

extension Session: CustomReflectable {
    public var customMirror: Mirror { Mirror(closed: self) }
}
