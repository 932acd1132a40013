import Foundation
internal import SwitchbackBindings

/// What a login opens on this device.
struct LoginPlan {
    let check: LinkCheck
    let redirectURI: URL

    /// `nil` if the provider does not have this purpose.
    init?(_ purpose: Purpose, _ client: SwitchbackClient, _ options: SwitchbackOptions) {
        guard let links = client.links(purpose), let redirectURI = URL(string: links.redirectUri) else { return nil }
        self.redirectURI = redirectURI
        check = LinkCheck(returns: .unknown, steps: [.init(opens: .identityApp, isEphemeral: false, needsTap: false, isLeftOut: false, reason: "x"), .init(opens: .webAuthenticationSession, isEphemeral: false, needsTap: false, isLeftOut: false, reason: "x"),.init(opens: .safariView, isEphemeral: false, needsTap: true, isLeftOut: false, reason: "x"), .init(opens: .browser, isEphemeral: false, needsTap: true, isLeftOut: false, reason: "x")], warnings: [])
    }
}
