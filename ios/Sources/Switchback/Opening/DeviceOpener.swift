#if canImport(UIKit) && canImport(AuthenticationServices) && canImport(SafariServices)
    import Foundation
    import UIKit

    /// The library's own opener: it opens logins as ``SwitchbackOptions`` say.
    @available(iOSApplicationExtension, unavailable)
    struct DeviceOpener: LoginOpener {
        let options: SwitchbackOptions

        func opener(for purpose: Purpose, of client: SwitchbackClient) throws -> any AttemptOpener {
            try opener(for: purpose, of: client, in: nil, onOtherDevice: false)
        }

        func opener(
            for purpose: Purpose, of client: SwitchbackClient, in window: UIWindow?, onOtherDevice: Bool
        ) throws -> any AttemptOpener {
            let plan = try LoginPlan(purpose, client, options)
            let check = onOtherDevice ? plan.check.withoutIdentityApp() : plan.check
            return OpenLogin(client, check: check, redirectURI: plan.redirectURI, window: window)
        }

        func open(_ url: URL) async -> Bool {
            if await UIApplication.shared.open(url, options: [.universalLinksOnly: true]) { return true }
            return await UIApplication.shared.open(url)
        }
    }
#endif
