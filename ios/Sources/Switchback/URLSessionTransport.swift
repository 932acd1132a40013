import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// HTTP with `URLSession`, with the system's proxies and certificates.
///
/// **At most once.** An HTTP client repeats a request automatically if a reused connection turns
/// out to be closed. So each request has a separate session, and thereby a new connection.
public final class URLSessionTransport: HTTPTransport {
    /// The maximum length of a response body: 1 MiB.
    static let longest = 1 << 20

    /// A transport. It stores nothing between requests.
    public init() {}

    /// Sends the request, and returns the response, whatever its status.
    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        var sent = URLRequest(url: request.url)
        sent.httpMethod = request.method
        sent.httpShouldHandleCookies = false
        sent.httpBody = request.body
        for header in request.headers {
            sent.setValue(header.value, forHTTPHeaderField: header.name)
        }
        let timeout = (request.timeout / .seconds(1)).rounded(.up)
        let exchange = Exchange(longest: Self.longest)
        do {
            let (body, answer) = try await exchange.send(sent, Self.configuration(timeout: timeout))
            return HTTPResponse(status: answer.statusCode, headers: answer.splitHeaders, body: body)
        } catch let error as TransportError {
            throw error
        } catch {
            throw Self.transportError(error, mayHaveLeft: exchange.mayHaveLeft)
        }
    }

    private static func configuration(timeout: TimeInterval) -> URLSessionConfiguration {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieStorage = nil
        configuration.httpCookieAcceptPolicy = .never
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        configuration.timeoutIntervalForRequest = timeout
        configuration.timeoutIntervalForResource = timeout
        return configuration
    }

    /// Passes on only the number of the error: its text contains the URL.
    private static func transportError(_ error: any Error, mayHaveLeft: Bool) -> TransportError {
        let code = (error as NSError).code
        let reason = "URLError \(code)"
        switch URLError.Code(rawValue: code) {
        case .cannotFindHost, .cannotConnectToHost, .dnsLookupFailed, .notConnectedToInternet,
            .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
            .serverCertificateNotYetValid, .serverCertificateHasUnknownRoot,
            .appTransportSecurityRequiresSecureConnection:
            return mayHaveLeft ? .lost(reason) : .notSent(reason)
        default:
            return .lost(reason)
        }
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
