import Foundation
internal import SwitchbackBindings

/// The SHA-256 digest of a document that a person signs. The document itself stays in the app.
public struct DocumentDigest: Hashable, Sendable {
    /// The 32 bytes.
    public let bytes: Data
    /// Whether the digest is of the base64url text of the document, and not of the document
    /// itself.
    public let isOfBase64URL: Bool

    /// The digest of a document that is in memory.
    public init(of document: Data) {
        let hasher = DocumentHasher(base64url: false)
        for start in stride(from: 0, to: document.count, by: Self.part) {
            hasher.update(bytes: document.dropFirst(start).prefix(Self.part))
        }
        self.init(hasher.finish())
    }

    /// The digest of a file of any length, in constant memory. It reads the file off the caller's
    /// actor, and throws what `FileHandle` throws.
    /// - Parameters:
    ///   - url: A file.
    ///   - isOfBase64URL: Whether to make the digest of the document's base64url text, without
    ///     padding: for a signature whose header `b64` is true.
    public init(contentsOf url: URL, isOfBase64URL: Bool = false) async throws {
        let hasher = DocumentHasher(base64url: isOfBase64URL)
        let file = try FileHandle(forReadingFrom: url)
        defer { try? file.close() }
        while try file.addPart(to: hasher) { try Task.checkCancellation() }
        self.init(hasher.finish())
    }

    /// The digest of a stream of any length, in constant memory. It opens the stream if it is not open,
    /// reads it to its end, off the caller's actor, and does not close it. It throws the stream's error.
    /// - Parameters:
    ///   - stream: The document.
    ///   - isOfBase64URL: Whether to make the digest of the document's base64url text, without
    ///     padding: for a signature whose header `b64` is true.
    public init(of stream: sending InputStream, isOfBase64URL: Bool = false) async throws {
        let hasher = DocumentHasher(base64url: isOfBase64URL)
        if stream.streamStatus == .notOpen { stream.open() }
        var bytes = [UInt8](repeating: 0, count: Self.part)
        while case let count = stream.read(&bytes, maxLength: bytes.count), count != 0 {
            guard count > 0 else { throw stream.streamError ?? CocoaError(.fileReadUnknown) }
            hasher.update(bytes: Data(bytes[..<count]))
            try Task.checkCancellation()
        }
        self.init(hasher.finish())
    }

    /// A digest that was computed elsewhere; `nil` if it is not 32 bytes.
    public init?(sha256 bytes: Data, isOfBase64URL: Bool = false) {
        guard bytes.count == 32 else { return nil }
        (self.bytes, self.isOfBase64URL) = (bytes, isOfBase64URL)
    }

    private init(_ generated: SwitchbackBindings.DocumentDigest) {
        (bytes, isOfBase64URL) = (generated.sha256, generated.base64url)
    }

    var generated: SwitchbackBindings.DocumentDigest {
        SwitchbackBindings.DocumentDigest(sha256: bytes, base64url: isOfBase64URL)
    }

    /// The bytes that are read and passed on at a time.
    fileprivate static let part = 64 * 1024
}

extension FileHandle {
    /// Reads the next bytes; false at the end of the file. On Apple's systems `read` makes objects
    /// that stay until a pool is drained.
    fileprivate func addPart(to hasher: DocumentHasher) throws -> Bool {
        #if canImport(Darwin)
            try autoreleasepool { try addPartInPool(to: hasher) }
        #else
            try addPartInPool(to: hasher)
        #endif
    }

    private func addPartInPool(to hasher: DocumentHasher) throws -> Bool {
        guard let part = try read(upToCount: DocumentDigest.part), !part.isEmpty else { return false }
        hasher.update(bytes: part)
        return true
    }
}
