import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// One request and its response, in a separate session that follows no redirect. The session
/// calls this object from one thread at a time.
final class Exchange: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    typealias Answer = (Data, HTTPURLResponse)

    private let longest: Int
    private var continuation: CheckedContinuation<Answer, any Error>?
    private var body = Data()
    /// Whether the request may have left this device, if the system reports that.
    private(set) var mayHaveLeft = false

    /// A response of more bytes than `longest` is rejected.
    init(longest: Int) {
        self.longest = longest
    }

    /// Sends the request. Throws ``TransportError/tooLong``, or an error of `URLSession`.
    func send(_ request: URLRequest, _ configuration: URLSessionConfiguration) async throws -> Answer {
        let session = URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
        let task = session.dataTask(with: request)
        // The session lives until the task is done.
        session.finishTasksAndInvalidate()
        #if canImport(FoundationNetworking)
            // On Linux the session does not apply its timeout to the whole request.
            let timeout = configuration.timeoutIntervalForResource
            let timer = Task {
                try await Task.sleep(for: .seconds(timeout))
                task.cancel()
            }
            defer { timer.cancel() }
        #endif
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                self.continuation = continuation
                task.resume()
            }
        } onCancel: {
            task.cancel()
        }
    }

    private func finish(_ result: Result<Answer, any Error>) {
        continuation?.resume(with: result)
        continuation = nil
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    #if canImport(FoundationNetworking)
        /// On Linux only a 401 is a challenge. It comes after its body, and without a password
        /// the task would wait forever. On Apple's systems the 401 becomes the response if there
        /// is no password.
        func urlSession(
            _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
            completionHandler: @escaping @Sendable (URLSession.AuthChallengeDisposition, URLCredential?) ->
                Void
        ) {
            if let answer = challenge.failureResponse as? HTTPURLResponse { finish(.success((body, answer))) }
            completionHandler(.cancelAuthenticationChallenge, nil)
        }
    #endif

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        guard continuation != nil else { return }
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
        mayHaveLeft = metrics.transactionMetrics.contains { $0.requestStartDate != nil }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        if let answer = task.response as? HTTPURLResponse, error == nil {
            finish(.success((body, answer)))
        } else {
            finish(.failure(error ?? URLError(.badServerResponse)))
        }
    }
}
