import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// HTTP over `URLSession`, with the system's proxies and certificates.
///
/// **At most once.** What sends a request again without being asked is a connection that was kept
/// open and turns out to be closed. So each request has a session, and thereby a connection, of its
/// own, which nobody else has used.
public final class URLSessionTransport: HTTPTransport {
    /// An answer may have 1 MiB.
    static let longest = 1 << 20

    /// A transport. It keeps nothing between requests.
    public init() {}

    /// Sends the request, and gives the answer whatever its status.
    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        var sent = URLRequest(url: request.url)
        sent.httpMethod = request.method
        sent.httpShouldHandleCookies = false
        sent.httpBody = request.body
        for header in request.headers {
            sent.setValue(header.value, forHTTPHeaderField: header.name)
        }
        let exchange = Exchange()
        let session = URLSession(
            configuration: Self.configuration(timeout: TimeInterval(request.timeout.components.seconds)),
            delegate: exchange, delegateQueue: nil)
        let task = session.dataTask(with: sent)
        // It lives until the task is done.
        session.finishTasksAndInvalidate()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                exchange.begin(continuation)
                task.resume()
            }
        } onCancel: {
            task.cancel()
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
}

/// One request and its answer. Its session calls it from one thread at a time.
private final class Exchange: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private var continuation: CheckedContinuation<HTTPResponse, any Error>?
    private var body = Data()
    private var isTooLong = false

    /// Before the task begins.
    func begin(_ continuation: CheckedContinuation<HTTPResponse, any Error>) {
        self.continuation = continuation
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        guard body.count + data.count <= URLSessionTransport.longest else {
            isTooLong = true
            dataTask.cancel()
            return
        }
        body.append(data)
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        continuation?.resume(with: result(of: task, error: error))
        continuation = nil
    }

    private func result(of task: URLSessionTask, error: (any Error)?) -> Result<HTTPResponse, any Error> {
        if isTooLong { return .failure(TransportError.tooLong) }
        if let error { return .failure(Self.told(error)) }
        guard let answer = task.response as? HTTPURLResponse else {
            return .failure(TransportError.lost("no answer came"))
        }
        return .success(
            HTTPResponse(status: answer.statusCode, headers: answer.partedHeaders, body: body))
    }

    /// Only the number is told: the texts of these errors hold the URL.
    private static func told(_ error: any Error) -> TransportError {
        let code = (error as NSError).code
        let reason = "URLError \(code)"
        switch URLError.Code(rawValue: code) {
        case .cannotFindHost, .cannotConnectToHost, .dnsLookupFailed, .notConnectedToInternet,
            .serverCertificateUntrusted, .serverCertificateHasBadDate, .serverCertificateNotYetValid,
            .serverCertificateHasUnknownRoot:
            return .notSent(reason)
        default:
            return .lost(reason)
        }
    }
}

extension HTTPURLResponse {
    /// In no particular order, which `URLSession` does not keep, and each `set-cookie` by itself.
    var partedHeaders: [HTTPHeader] {
        allHeaderFields.flatMap { name, value -> [HTTPHeader] in
            guard let name = (name as? String)?.lowercased(), let value = value as? String else { return [] }
            let values = name == "set-cookie" ? SetCookies.apart(value) : [value]
            return values.map { HTTPHeader(name: name, value: $0) }
        }
    }
}
