import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A server on loopback that sends exactly the bytes that a test gives for each request, and stores the
/// requests.
package final class RawServer: @unchecked Sendable {
    package let url: String
    private let listening: Int32
    private let seen = Locked<[String]>([])

    /// `answer` gets the whole request and its number, counted from 1. If it returns `nil`, the server
    /// closes the connection without a response.
    package init(_ answer: @escaping @Sendable (String, Int) -> String?) throws {
        #if canImport(Glibc)
            let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let socket = Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #endif
        listening = socket
        url = "http://127.0.0.1:\(try bound(socket))"
        guard listen(socket, 16) == 0 else { throw TestFailure("the server cannot listen") }
        let seen = seen
        Thread.detachNewThread {
            while case let connection = accept(socket, nil, nil), connection >= 0 {
                Thread.detachNewThread {
                    serve(connection, seen, answer)
                }
            }
            // The accepting thread closes the socket: until then its number cannot be reused.
            close(socket)
        }
    }

    deinit {
        // Wakes the accepting thread.
        shutdown(listening, Int32(SHUT_RDWR))
    }

    package var requests: [String] { seen.with { $0 } }
}

private func serve(_ connection: Int32, _ seen: Locked<[String]>, _ answer: (String, Int) -> String?) {
    defer { close(connection) }
    var bytes = Data()
    while let request = whole(&bytes, connection) {
        let number = seen.with { seen in
            seen.append(request)
            return seen.count
        }
        guard let said = answer(request, number) else { return }
        var rest = Data(said.utf8)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }
}

/// The next request; `nil` if the other side has closed.
private func whole(_ bytes: inout Data, _ connection: Int32) -> String? {
    let end = Data("\r\n\r\n".utf8)
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
        if let head = bytes.range(of: end) {
            let text = String(decoding: bytes[..<head.lowerBound], as: UTF8.self)
            let length =
                text.lowercased().components(separatedBy: "content-length: ").dropFirst().first
                .flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
            if bytes.distance(from: head.upperBound, to: bytes.endIndex) >= length {
                let rest = bytes.index(head.upperBound, offsetBy: length)
                defer { bytes = Data(bytes[rest...]) }
                return String(decoding: bytes[..<rest], as: UTF8.self)
            }
        }
        let count = recv(connection, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        bytes.append(contentsOf: buffer[..<count])
    }
}

/// A complete response, after which the connection stays open.
package func answer(_ status: String, _ headers: [String] = [], _ body: String = "") -> String {
    let head = ["HTTP/1.1 \(status)", "content-length: \(body.utf8.count)"] + headers
    return head.joined(separator: "\r\n") + "\r\n\r\n" + body
}
