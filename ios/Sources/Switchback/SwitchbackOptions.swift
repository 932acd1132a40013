/// What an app can choose for ``SwitchbackClient``. Each has a default.
public struct SwitchbackOptions: Sendable {
    /// Whether a page of the provider forgets its cookies when it is closed.
    public var isEphemeral: Bool
    public var prefersSafariView: Bool
    public init(isEphemeral: Bool = false, prefersSafariView: Bool = false) {
        self.isEphemeral = isEphemeral
        self.prefersSafariView = prefersSafariView
    }
}
