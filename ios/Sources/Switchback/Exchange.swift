import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// One request and its answer, in a session of its own that follows no redirect. The session calls it
/// from one thread at a time.
final class Exchange: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    typealias Answer = (Data, HTTPURLResponse)

    private let longest: Int
    private var continuation: CheckedContinuation<Answer, any Error>?
    private var body = Data()
    /// Whether the request may have left this device, where the system says that.
    private(set) var mayHaveLeft = false

    /// An answer of more bytes than `longest` is left.
    init(longest: Int) {
        self.longest = longest
    }

    /// Sends it. Throws ``TransportError/tooLong``, or what `URLSession` throws.
    func send(_ request: URLRequest, _ configuration: URLSessionConfiguration) async throws -> Answer {
        let session = URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
        let task = session.dataTask(with: request)
        // It lives until the task is done.
        session.finishTasksAndInvalidate()
        #if canImport(FoundationNetworking)
            // Here the session does not keep to its timeout for the whole.
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
        /// Here only a 401 is a challenge. It comes behind its body, and without a password the task would
        /// wait for ever. Apple's systems give it as an answer where they know no password.
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
