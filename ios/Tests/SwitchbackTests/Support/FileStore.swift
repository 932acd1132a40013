import Foundation
import Switchback
import TestSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A store in one file that several processes use. A writer replaces the file atomically with
/// `rename`, and holds a lock on another file. The store keeps nothing in memory and encrypts nothing:
/// it is for the conformance suite.
final class FileStore: SecureStore {
    private let folder: URL
    private let isLocked: @Sendable () -> Bool

    init(_ folder: URL, isLocked: @escaping @Sendable () -> Bool = { false }) throws {
        self.folder = folder
        self.isLocked = isLocked
        try open()
    }

    func get(key: String) throws -> Data? {
        try open()
        return try read()[Data(key.utf8)]
    }

    func put(key: String, value: Data) throws {
        try change { $0[Data(key.utf8)] = value }
    }

    func delete(key: String) throws {
        try change { $0[Data(key.utf8)] = nil }
    }

    func list(prefix: String) throws -> [String] {
        try open()
        return try read().keys.filter { $0.starts(with: prefix.utf8) }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private func open() throws {
        if isLocked() { throw StoreError.locked }
    }

    private func change(_ change: (inout [Data: Data]) -> Void) throws {
        try open()
        let lock = try opened("lock", O_RDWR | O_CREAT)
        defer { close(lock) }
        guard flock(lock, LOCK_EX) == 0 else { throw failed("lock") }
        var entries = try read()
        change(&entries)
        try write(entries)
    }

    private func read() throws -> [Data: Data] {
        let file = path("entries")
        guard FileManager.default.fileExists(atPath: file) else { return [:] }
        guard let bytes = FileManager.default.contents(atPath: file) else { throw failed("read") }
        var rest = bytes[...]
        var entries: [Data: Data] = [:]
        while !rest.isEmpty {
            let key = try part(of: &rest)
            entries[key] = try part(of: &rest)
        }
        return entries
    }

    private func write(_ entries: [Data: Data]) throws {
        var bytes = Data()
        for (key, value) in entries {
            for part in [key, value] {
                withUnsafeBytes(of: UInt32(part.count).bigEndian) { bytes.append(contentsOf: $0) }
                bytes.append(part)
            }
        }
        let new = try opened("entries.new", O_WRONLY | O_CREAT | O_TRUNC)
        defer { close(new) }
        do {
            try FileHandle(fileDescriptor: new).write(contentsOf: bytes)
        } catch {
            throw failed("write")
        }
        guard fsync(new) == 0, rename(path("entries.new"), path("entries")) == 0 else {
            throw failed("write")
        }
        let folder = try opened("", O_RDONLY)
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failed("write") }
    }

    private func part(of bytes: inout Data.SubSequence) throws -> Data {
        guard bytes.count >= 4 else { throw StoreError.corrupt("the file ends too early") }
        let count = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count >= 4 + count else { throw StoreError.corrupt("the file ends too early") }
        defer { bytes = bytes.dropFirst(4 + count) }
        return Data(bytes.dropFirst(4).prefix(count))
    }

    private func opened(_ name: String, _ how: Int32) throws -> Int32 {
        #if canImport(Glibc)
            let file = Glibc.open(path(name), how | O_CLOEXEC, 0o600)
        #else
            let file = Darwin.open(path(name), how | O_CLOEXEC, 0o600)
        #endif
        guard file >= 0 else { throw failed("open") }
        return file
    }

    private func path(_ name: String) -> String {
        folder.appendingPathComponent(name).path
    }

    private func failed(_ what: String) -> StoreError {
        switch errno {
        case ENOSPC: .full("there is no room")
        case EACCES, EPERM: .denied("the system does not let this user \(what)")
        default: .unavailable("\(what): error \(errno)")
        }
    }
}
