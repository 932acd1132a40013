import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// One request and its response, in a separate session that follows no redirect and answers no
/// challenge of a server.
final class Exchange: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    typealias Answer = (Data, HTTPURLResponse)

    private let longest: Int
    private let result = Guarded<Result<Answer, any Error>?>(nil)
    private let left = Guarded(false)
    /// Only the session uses it, from one thread at a time.
    private var body = Data()

    /// A response of more bytes than `longest` is rejected.
    init(longest: Int) {
        self.longest = longest
    }

    /// Whether the request may have left this device, if the system reports that. On Linux it does
    /// not: the times of `URLSessionTaskTransactionMetrics` are always `nil` there
    /// (`URLSessionTaskMetrics.swift` of swift-corelibs-foundation).
    var mayHaveLeft: Bool { left.read { $0 } }

    /// Sends the request. Throws ``TransportError/tooLong``, or an error of `URLSession`.
    func send(_ request: URLRequest, _ configuration: URLSessionConfiguration) async throws -> Answer {
        let session = URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
        let task = session.dataTask(with: request)
        // The session lives until the task is done.
        session.finishTasksAndInvalidate()
        #if canImport(FoundationNetworking)
            // On Linux the session does not use `timeoutIntervalForResource`: only the timeout for
            // each piece exists (`HTTPURLProtocol.swift` of swift-corelibs-foundation).
            let timeout = configuration.timeoutIntervalForResource
            let timer = Task {
                try await Timing.system.sleep(timeout)
                task.cancel()
            }
            defer { timer.cancel() }
        #endif
        let ended = await withTaskCancellationHandler {
            task.resume()
            return await result.first { $0 }
        } onCancel: {
            task.cancel()
        }
        return try (ended ?? .failure(URLError(.cancelled))).get()
    }

    /// Only the first result counts.
    private func finish(_ ended: Result<Answer, any Error>) {
        result.update { $0 = $0 ?? ended }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    #if canImport(FoundationNetworking)
        /// On Linux only a 401 with a `Basic` challenge comes here, after its body; without a
        /// password the task would wait forever (`NativeProtocol.swift` and `URLSessionTask.swift`
        /// of swift-corelibs-foundation).
        func urlSession(
            _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
            completionHandler: @escaping @Sendable (URLSession.AuthChallengeDisposition, URLCredential?) ->
                Void
        ) {
            if let answer = challenge.failureResponse as? HTTPURLResponse { finish(.success((body, answer))) }
            completionHandler(.cancelAuthenticationChallenge, nil)
        }
    #else
        /// The system decides about certificates and about a proxy's password. A server that wants
        /// a password gets none, not even the device's single sign-on (Negotiate): its 401 is the
        /// response, and nothing is sent again.
        func urlSession(
            _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
            completionHandler: @escaping @Sendable (URLSession.AuthChallengeDisposition, URLCredential?) ->
                Void
        ) {
            let passwords = [
                NSURLAuthenticationMethodDefault, NSURLAuthenticationMethodHTTPBasic,
                NSURLAuthenticationMethodHTTPDigest, NSURLAuthenticationMethodHTMLForm,
                NSURLAuthenticationMethodNTLM, NSURLAuthenticationMethodNegotiate,
            ]
            let space = challenge.protectionSpace
            if passwords.contains(space.authenticationMethod), !space.isProxy() {
                completionHandler(.useCredential, nil)
            } else {
                completionHandler(.performDefaultHandling, nil)
            }
        }
    #endif

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        guard result.read({ $0 == nil }) else { return }
        guard data.count <= longest - body.count else {
            finish(.failure(TransportError.tooLong))
            dataTask.cancel()
            return
        }
        body.append(data)
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, didFinishCollecting metrics: URLSessionTaskMetrics
    ) {
        left.update { $0 = metrics.transactionMetrics.contains { $0.requestStartDate != nil } }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        if let answer = task.response as? HTTPURLResponse, error == nil {
            finish(.success((body, answer)))
        } else {
            finish(.failure(error ?? URLError(.badServerResponse)))
        }
    }
}
