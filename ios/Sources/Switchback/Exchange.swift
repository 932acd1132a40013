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
    private var isTooLong = false

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
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                self.continuation = continuation
                task.resume()
            }
        } onCancel: {
            task.cancel()
        }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        guard data.count <= longest - body.count else {
            isTooLong = true
            dataTask.cancel()
            return
        }
        body.append(data)
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let answer = task.response as? HTTPURLResponse
        if isTooLong {
            continuation?.resume(throwing: TransportError.tooLong)
        } else if let answer, error == nil {
            continuation?.resume(returning: (body, answer))
        } else {
            continuation?.resume(throwing: error ?? URLError(.badServerResponse))
        }
        continuation = nil
    }
}
