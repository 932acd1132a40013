import Foundation
package import SwitchbackBindings

/// Sends HTTP requests. ``URLSessionTransport`` meets all requirements below with `URLSession`.
/// `httpTransportConformance` in the module `SwitchbackTesting` tests another transport.
///
/// An implementation must
/// - never follow a redirect,
/// - add and store no cookies, and return each `set-cookie` of the response as a separate header
///   (`URLSession` joins them),
/// - send a request that is ``HTTPRequest/isOnce`` **at most once**: no retry after a broken
///   connection, and no reuse of a connection that the server may be closing,
/// - distinguish a request that never left (``TransportError/notSent(_:)``, or
///   ``TransportError/local(_:)`` if a retry is useless) from one that may have arrived
///   (``TransportError/lost(_:)``); in doubt, the request may have arrived,
/// - decode the content codings that it asks for, and stop reading after 1 MiB of decoded body,
/// - give up after ``HTTPRequest/timeout``, and never queue a request until the network is back
///   (`waitsForConnectivity`),
/// - end the request if its task is cancelled: the core gives up a request before the system
///   suspends the app,
/// - write no part of a request or a response into a log or an error.
///
/// Switchback sends several requests at once. Any error other than ``TransportError`` becomes
/// ``TransportError/lost(_:)``.
public protocol HTTPTransport: Sendable {
    /// Sends the request, and returns the response, whatever its status.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse
}

/// A request that is ready to be sent. Its text shows the method, and the URL without the query.
public struct HTTPRequest: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// `GET` or `POST`.
    public let method: String
    /// An absolute https URL, or http on loopback. Redirects are never followed.
    public let url: URL
    /// Names in lower case.
    public let headers: [HTTPHeader]
    /// The form of a `POST`.
    public let body: Data?
    /// Whether it must reach the server at most once.
    public let isOnce: Bool
    /// How long Switchback waits for the response, in seconds.
    public let timeout: TimeInterval

    /// A request, for the test of a transport.
    public init(
        method: String, url: URL, headers: [HTTPHeader] = [], body: Data? = nil, isOnce: Bool = true,
        timeout: TimeInterval = 30
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

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}

/// The response to a request. Its text shows only the status and the length.
public struct HTTPResponse: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The status code.
    public let status: Int
    /// Names in lower case, each `set-cookie` separately.
    public let headers: [HTTPHeader]
    /// At most 1 MiB, decoded.
    public let body: Data

    /// A response.
    public init(status: Int, headers: [HTTPHeader] = [], body: Data = Data()) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The status, and the length of the body.
    public var description: String { "status \(status), \(body.count) bytes" }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}

/// A header of a request or a response. Its text shows only the name.
public struct HTTPHeader: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// In lower case.
    public let name: String
    /// Often a secret.
    public let value: String

    /// A header. Give the name in lower case.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// The name.
    public var description: String { "\(name): [redacted]" }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}

/// The app's transport, as an object for the native library.
package final class GeneratedTransport: SwitchbackBindings.HttpTransport {
    private let transport: any HTTPTransport

    package init(_ transport: any HTTPTransport) {
        self.transport = transport
    }

    package func start(request: SwitchbackBindings.HttpRequest, completion: HttpCompletion) throws {
        guard let url = URL(string: request.url) else {
            throw TransportError.malformedURL.generated
        }
        let sent = HTTPRequest(
            method: request.method, url: url,
            headers: request.headers.map { HTTPHeader(name: $0.name, value: $0.value) },
            body: request.body.map { Data($0.utf8) }, isOnce: request.once,
            timeout: TimeInterval(request.timeout))
        let transport = transport
        let sending = Task {
            // Do not send the request if its caller was cancelled.
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
        // The core gives up if the system is about to suspend this process, for example.
        Task {
            await completion.untilUnwanted()
            sending.cancel()
        }
    }
}
