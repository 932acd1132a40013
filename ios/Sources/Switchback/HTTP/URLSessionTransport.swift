import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// HTTP with `URLSession`: the default on Apple's systems. App Transport Security, the system's
/// proxies, and its certificates apply, also those that a device management installs.
///
/// **At most once.** An HTTP client repeats a request automatically if a reused connection turns
/// out to be closed. So each request has a separate session, and thereby a new connection.
///
/// It never waits for connectivity: a request that is sent minutes later may follow that of another
/// process. If the app's own requests shall wait, set `waitsForConnectivity` in the configuration
/// of the app's own `URLSession`, and use `URLSession.data(for:session:)` of this library.
public final class URLSessionTransport: HTTPTransport {
    /// The maximum length of a response body: 1 MiB.
    static let longest = 1 << 20

    /// A transport. It stores nothing between requests.
    public init() {}

    /// Sends the request, and returns the response, whatever its status. If the task is cancelled,
    /// this ends the request and its connection.
    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        if Task.isCancelled { throw TransportError.notSent("cancelled before it was sent") }
        guard let scheme = request.url.scheme?.lowercased(), ["http", "https"].contains(scheme),
            request.url.host?.isEmpty == false
        else { throw TransportError.malformedURL }
        var sent = URLRequest(url: request.url)
        sent.httpMethod = request.method
        sent.httpShouldHandleCookies = false
        sent.httpBody = request.body
        for header in request.headers {
            sent.setValue(header.value, forHTTPHeaderField: header.name)
        }
        let timeout = request.timeout.rounded(.up)
        let exchange = Exchange(longest: Self.longest)
        do {
            let (body, answer) = try await exchange.send(sent, Self.configuration(timeout: timeout))
            return HTTPResponse(status: answer.statusCode, headers: answer.splitHeaders, body: body)
        } catch let error as TransportError {
            throw error
        } catch {
            throw TransportError(ofURLSession: error, mayHaveLeft: exchange.mayHaveLeft)
        }
    }

    static func configuration(timeout: TimeInterval) -> URLSessionConfiguration {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieStorage = nil
        configuration.httpCookieAcceptPolicy = .never
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        configuration.timeoutIntervalForRequest = timeout
        configuration.timeoutIntervalForResource = timeout
        #if !canImport(FoundationNetworking)
            // On Linux there is no such property.
            configuration.waitsForConnectivity = false
        #endif
        return configuration
    }
}

extension HTTPURLResponse {
    /// In no particular order, because `URLSession` does not preserve it, and each `set-cookie`
    /// separately.
    var splitHeaders: [HTTPHeader] {
        allHeaderFields.flatMap { name, value -> [HTTPHeader] in
            guard let name = (name as? String)?.lowercased(), let value = value as? String else { return [] }
            let values = name == "set-cookie" ? SetCookies.split(value) : [value]
            // On Linux a value still has the spaces after it.
            return values.map { HTTPHeader(name: name, value: $0.trimmingCharacters(in: .whitespaces)) }
        }
    }
}
