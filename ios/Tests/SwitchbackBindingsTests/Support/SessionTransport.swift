import Foundation
import SwitchbackBindings
import TestSupport

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// HTTP by `URLSession`, as an app would write it.
///
/// **At most once.** What sends a request again without being asked is a connection that was
/// kept open and turns out to be closed. So each request has a session, and thereby a
/// connection, of its own, which nobody else has used.
final class SessionTransport: HttpTransport {
    /// An answer may have 1 MiB.
    static let longest = 1 << 20

    func start(request: HttpRequest, completion: HttpCompletion) throws {
        guard let url = URL(string: request.url) else {
            throw TransportError.notSent(reason: "the URL cannot be read")
        }
        var sent = URLRequest(url: url)
        sent.httpMethod = request.method
        sent.httpShouldHandleCookies = false
        for header in request.headers {
            sent.setValue(header.value, forHTTPHeaderField: header.name)
        }
        sent.httpBody = request.body.map { Data($0.utf8) }

        let session = URLSession(
            configuration: Self.configuration(timeout: TimeInterval(request.timeout)),
            delegate: Exchange(completion), delegateQueue: nil)
        session.dataTask(with: sent).resume()
        // It lives until the task is done.
        session.finishTasksAndInvalidate()
    }

    private static func configuration(timeout: TimeInterval) -> URLSessionConfiguration {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieStorage = nil
        configuration.httpCookieAcceptPolicy = .never
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        configuration.timeoutIntervalForResource = timeout
        return configuration
    }
}

/// One request and its answer. Its session calls it from one thread at a time.
private final class Exchange: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private let completion: HttpCompletion
    private var body = Data()
    private var isTooLong = false

    init(_ completion: HttpCompletion) {
        self.completion = completion
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        guard body.count + data.count <= SessionTransport.longest else {
            isTooLong = true
            dataTask.cancel()
            return
        }
        body.append(data)
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        if isTooLong {
            completion.fail(error: .tooLong)
        } else if let error {
            completion.fail(error: Self.told(error))
        } else if let answer = task.response as? HTTPURLResponse {
            completion.succeed(
                response: HttpResponse(
                    status: Int32(clamping: answer.statusCode), headers: Self.headers(answer), body: body))
        } else {
            completion.fail(error: .lost(reason: "no answer came"))
        }
    }

    /// In no particular order: `URLSession` does not keep it.
    private static func headers(_ answer: HTTPURLResponse) -> [Header] {
        answer.allHeaderFields.flatMap { name, value -> [Header] in
            guard let name = (name as? String)?.lowercased(), let value = value as? String else { return [] }
            let values = name == "set-cookie" ? SetCookies.apart(value) : [value]
            return values.map { Header(name: name, value: $0) }
        }
    }

    /// Only the number is told: the texts of these errors hold the URL.
    private static func told(_ error: any Error) -> TransportError {
        let code = (error as NSError).code
        let reason = "URLError \(code)"
        switch URLError.Code(rawValue: code) {
        case .cannotFindHost, .cannotConnectToHost, .dnsLookupFailed, .notConnectedToInternet,
            .serverCertificateUntrusted, .serverCertificateHasBadDate, .serverCertificateNotYetValid,
            .serverCertificateHasUnknownRoot:
            return .notSent(reason: reason)
        default:
            return .lost(reason: reason)
        }
    }
}
