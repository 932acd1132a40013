import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A Truid of our own, in a process of its own, and its control API.
package struct Sandbox: Sendable {
    package let url: String
    private let running: Running

    package init(_ arguments: [String] = []) throws {
        running = try Running(["sandbox", "--json", "--port", "0"] + arguments)
        guard let url = running.ready["url"] as? String else { throw Wrong("the sandbox names no URL") }
        self.url = url
    }

    /// Steers it. Its errors say what is wrong.
    @discardableResult
    package func steer(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> JSON {
        var request = URLRequest(url: URL(string: "\(url)/sandbox/v1\(path)")!)
        request.httpMethod = method
        if let body {
            request.httpBody = try JSONSerialization.data(withJSONObject: body)
            request.setValue("application/json", forHTTPHeaderField: "content-type")
        }
        let (data, answer) = try await URLSession.shared.data(for: request)
        let said = String(decoding: data, as: UTF8.self)
        guard let http = answer as? HTTPURLResponse, http.statusCode < 300 else {
            throw Wrong("\(method) \(path): \(said)")
        }
        return try JSONSerialization.jsonObject(with: data) as? JSON ?? [:]
    }

    /// The phone opens the URL, the person decides, and this is the link that opens the app.
    package func decide(_ decision: String, _ url: String, as person: String? = nil) async throws -> String {
        let waiting = try await steer("POST", "/app/open", ["url": url])
        guard let id = waiting["id"] as? String else { throw Wrong("nothing waits") }
        let who = person.map { ["person": $0] } ?? [:]
        let decided = try await steer("POST", "/app/waiting/\(id)/\(decision)", who)
        guard let link = decided["redirect"] as? String else { throw Wrong("no link comes back") }
        return link
    }

    package func approve(_ url: String, as person: String? = nil) async throws -> String {
        try await decide("approve", url, as: person)
    }

    /// Lets something go wrong, the next time.
    package func next(_ misbehaviour: String, at endpoint: String) async throws {
        try await steer("POST", "/rules", ["misbehaviour": misbehaviour, "endpoint": endpoint])
    }

    package func now() async throws -> Int64 {
        Int64(try await number("/clock", "now"))
    }

    /// How often something happened.
    package func counted(_ what: String) async throws -> Int {
        try await number("/counters", what)
    }

    /// Fails where the sandbox has found fault with what it was sent.
    package func hasNoFindings(but allowed: [String] = []) async throws {
        try await steer("POST", "/assert/no-findings", ["allow": allowed])
    }

    private func number(_ path: String, _ name: String) async throws -> Int {
        guard let number = try await steer("GET", path)[name] as? Int else {
            throw Wrong("\(path) has no number \(name)")
        }
        return number
    }
}
