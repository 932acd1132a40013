import Foundation

/// `switchback serve --demo` in a separate process: a service for apps, and the sandbox behind it.
package struct Demo: Sendable {
    package let sandbox: Sandbox
    /// The base URL of the service.
    package let service: String
    package let redirectURI: String

    package init(_ arguments: [String] = []) throws {
        let ports = ["--port", "0", "--sandbox-port", "0"]
        let running = try RunningCommand(["serve", "--json", "--demo"] + ports + arguments)
        sandbox = try Sandbox(of: running)
        guard let service = (running.ready["mediated"] as? JSON)?["base_url"] as? String,
            let redirectURI = running.ready["redirect_uri"] as? String
        else { throw TestFailure("the demo names no service") }
        self.service = service
        self.redirectURI = redirectURI
    }
}
