import Foundation
import Switchback

/// The settings of `Info.plist`.
struct Settings: Sendable {
    private let providerURL: String
    private let serviceURL: String
    private let clientID: String
    private let redirectURI: String

    init(_ info: [String: Any]) {
        func text(_ key: String) -> String { info[key] as? String ?? "" }
        providerURL = text("SampleProviderURL")
        serviceURL = text("SampleServiceURL")
        clientID = text("SampleClientID")
        redirectURI = text("SampleRedirectURI")
    }

    func config() throws -> SwitchbackConfig {
        SwitchbackConfig(
            provider: .truid(baseURL: try url(providerURL)),
            mode: isDirect
                ? .direct(clientID: clientID) : .mediated(.switchback(baseURL: try url(serviceURL))),
            redirectURI: try url(redirectURI),
            // Remove this line before people use the app.
            isTestService: true)
    }

    private func url(_ text: String) throws -> URL {
        guard let url = URL(string: text), url.scheme != nil else { throw NotAURL(text: text) }
        return url
    }

    /// Whether the app talks to the provider without a service.
    var isDirect: Bool { !clientID.isEmpty }

    /// In direct mode the app names the data that it requests. In mediated mode the service decides.
    func request(_ purpose: Purpose) -> LoginRequest {
        LoginRequest(purpose, scope: isDirect ? [.name, .email] : [])
    }
}

struct NotAURL: Error, CustomStringConvertible {
    let text: String

    var description: String { "Info.plist: \"\(text)\" is not a URL: correct the setting" }
}
