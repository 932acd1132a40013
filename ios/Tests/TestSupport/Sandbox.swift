import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The sandbox in a separate process, and its control API.
package struct Sandbox: Sendable {
    package let url: String
    private let running: RunningCommand

    package init(_ arguments: [String] = []) throws {
        running = try RunningCommand(["sandbox", "--json", "--port", "0"] + arguments)
        guard let url = running.ready["url"] as? String else { throw TestFailure("the sandbox names no URL") }
        self.url = url
    }

    /// The sandbox of `switchback serve --demo`.
    package init(of demo: RunningCommand) throws {
        running = demo
        guard let provider = demo.ready["provider"] as? JSON, let url = provider["base_url"] as? String else {
            throw TestFailure("the demo names no sandbox")
        }
        self.url = url
    }

    /// Calls the control API. Its errors say what is wrong.
    @discardableResult
    package func control(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> JSON {
        var request = URLRequest(url: URL(string: "\(url)/sandbox/v1\(path)")!)
        request.httpMethod = method
        if let body {
            request.httpBody = try JSONSerialization.data(withJSONObject: body)
            request.setValue("application/json", forHTTPHeaderField: "content-type")
        }
        let (data, answer) = try await URLSession.shared.data(for: request)
        let said = String(decoding: data, as: UTF8.self)
        guard let http = answer as? HTTPURLResponse, http.statusCode < 300 else {
            throw TestFailure("\(method) \(path): \(said)")
        }
        return try JSONSerialization.jsonObject(with: data) as? JSON ?? [:]
    }

    /// Opens the URL, decides as the person, and returns the link that opens the app.
    package func decide(_ decision: String, _ url: String, as person: String? = nil) async throws -> String {
        let waiting = try await control("POST", "/app/open", ["url": url])
        guard let id = waiting["id"] as? String else { throw TestFailure("nothing waits") }
        let who = person.map { ["person": $0] } ?? [:]
        let decided = try await control("POST", "/app/waiting/\(id)/\(decision)", who)
        guard let link = decided["redirect"] as? String else { throw TestFailure("no link comes back") }
        return link
    }

    package func approve(_ url: String, as person: String? = nil) async throws -> String {
        try await decide("approve", url, as: person)
    }

    /// Makes the next request to this endpoint misbehave.
    package func next(_ misbehaviour: String, at endpoint: String) async throws {
        try await control("POST", "/rules", ["misbehaviour": misbehaviour, "endpoint": endpoint])
    }

    /// The certificate of the authority for signatures, as a file.
    package func root() async throws -> Data {
        try await file("/certs/root-ca-v1.pem")
    }

    /// The revocation list of that authority, valid for a day by the sandbox's clock.
    package func revocationList() async throws -> Data {
        try await file("/crl/root-ca-v1.crl")
    }

    private func file(_ path: String) async throws -> Data {
        let (data, answer) = try await URLSession.shared.data(from: URL(string: url + path)!)
        guard (answer as? HTTPURLResponse)?.statusCode == 200 else { throw TestFailure("no \(path)") }
        return data
    }

    package func now() async throws -> Int64 {
        Int64(try await number("/clock", "now"))
    }

    /// The value of a counter.
    package func counted(_ what: String) async throws -> Int {
        try await number("/counters", what)
    }

    /// Throws if the sandbox has findings about the requests.
    package func hasNoFindings(but allowed: [String] = []) async throws {
        try await control("POST", "/assert/no-findings", ["allow": allowed])
    }

    private func number(_ path: String, _ name: String) async throws -> Int {
        guard let number = try await control("GET", path)[name] as? Int else {
            throw TestFailure("\(path) has no number \(name)")
        }
        return number
    }
}
