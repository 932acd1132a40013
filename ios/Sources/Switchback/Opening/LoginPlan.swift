#if canImport(UIKit) && canImport(AuthenticationServices) && canImport(SafariServices)
    import Foundation
    internal import SwitchbackBindings

    /// What a login opens on this device.
    struct LoginPlan {
        let check: LinkCheck
        let redirectURI: URL

        /// Throws ``SwitchbackError/Code-swift.struct/configuration`` if the provider does not have this
        /// purpose.
        init(_ purpose: Purpose, _ client: SwitchbackClient, _ options: SwitchbackOptions) throws {
            guard let links = client.links(purpose), let redirectURI = URL(string: links.redirectUri) else {
                throw SwitchbackError(
                    .configuration, "the provider has no logins for \(purpose): check another purpose")
            }
            let question = IosQuestion(
                login: links.login, authorizationUrl: links.authorizationUrl, redirectUri: links.redirectUri,
                ephemeral: options.isEphemeral, safariView: options.prefersSafariView)
            self.redirectURI = redirectURI
            check = LinkCheck(checkIosLinks(question: question, facts: options.facts))
        }
    }

    /// What the app knows of itself and of the device. Only the command line reads the host's file.
    struct DeviceFacts: Sendable {
        /// The version of iOS.
        var version: OperatingSystemVersion
        /// The bundle identifier.
        var bundleID: String
        /// The URL schemes of Info.plist; `nil` if there is no Info.plist.
        var urlSchemes: [String]?

        static var ofSystem: DeviceFacts {
            let types = Bundle.main.infoDictionary?["CFBundleURLTypes"] as? [[String: Any]]
            let schemes = types?.flatMap { $0["CFBundleURLSchemes"] as? [String] ?? [] }
            return DeviceFacts(
                version: ProcessInfo.processInfo.operatingSystemVersion,
                bundleID: Bundle.main.bundleIdentifier ?? "",
                urlSchemes: Bundle.main.infoDictionary == nil ? nil : schemes ?? [])
        }
    }

    extension SwitchbackOptions {
        fileprivate var facts: IosFacts {
            let device = deviceFacts
            let version = IosVersion(
                major: UInt32(device.version.majorVersion), minor: UInt32(device.version.minorVersion))
            return IosFacts(
                version: version, appId: device.bundleID, urlSchemes: device.urlSchemes,
                domains: associatedDomains, site: nil, appleCopy: nil)
        }
    }

    extension LinkCheck {
        init(_ generated: SwitchbackBindings.LinkCheck) {
            self.init(
                returns: Returns(generated.returns), steps: generated.steps.compactMap { Step($0) },
                warnings: generated.warnings.map { Warning($0) })
        }
    }

    extension LinkCheck.Returns {
        fileprivate init(_ generated: Return) {
            self =
                switch generated {
                case .thisApp: .thisApp
                case .otherApp: .otherApp
                case .browser: .browser
                case .nothing: .nothing
                // Only Android asks the person.
                case .asks, .unknown: .unknown
                }
        }
    }

    extension LinkCheck.Step {
        /// `nil` for the ways that only Android has.
        fileprivate init?(_ generated: LinkStep) {
            switch generated.opens {
            case .identityApp: opens = .identityApp
            case .webAuthenticationSession: opens = .webAuthenticationSession
            case .safariView: opens = .safariView
            case .browser: opens = .browser
            case .authTab, .customTab: return nil
            }
            isEphemeral = generated.isEphemeral
            needsTap = generated.needsTap
            isLeftOut = generated.leftOut != nil
            reason = generated.reason
        }
    }

    extension LinkCheck.Warning {
        fileprivate init(_ generated: LinkWarning) {
            code = generated.code
            severity =
                switch generated.severity {
                case .stops: .stops
                case .mayStop: .mayStop
                case .notice: .notice
                }
            message = generated.message
            fix = generated.fix
        }
    }
#endif
