import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// `switchback serve --demo` in a separate process: a service for apps, and the sandbox behind it.
package struct Demo: Sendable {
    package let sandbox: Sandbox
    /// The base URL of the service.
    package let service: String
    package let redirectURI: String
    private let apiKey: String

    package init(_ arguments: [String] = []) throws {
        let ports = ["--port", "0", "--sandbox-port", "0"]
        let running = try RunningCommand(["serve", "--json", "--demo"] + ports + arguments)
        sandbox = try Sandbox(of: running)
        let mediated = running.ready["mediated"] as? JSON
        guard let service = mediated?["base_url"] as? String, let apiKey = mediated?["api_key"] as? String,
            let redirectURI = running.ready["redirect_uri"] as? String
        else { throw TestFailure("the demo names no service") }
        self.service = service
        self.redirectURI = redirectURI
        self.apiKey = apiKey
    }

    /// The service's own code prepares a document to sign. Returns the id.
    package func prepareSigning(_ fields: [String: String]) async throws -> String {
        guard let id = try await ask("POST", "", fields)["id"] as? String else {
            throw TestFailure("the signing has no id")
        }
        return id
    }

    /// What the service's own code gets about this signing.
    package func signing(_ id: String) async throws -> JSON {
        try await ask("GET", "/\(id)")
    }

    private func ask(_ method: String, _ path: String, _ body: [String: String]? = nil) async throws -> JSON {
        var request = URLRequest(url: URL(string: "\(service)/signatures\(path)")!)
        request.httpMethod = method
        request.httpBody = try body.map { try JSONSerialization.data(withJSONObject: $0) }
        request.setValue("application/json", forHTTPHeaderField: "content-type")
        request.setValue("Bearer \(apiKey)", forHTTPHeaderField: "authorization")
        let (data, answer) = try await URLSession.shared.data(for: request)
        guard let http = answer as? HTTPURLResponse, http.statusCode < 300 else {
            throw TestFailure("\(method) \(path): \(String(decoding: data, as: UTF8.self))")
        }
        return try JSONSerialization.jsonObject(with: data) as? JSON ?? [:]
    }
}
