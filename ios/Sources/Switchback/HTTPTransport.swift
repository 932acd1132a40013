import Foundation
package import SwitchbackBindings

/// Sends requests. ``URLSessionTransport`` does it over `URLSession`, and keeps every rule here.
/// `httpTransportConformance` in the module `SwitchbackTesting` tries whether another one does.
///
/// An implementation must
/// - never follow a redirect,
/// - add no cookies of its own and keep none; each `set-cookie` of the answer is a header of its
///   own (`URLSession` joins them),
/// - send a request that is ``HTTPRequest/isOnce`` **at most once**: no repeat after a broken
///   connection, no reuse of a connection that the server may be closing,
/// - tell apart what never left (``TransportError/notSent(_:)``) from what may have arrived
///   (``TransportError/lost(_:)``); when in doubt, it may have arrived,
/// - decode the content codings that it asks for, and stop reading after 1 MiB, counted decoded,
/// - give up after ``HTTPRequest/timeout``, and never keep a request for when the network is back
///   (`waitsForConnectivity`),
/// - put no part of a request or answer into a log or an error.
///
/// Several requests come at a time. What is thrown besides ``TransportError`` becomes
/// ``TransportError/lost(_:)``.
public protocol HTTPTransport: Sendable {
    /// Sends the request, and gives the answer whatever its status.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse
}

/// A request that is ready to be sent. Printed, it shows its method, and its URL without the query.
public struct HTTPRequest: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// `GET` or `POST`.
    public let method: String
    /// An absolute https URL, or http on loopback. Redirects are never followed.
    public let url: URL
    /// Names in lower case.
    public let headers: [HTTPHeader]
    /// The body of a `POST`: a form.
    public let body: Data?
    /// Whether it must reach the server at most once.
    public let isOnce: Bool
    /// After how long nobody waits for the answer any more.
    public let timeout: Duration

    /// A request, as a test of a transport makes it.
    public init(
        method: String, url: URL, headers: [HTTPHeader] = [], body: Data? = nil, isOnce: Bool = true,
        timeout: Duration = .seconds(30)
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.isOnce = isOnce
        self.timeout = timeout
    }

    /// The method, and the URL without its query.
    public var description: String {
        "\(method) \(url.absoluteString.prefix { $0 != "?" && $0 != "#" })"
    }

    /// Nothing but ``description``.
    public var customMirror: Mirror { Mirror(closed: self) }
}

/// What came back. Printed, it shows the status and how long the body is.
public struct HTTPResponse: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The status code.
    public let status: Int
    /// Names in lower case, each `set-cookie` by itself.
    public let headers: [HTTPHeader]
    /// At most 1 MiB, decoded.
    public let body: Data

    /// An answer.
    public init(status: Int, headers: [HTTPHeader] = [], body: Data = Data()) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The status, and how long the body is.
    public var description: String { "status \(status), \(body.count) bytes" }

    /// Nothing but ``description``.
    public var customMirror: Mirror { Mirror(closed: self) }
}

/// One header of a request or an answer. Printed, it shows its name.
public struct HTTPHeader: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// In lower case.
    public let name: String
    /// Often a secret.
    public let value: String

    /// A header; the name in lower case.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// The name.
    public var description: String { "\(name): [redacted]" }

    /// Nothing but ``description``.
    public var customMirror: Mirror { Mirror(closed: self) }
}

/// A transport of the app's, as the core knows it.
package final class GeneratedTransport: SwitchbackBindings.HttpTransport {
    private let transport: any HTTPTransport

    package init(_ transport: any HTTPTransport) {
        self.transport = transport
    }

    package func start(request: SwitchbackBindings.HttpRequest, completion: HttpCompletion) throws {
        guard let url = URL(string: request.url) else {
            throw SwitchbackBindings.TransportError.notSent(reason: "the URL cannot be read")
        }
        let sent = HTTPRequest(
            method: request.method, url: url,
            headers: request.headers.map { HTTPHeader(name: $0.name, value: $0.value) },
            body: request.body.map { Data($0.utf8) }, isOnce: request.once,
            timeout: .seconds(request.timeout))
        let transport = transport
        Task {
            // Where nobody waits any more, it is not sent any more.
            guard completion.isWanted() else { return }
            do {
                let answer = try await transport.send(sent)
                completion.succeed(
                    response: HttpResponse(
                        status: Int32(clamping: answer.status),
                        headers: answer.headers.map { Header(name: $0.name, value: $0.value) },
                        body: answer.body))
            } catch let error as TransportError {
                completion.fail(error: error.generated)
            } catch {
                let type = String(describing: type(of: error))
                completion.fail(error: .lost(reason: "it threw \(type), which it does not declare"))
            }
        }
    }
}
