// Written by `cargo xtask bindings` from what is in bindings/: change that.

// swiftlint:disable all
import Foundation

// Depending on the consumer's build setup, the low-level FFI code
// might be in a separate module, or it might be compiled inline into
// this module. This is a bit of light hackery to work with both.
#if canImport(SwitchbackFFI)
import SwitchbackFFI
#endif

fileprivate extension RustBuffer {
    // Allocate a new buffer, copying the contents of a `UInt8` array.
    init(bytes: [UInt8]) {
        let rbuf = bytes.withUnsafeBufferPointer { ptr in
            RustBuffer.from(ptr)
        }
        self.init(capacity: rbuf.capacity, len: rbuf.len, data: rbuf.data)
    }

    static func empty() -> RustBuffer {
        RustBuffer(capacity: 0, len:0, data: nil)
    }

    static func from(_ ptr: UnsafeBufferPointer<UInt8>) -> RustBuffer {
        try! rustCall { ffi_switchback_bindings_rustbuffer_from_bytes(ForeignBytes(bufferPointer: ptr), $0) }
    }

    // Frees the buffer in place.
    // The buffer must not be used after this is called.
    func deallocate() {
        try! rustCall { ffi_switchback_bindings_rustbuffer_free(self, $0) }
    }
}

fileprivate extension ForeignBytes {
    init(bufferPointer: UnsafeBufferPointer<UInt8>) {
        self.init(len: Int32(bufferPointer.count), data: bufferPointer.baseAddress)
    }

    init(rawBufferPointer: UnsafeRawBufferPointer) {
        self.init(
            len: Int32(rawBufferPointer.count),
            data: rawBufferPointer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        )
    }
}

// Converter for `&[u8]` / `[ByRef] bytes` arguments.
//
// Conforms to `FfiConverter` so the compiler enforces the full converter
// method set. Only the scope-bound `lower(_:_body:)` overload is sound —
// zero-copy byte buffers only flow foreign -> Rust, and only in argument
// position. The four protocol-witness methods (`lift`, `lower`, `read`,
// `write`) `fatalError` at runtime if anyone reaches them.
//
// The scope-bound `lower` takes a closure because the `ForeignBytes`
// pointer is only guaranteed valid for the duration of
// `Data.withUnsafeBytes`. Callers must run the full FFI call inside
// the closure body.
fileprivate enum FfiConverterByRefBytes: FfiConverter {
    typealias SwiftType = Data
    typealias FfiType = ForeignBytes

    static func lower<R>(_ value: Data, _ body: (ForeignBytes) throws -> R) rethrows -> R {
        return try value.withUnsafeBytes { rawBuf in
            try body(ForeignBytes(rawBufferPointer: rawBuf))
        }
    }

    static func lower(_ value: Data) -> ForeignBytes {
        fatalError("ByRef bytes cannot use the plain lower: returning ForeignBytes escapes the Data.withUnsafeBytes scope. Use the scope-bound lower(_:_body:) overload instead.")
    }

    static func lift(_ value: ForeignBytes) throws -> Data {
        fatalError("ByRef bytes cannot be lifted: zero-copy &[u8] only flows foreign->Rust")
    }

    static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Data {
        fatalError("ByRef bytes cannot be read from a buffer: zero-copy &[u8] is only supported in argument position, not nested in records/options/etc.")
    }

    static func write(_ value: Data, into buf: inout [UInt8]) {
        fatalError("ByRef bytes cannot be written to a buffer: zero-copy &[u8] is only supported in argument position, not nested in records/options/etc.")
    }
}

// For every type used in the interface, we provide helper methods for conveniently
// lifting and lowering that type from C-compatible data, and for reading and writing
// values of that type in a buffer.

// Helper classes/extensions that don't change.
// Someday, this will be in a library of its own.

fileprivate extension Data {
    init(rustBuffer: RustBuffer) {
        self.init(
            bytesNoCopy: rustBuffer.data!,
            count: Int(rustBuffer.len),
            deallocator: .none
        )
    }
}

// Define reader functionality.  Normally this would be defined in a class or
// struct, but we use standalone functions instead in order to make external
// types work.
//
// With external types, one swift source file needs to be able to call the read
// method on another source file's FfiConverter, but then what visibility
// should Reader have?
// - If Reader is fileprivate, then this means the read() must also
//   be fileprivate, which doesn't work with external types.
// - If Reader is internal/public, we'll get compile errors since both source
//   files will try define the same type.
//
// Instead, the read() method and these helper functions input a tuple of data

fileprivate func createReader(data: Data) -> (data: Data, offset: Data.Index) {
    (data: data, offset: 0)
}

// Reads an integer at the current offset, in big-endian order, and advances
// the offset on success. Throws if reading the integer would move the
// offset past the end of the buffer.
fileprivate func readInt<T: FixedWidthInteger>(_ reader: inout (data: Data, offset: Data.Index)) throws -> T {
    let range = reader.offset..<reader.offset + MemoryLayout<T>.size
    guard reader.data.count >= range.upperBound else {
        throw UniffiInternalError.bufferOverflow
    }
    if T.self == UInt8.self {
        let value = reader.data[reader.offset]
        reader.offset += 1
        return value as! T
    }
    var value: T = 0
    let _ = withUnsafeMutableBytes(of: &value, { reader.data.copyBytes(to: $0, from: range)})
    reader.offset = range.upperBound
    return value.bigEndian
}

// Reads an arbitrary number of bytes, to be used to read
// raw bytes, this is useful when lifting strings
fileprivate func readBytes(_ reader: inout (data: Data, offset: Data.Index), count: Int) throws -> Array<UInt8> {
    let range = reader.offset..<(reader.offset+count)
    guard reader.data.count >= range.upperBound else {
        throw UniffiInternalError.bufferOverflow
    }
    var value = [UInt8](repeating: 0, count: count)
    value.withUnsafeMutableBufferPointer({ buffer in
        reader.data.copyBytes(to: buffer, from: range)
    })
    reader.offset = range.upperBound
    return value
}

// Reads a float at the current offset.
fileprivate func readFloat(_ reader: inout (data: Data, offset: Data.Index)) throws -> Float {
    return Float(bitPattern: try readInt(&reader))
}

// Reads a float at the current offset.
fileprivate func readDouble(_ reader: inout (data: Data, offset: Data.Index)) throws -> Double {
    return Double(bitPattern: try readInt(&reader))
}

// Indicates if the offset has reached the end of the buffer.
fileprivate func hasRemaining(_ reader: (data: Data, offset: Data.Index)) -> Bool {
    return reader.offset < reader.data.count
}

// Define writer functionality.  Normally this would be defined in a class or
// struct, but we use standalone functions instead in order to make external
// types work.  See the above discussion on Readers for details.

fileprivate func createWriter() -> [UInt8] {
    return []
}

fileprivate func writeBytes<S>(_ writer: inout [UInt8], _ byteArr: S) where S: Sequence, S.Element == UInt8 {
    writer.append(contentsOf: byteArr)
}

// Writes an integer in big-endian order.
//
// Warning: make sure what you are trying to write
// is in the correct type!
fileprivate func writeInt<T: FixedWidthInteger>(_ writer: inout [UInt8], _ value: T) {
    var value = value.bigEndian
    withUnsafeBytes(of: &value) { writer.append(contentsOf: $0) }
}

fileprivate func writeFloat(_ writer: inout [UInt8], _ value: Float) {
    writeInt(&writer, value.bitPattern)
}

fileprivate func writeDouble(_ writer: inout [UInt8], _ value: Double) {
    writeInt(&writer, value.bitPattern)
}

// Protocol for types that transfer other types across the FFI. This is
// analogous to the Rust trait of the same name.
fileprivate protocol FfiConverter {
    associatedtype FfiType
    associatedtype SwiftType

    static func lift(_ value: FfiType) throws -> SwiftType
    static func lower(_ value: SwiftType) -> FfiType
    static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType
    static func write(_ value: SwiftType, into buf: inout [UInt8])
}

// Types conforming to `Primitive` pass themselves directly over the FFI.
fileprivate protocol FfiConverterPrimitive: FfiConverter where FfiType == SwiftType { }

extension FfiConverterPrimitive {
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package static func lift(_ value: FfiType) throws -> SwiftType {
        return value
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package static func lower(_ value: SwiftType) -> FfiType {
        return value
    }
}

// Types conforming to `FfiConverterRustBuffer` lift and lower into a `RustBuffer`.
// Used for complex types where it's hard to write a custom lift/lower.
fileprivate protocol FfiConverterRustBuffer: FfiConverter where FfiType == RustBuffer {}

extension FfiConverterRustBuffer {
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package static func lift(_ buf: RustBuffer) throws -> SwiftType {
        var reader = createReader(data: Data(rustBuffer: buf))
        let value = try read(from: &reader)
        if hasRemaining(reader) {
            throw UniffiInternalError.incompleteData
        }
        buf.deallocate()
        return value
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package static func lower(_ value: SwiftType) -> RustBuffer {
          var writer = createWriter()
          write(value, into: &writer)
          return RustBuffer(bytes: writer)
    }
}
// An error type for FFI errors. These errors occur at the UniFFI level, not
// the library level.
fileprivate enum UniffiInternalError: LocalizedError {
    case bufferOverflow
    case incompleteData
    case unexpectedOptionalTag
    case unexpectedEnumCase
    case unexpectedNullPointer
    case unexpectedRustCallStatusCode
    case unexpectedRustCallError
    case unexpectedStaleHandle
    case rustPanic(_ message: String)

    package var errorDescription: String? {
        switch self {
        case .bufferOverflow: return "Reading the requested value would read past the end of the buffer"
        case .incompleteData: return "The buffer still has data after lifting its containing value"
        case .unexpectedOptionalTag: return "Unexpected optional tag; should be 0 or 1"
        case .unexpectedEnumCase: return "Raw enum value doesn't match any cases"
        case .unexpectedNullPointer: return "Raw pointer value was null"
        case .unexpectedRustCallStatusCode: return "Unexpected RustCallStatus code"
        case .unexpectedRustCallError: return "CALL_ERROR but no errorClass specified"
        case .unexpectedStaleHandle: return "The object in the handle map has been dropped already"
        case let .rustPanic(message): return message
        }
    }
}

fileprivate extension NSLock {
    func withLock<T>(f: () throws -> T) rethrows -> T {
        self.lock()
        defer { self.unlock() }
        return try f()
    }
}

fileprivate let CALL_SUCCESS: Int8 = 0
fileprivate let CALL_ERROR: Int8 = 1
fileprivate let CALL_UNEXPECTED_ERROR: Int8 = 2
fileprivate let CALL_CANCELLED: Int8 = 3

fileprivate extension RustCallStatus {
    init() {
        self.init(
            code: CALL_SUCCESS,
            errorBuf: RustBuffer.init(
                capacity: 0,
                len: 0,
                data: nil
            )
        )
    }
}

private func rustCall<T>(_ callback: (UnsafeMutablePointer<RustCallStatus>) -> T) throws -> T {
    let neverThrow: ((RustBuffer) throws -> Never)? = nil
    return try makeRustCall(callback, errorHandler: neverThrow)
}

private func rustCallWithError<T, E: Swift.Error>(
    _ errorHandler: @escaping (RustBuffer) throws -> E,
    _ callback: (UnsafeMutablePointer<RustCallStatus>) -> T) throws -> T {
    try makeRustCall(callback, errorHandler: errorHandler)
}

private func makeRustCall<T, E: Swift.Error>(
    _ callback: (UnsafeMutablePointer<RustCallStatus>) -> T,
    errorHandler: ((RustBuffer) throws -> E)?
) throws -> T {
    uniffiEnsureSwitchbackBindingsInitialized()
    var callStatus = RustCallStatus.init()
    let returnedVal = callback(&callStatus)
    try uniffiCheckCallStatus(callStatus: callStatus, errorHandler: errorHandler)
    return returnedVal
}

private func uniffiCheckCallStatus<E: Swift.Error>(
    callStatus: RustCallStatus,
    errorHandler: ((RustBuffer) throws -> E)?
) throws {
    switch callStatus.code {
        case CALL_SUCCESS:
            return

        case CALL_ERROR:
            if let errorHandler = errorHandler {
                throw try errorHandler(callStatus.errorBuf)
            } else {
                callStatus.errorBuf.deallocate()
                throw UniffiInternalError.unexpectedRustCallError
            }

        case CALL_UNEXPECTED_ERROR:
            // When the rust code sees a panic, it tries to construct a RustBuffer
            // with the message.  But if that code panics, then it just sends back
            // an empty buffer.
            if callStatus.errorBuf.len > 0 {
                throw UniffiInternalError.rustPanic(try FfiConverterString.lift(callStatus.errorBuf))
            } else {
                callStatus.errorBuf.deallocate()
                throw UniffiInternalError.rustPanic("Rust panic")
            }

        case CALL_CANCELLED:
            throw CancellationError()

        default:
            throw UniffiInternalError.unexpectedRustCallStatusCode
    }
}

private func uniffiTraitInterfaceCall<T>(
    callStatus: UnsafeMutablePointer<RustCallStatus>,
    makeCall: () throws -> T,
    writeReturn: (T) -> ()
) {
    do {
        try writeReturn(makeCall())
    } catch let error {
        callStatus.pointee.code = CALL_UNEXPECTED_ERROR
        callStatus.pointee.errorBuf = FfiConverterString.lower(String(describing: type(of: error)))
    }
}

private func uniffiTraitInterfaceCallWithError<T, E>(
    callStatus: UnsafeMutablePointer<RustCallStatus>,
    makeCall: () throws -> T,
    writeReturn: (T) -> (),
    lowerError: (E) -> RustBuffer
) {
    do {
        try writeReturn(makeCall())
    } catch let error as E {
        callStatus.pointee.code = CALL_ERROR
        callStatus.pointee.errorBuf = lowerError(error)
    } catch {
        callStatus.pointee.code = CALL_UNEXPECTED_ERROR
        callStatus.pointee.errorBuf = FfiConverterString.lower(String(describing: type(of: error)))
    }
}
// Initial value and increment amount for handles.
// These ensure that SWIFT handles always have the lowest bit set
fileprivate let UNIFFI_HANDLEMAP_INITIAL: UInt64 = 1
fileprivate let UNIFFI_HANDLEMAP_DELTA: UInt64 = 2

fileprivate final class UniffiHandleMap<T>: @unchecked Sendable {
    // All mutation happens with this lock held, which is why we implement @unchecked Sendable.
    private let lock = NSLock()
    private var map: [UInt64: T] = [:]
    private var currentHandle: UInt64 = UNIFFI_HANDLEMAP_INITIAL

    func insert(obj: T) -> UInt64 {
        lock.withLock {
            return doInsert(obj)
        }
    }

    // Low-level insert function, this assumes `lock` is held.
    private func doInsert(_ obj: T) -> UInt64 {
        let handle = currentHandle
        currentHandle += UNIFFI_HANDLEMAP_DELTA
        map[handle] = obj
        return handle
    }

     func get(handle: UInt64) throws -> T {
        try lock.withLock {
            guard let obj = map[handle] else {
                throw UniffiInternalError.unexpectedStaleHandle
            }
            return obj
        }
    }

     func clone(handle: UInt64) throws -> UInt64 {
        try lock.withLock {
            guard let obj = map[handle] else {
                throw UniffiInternalError.unexpectedStaleHandle
            }
            return doInsert(obj)
        }
    }

    @discardableResult
    func remove(handle: UInt64) throws -> T {
        try lock.withLock {
            guard let obj = map.removeValue(forKey: handle) else {
                throw UniffiInternalError.unexpectedStaleHandle
            }
            return obj
        }
    }

    var count: Int {
        get {
            map.count
        }
    }
}


// Public interface members begin here.
// Magic number for the Rust proxy to call using the same mechanism as every other method,
// to free the callback once it's dropped by Rust.
private let IDX_CALLBACK_FREE: Int32 = 0
// Callback return codes
private let UNIFFI_CALLBACK_SUCCESS: Int32 = 0
private let UNIFFI_CALLBACK_ERROR: Int32 = 1
private let UNIFFI_CALLBACK_UNEXPECTED_ERROR: Int32 = 2

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterInt32: FfiConverterPrimitive {
    typealias FfiType = Int32
    typealias SwiftType = Int32

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Int32 {
        return try lift(readInt(&buf))
    }

    package static func write(_ value: Int32, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterInt64: FfiConverterPrimitive {
    typealias FfiType = Int64
    typealias SwiftType = Int64

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Int64 {
        return try lift(readInt(&buf))
    }

    package static func write(_ value: Int64, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterBool : FfiConverter {
    typealias FfiType = Int8
    typealias SwiftType = Bool

    package static func lift(_ value: Int8) throws -> Bool {
        return value != 0
    }

    package static func lower(_ value: Bool) -> Int8 {
        return value ? 1 : 0
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Bool {
        return try lift(readInt(&buf))
    }

    package static func write(_ value: Bool, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterString: FfiConverter {
    typealias SwiftType = String
    typealias FfiType = RustBuffer

    package static func lift(_ value: RustBuffer) throws -> String {
        defer {
            value.deallocate()
        }
        if value.data == nil {
            return String()
        }
        let bytes = UnsafeBufferPointer<UInt8>(start: value.data!, count: Int(value.len))
        // Use Swift's native UTF-8 decoder; `String(bytes:encoding:.utf8)` goes
        // through Foundation's NSString and silently strips a leading U+FEFF BOM.
        // Invalid UTF-8 substitutes U+FFFD instead of trapping (unreachable
        // given Rust's `String` invariant).
        return String(decoding: bytes, as: UTF8.self)
    }

    package static func lower(_ value: String) -> RustBuffer {
        return value.utf8CString.withUnsafeBufferPointer { ptr in
            // The swift string gives us int8_t, we want uint8_t.
            ptr.withMemoryRebound(to: UInt8.self) { ptr in
                // The swift string gives us a trailing null byte, we don't want it.
                let buf = UnsafeBufferPointer(rebasing: ptr.prefix(upTo: ptr.count - 1))
                return RustBuffer.from(buf)
            }
        }
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> String {
        let len: Int32 = try readInt(&buf)
        // See `lift` above for why we avoid Foundation's NSString-backed decoder here.
        return String(decoding: try readBytes(&buf, count: Int(len)), as: UTF8.self)
    }

    package static func write(_ value: String, into buf: inout [UInt8]) {
        let len = Int32(value.utf8.count)
        writeInt(&buf, len)
        writeBytes(&buf, value.utf8)
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterData: FfiConverterRustBuffer {
    typealias SwiftType = Data

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Data {
        let len: Int32 = try readInt(&buf)
        return Data(try readBytes(&buf, count: Int(len)))
    }

    package static func write(_ value: Data, into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        writeBytes(&buf, value)
    }
}




/**
 * The headers for one request. Its text form shows no header value.
 */
package protocol AuthorizationProtocol: AnyObject, Sendable {

    /**
     * The headers to add to the request: `authorization` or `cookie`, or none if no cookie belongs
     * to this URL.
     */
    func headers()  -> [Header]

    /**
     * The URL of the request. The headers must not be sent to any other URL.
     */
    func url()  -> String

}
/**
 * The headers for one request. Its text form shows no header value.
 */
package class Authorization: AuthorizationProtocol, @unchecked Sendable, CustomDebugStringConvertible, CustomStringConvertible {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package struct NoHandle {
        package init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required package init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_switchback_bindings_fn_clone_authorization(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_switchback_bindings_fn_free_authorization(handle, $0) }
    }




    /**
     * The headers to add to the request: `authorization` or `cookie`, or none if no cookie belongs
     * to this URL.
     */
package func headers() -> [Header]  {
    return try!  FfiConverterSequenceTypeHeader.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_authorization_headers(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The URL of the request. The headers must not be sent to any other URL.
     */
package func url() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_authorization_url(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



// The local Rust `Debug` implementation.
package var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_authorization_uniffi_trait_debug(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
package var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_authorization_uniffi_trait_display(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
    )
}
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeAuthorization: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Authorization

    package static func lift(_ handle: UInt64) throws -> Authorization {
        return Authorization(unsafeFromHandle: handle)
    }

    package static func lower(_ value: Authorization) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Authorization {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    package static func write(_ value: Authorization, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeAuthorization_lift(_ handle: UInt64) throws -> Authorization {
    return try FfiConverterTypeAuthorization.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeAuthorization_lower(_ value: Authorization) -> UInt64 {
    return FfiConverterTypeAuthorization.lower(value)
}






/**
 * Keeps the app running during a refresh or a login: by `UIApplication.beginBackgroundTask` on
 * iOS.
 *
 * **Threads.** Calls come from threads that may block, several at a time. No method may wait for
 * a call of Switchback, nor for the main thread if the main thread may wait for such a call.
 */
package protocol BackgroundTasks: AnyObject, Sendable {

    /**
     * Begins a background task and returns its number. Call `expired` of `expiry` when the system
     * wants this process to stop. If this throws, Switchback works without a background task.
     */
    func begin(expiry: Expiry) throws  -> Int64

    /**
     * Ends the background task of this number.
     */
    func end(task: Int64) throws

}
/**
 * Keeps the app running during a refresh or a login: by `UIApplication.beginBackgroundTask` on
 * iOS.
 *
 * **Threads.** Calls come from threads that may block, several at a time. No method may wait for
 * a call of Switchback, nor for the main thread if the main thread may wait for such a call.
 */
package class BackgroundTasksImpl: BackgroundTasks, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package struct NoHandle {
        package init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required package init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_switchback_bindings_fn_clone_backgroundtasks(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_switchback_bindings_fn_free_backgroundtasks(handle, $0) }
    }




    /**
     * Begins a background task and returns its number. Call `expired` of `expiry` when the system
     * wants this process to stop. If this throws, Switchback works without a background task.
     */
package func begin(expiry: Expiry)throws  -> Int64  {
    return try  FfiConverterInt64.lift(try rustCallWithError(FfiConverterTypeStoreError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_backgroundtasks_begin(
            self.uniffiCloneHandle(),
        FfiConverterTypeExpiry_lower(expiry),uniffiCallStatus
    )
})
}

    /**
     * Ends the background task of this number.
     */
package func end(task: Int64)throws   {try rustCallWithError(FfiConverterTypeStoreError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_backgroundtasks_end(
            self.uniffiCloneHandle(),
        FfiConverterInt64.lower(task),uniffiCallStatus
    )
}
}



}



// Put the implementation in a struct so we don't pollute the top-level namespace
fileprivate struct UniffiCallbackInterfaceBackgroundTasks {

    // Create the VTable using a series of closures.
    // Swift automatically converts these into C callback functions.
    //
    // Store the vtable directly.
    static let vtable: UniffiVTableCallbackInterfaceBackgroundTasks = UniffiVTableCallbackInterfaceBackgroundTasks(
        uniffiFree: { (uniffiHandle: UInt64) -> () in
            do {
                try FfiConverterTypeBackgroundTasks.handleMap.remove(handle: uniffiHandle)
            } catch {
                print("Uniffi callback interface BackgroundTasks: handle missing in uniffiFree")
            }
        },
        uniffiClone: { (uniffiHandle: UInt64) -> UInt64 in
            do {
                return try FfiConverterTypeBackgroundTasks.handleMap.clone(handle: uniffiHandle)
            } catch {
                fatalError("Uniffi callback interface BackgroundTasks: handle missing in uniffiClone")
            }
        },
        begin: { (
            uniffiHandle: UInt64,
            expiry: UInt64,
            uniffiOutReturn: UnsafeMutablePointer<Int64>,
            uniffiCallStatus: UnsafeMutablePointer<RustCallStatus>
        ) in
            let makeCall = {
                () throws -> Int64 in
                guard let uniffiObj = try? FfiConverterTypeBackgroundTasks.handleMap.get(handle: uniffiHandle) else {
                    throw UniffiInternalError.unexpectedStaleHandle
                }
                return try uniffiObj.begin(
                     expiry: try FfiConverterTypeExpiry_lift(expiry)
                )
            }


            let writeReturn = { uniffiOutReturn.pointee = FfiConverterInt64.lower($0) }
            uniffiTraitInterfaceCallWithError(
                callStatus: uniffiCallStatus,
                makeCall: makeCall,
                writeReturn: writeReturn,
                lowerError: FfiConverterTypeStoreError_lower
            )
        },
        end: { (
            uniffiHandle: UInt64,
            task: Int64,
            uniffiOutReturn: UnsafeMutableRawPointer,
            uniffiCallStatus: UnsafeMutablePointer<RustCallStatus>
        ) in
            let makeCall = {
                () throws -> () in
                guard let uniffiObj = try? FfiConverterTypeBackgroundTasks.handleMap.get(handle: uniffiHandle) else {
                    throw UniffiInternalError.unexpectedStaleHandle
                }
                return try uniffiObj.end(
                     task: try FfiConverterInt64.lift(task)
                )
            }


            let writeReturn = { () }
            uniffiTraitInterfaceCallWithError(
                callStatus: uniffiCallStatus,
                makeCall: makeCall,
                writeReturn: writeReturn,
                lowerError: FfiConverterTypeStoreError_lower
            )
        }
    )

    // Rust stores this pointer for future callback invocations, so it must live
    // for the process lifetime (not just for the init function call).
    //
    // `nonisolated(unsafe)` is needed under Swift 6 strict concurrency.
    // This is safe because the pointee is initialized once during static init
    // and never mutated by either side of the FFI.  Its fields are C function pointers.
    nonisolated(unsafe) static let vtablePtr: UnsafePointer<UniffiVTableCallbackInterfaceBackgroundTasks> = {
        let ptr = UnsafeMutablePointer<UniffiVTableCallbackInterfaceBackgroundTasks>.allocate(capacity: 1)
        ptr.initialize(to: vtable)
        return UnsafePointer(ptr)
    }()
}

private func uniffiCallbackInitBackgroundTasks() {
    uniffi_switchback_bindings_fn_init_callback_vtable_backgroundtasks(UniffiCallbackInterfaceBackgroundTasks.vtablePtr)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeBackgroundTasks: FfiConverter {
    fileprivate static let handleMap = UniffiHandleMap<BackgroundTasks>()

    typealias FfiType = UInt64
    typealias SwiftType = BackgroundTasks

    package static func lift(_ handle: UInt64) throws -> BackgroundTasks {
        if ((handle & 1) == 0) {
            // Rust-generated handle, construct a new class that uses the handle to implement the
            // interface
            return BackgroundTasksImpl(unsafeFromHandle: handle)
        } else {
            // Swift-generated handle, get the object from the handle map
            return try handleMap.remove(handle: handle)
        }
    }

    package static func lower(_ value: BackgroundTasks) -> UInt64 {
         if let rustImpl = value as? BackgroundTasksImpl {
             // Rust-implemented object.  Clone the handle and return it
            return rustImpl.uniffiCloneHandle()
         } else {
            // Swift object, generate a new vtable handle and return that.
            return handleMap.insert(obj: value)
         }
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> BackgroundTasks {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    package static func write(_ value: BackgroundTasks, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeBackgroundTasks_lift(_ handle: UInt64) throws -> BackgroundTasks {
    return try FfiConverterTypeBackgroundTasks.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeBackgroundTasks_lower(_ value: BackgroundTasks) -> UInt64 {
    return FfiConverterTypeBackgroundTasks.lower(value)
}






/**
 * Logs people in at one service, and stores their sessions. Make one client for each store in a
 * process. It can be used from any thread.
 */
package protocol ClientProtocol: AnyObject, Sendable {

    /**
     * Whether a link leads to this client's redirect URI. For a link handler that must decide
     * at once.
     */
    func accepts(url: String)  -> Bool

    /**
     * The login attempt that a link belongs to, for an app that waits for several logins at once.
     * Returns nothing if the link does not lead to this client or cannot be read, and in mediated
     * mode if no stored attempt waits for the link.
     */
    func attemptOf(url: String) async throws  -> AttemptId?

    /**
     * Begins a login. When this function returns, the attempt is stored and the app may open the
     * URL; the callback is found even if this process ends. In mediated mode the backend returns
     * the URL.
     */
    func begin(request: LoginRequest) async throws  -> LoginAttempt

    /**
     * Cancels an attempt: a later callback for it is `Unknown`. An attempt that does not exist is
     * no error. A callback that is being completed at this moment is still completed.
     */
    func cancelLogin(attempt: AttemptId) async throws

    /**
     * By how many seconds the service's clock is ahead of this device's clock (negative: behind),
     * as of its last answer. Nothing before the first answer.
     */
    func clockOffset()  -> Int64?

    /**
     * Completes a login with the callback link. Another call with the same link, concurrent or
     * in a later process, returns the same session.
     *
     * `TryAgain`: the service was not reached or did not answer. The app may try the same link
     * again until the code expires (after half a minute, at most services).
     */
    func complete(url: String) async throws  -> LoginOutcome

    /**
     * The logins that wait for their callback, oldest first.
     */
    func pendingLogins() async throws  -> [PendingLogin]

    /**
     * Removes a session from the store, whatever its state, and revokes it at the service if the
     * service offers that. A session that does not exist is no error.
     */
    func removeSession(id: SessionId) async throws

    /**
     * The URL of a pending login again, for example because the identity app did not open.
     * Returns nothing if the login is no longer pending, or if its code is being exchanged at
     * this moment.
     */
    func reopen(attempt: AttemptId) async throws  -> LoginAttempt?

    /**
     * Opens a session, including one that has ended: `ended` says so.
     *
     * `LoginRequired`: the store has no such session, or its entry is damaged.
     */
    func session(id: SessionId) async throws  -> Session

    /**
     * The sessions in the store, without those that are known to have ended.
     */
    func sessions() async throws  -> [SessionId]

    /**
     * What happened to a login so far, oldest first: for the app to show, or to send to
     * support. Returns nothing if the store no longer has the login.
     */
    func timeline(attempt: AttemptId) async throws  -> [TimelineEntry]?

}
/**
 * Logs people in at one service, and stores their sessions. Make one client for each store in a
 * process. It can be used from any thread.
 */
package class Client: ClientProtocol, @unchecked Sendable, CustomDebugStringConvertible, CustomStringConvertible {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package struct NoHandle {
        package init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required package init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_switchback_bindings_fn_clone_client(self.handle, $0) }
    }
    /**
     * Checks the configuration. Reads, writes and sends nothing.
     */
package convenience init(config: Config, platform: Platform)throws  {
    let handle =
        try rustCallWithError(FfiConverterTypeSwitchbackError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_constructor_client_new(
        FfiConverterTypeConfig_lower(config),
        FfiConverterTypePlatform_lower(platform),uniffiCallStatus
    )
}
    self.init(unsafeFromHandle: handle)
}

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_switchback_bindings_fn_free_client(handle, $0) }
    }




    /**
     * Whether a link leads to this client's redirect URI. For a link handler that must decide
     * at once.
     */
package func accepts(url: String) -> Bool  {
    return try!  FfiConverterBool.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_client_accepts(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(url),uniffiCallStatus
    )
})
}

    /**
     * The login attempt that a link belongs to, for an app that waits for several logins at once.
     * Returns nothing if the link does not lead to this client or cannot be read, and in mediated
     * mode if no stored attempt waits for the link.
     */
package func attemptOf(url: String)async throws  -> AttemptId?  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_switchback_bindings_fn_method_client_attempt_of(
                        self.uniffiCloneHandle(),FfiConverterString.lower(url)
                )
            },
            pollFunc: ffi_switchback_bindings_rust_future_poll_rust_buffer,
            completeFunc: ffi_switchback_bindings_rust_future_complete_rust_buffer,
            cancelFunc: ffi_switchback_bindings_rust_future_cancel_rust_buffer,
            freeFunc: ffi_switchback_bindings_rust_future_free_rust_buffer,
            liftFunc: FfiConverterOptionTypeAttemptId.lift,
            errorHandler: FfiConverterTypeSwitchbackError_lift
        )
}

    /**
     * Begins a login. When this function returns, the attempt is stored and the app may open the
     * URL; the callback is found even if this process ends. In mediated mode the backend returns
     * the URL.
     */
package func begin(request: LoginRequest)async throws  -> LoginAttempt  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_switchback_bindings_fn_method_client_begin(
                        self.uniffiCloneHandle(),FfiConverterTypeLoginRequest_lower(request)
                )
            },
            pollFunc: ffi_switchback_bindings_rust_future_poll_rust_buffer,
            completeFunc: ffi_switchback_bindings_rust_future_complete_rust_buffer,
            cancelFunc: ffi_switchback_bindings_rust_future_cancel_rust_buffer,
            freeFunc: ffi_switchback_bindings_rust_future_free_rust_buffer,
            liftFunc: FfiConverterTypeLoginAttempt_lift,
            errorHandler: FfiConverterTypeSwitchbackError_lift
        )
}

    /**
     * Cancels an attempt: a later callback for it is `Unknown`. An attempt that does not exist is
     * no error. A callback that is being completed at this moment is still completed.
     */
package func cancelLogin(attempt: AttemptId)async throws   {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_switchback_bindings_fn_method_client_cancel_login(
                        self.uniffiCloneHandle(),FfiConverterTypeAttemptId_lower(attempt)
                )
            },
            pollFunc: ffi_switchback_bindings_rust_future_poll_void,
            completeFunc: ffi_switchback_bindings_rust_future_complete_void,
            cancelFunc: ffi_switchback_bindings_rust_future_cancel_void,
            freeFunc: ffi_switchback_bindings_rust_future_free_void,
            liftFunc: { $0 },
            errorHandler: FfiConverterTypeSwitchbackError_lift
        )
}

    /**
     * By how many seconds the service's clock is ahead of this device's clock (negative: behind),
     * as of its last answer. Nothing before the first answer.
     */
package func clockOffset() -> Int64?  {
    return try!  FfiConverterOptionInt64.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_client_clock_offset(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Completes a login with the callback link. Another call with the same link, concurrent or
     * in a later process, returns the same session.
     *
     * `TryAgain`: the service was not reached or did not answer. The app may try the same link
     * again until the code expires (after half a minute, at most services).
     */
package func complete(url: String)async throws  -> LoginOutcome  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_switchback_bindings_fn_method_client_complete(
                        self.uniffiCloneHandle(),FfiConverterString.lower(url)
                )
            },
            pollFunc: ffi_switchback_bindings_rust_future_poll_rust_buffer,
            completeFunc: ffi_switchback_bindings_rust_future_complete_rust_buffer,
            cancelFunc: ffi_switchback_bindings_rust_future_cancel_rust_buffer,
            freeFunc: ffi_switchback_bindings_rust_future_free_rust_buffer,
            liftFunc: FfiConverterTypeLoginOutcome_lift,
            errorHandler: FfiConverterTypeSwitchbackError_lift
        )
}

    /**
     * The logins that wait for their callback, oldest first.
     */
package func pendingLogins()async throws  -> [PendingLogin]  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_switchback_bindings_fn_method_client_pending_logins(
                        self.uniffiCloneHandle()
                )
            },
            pollFunc: ffi_switchback_bindings_rust_future_poll_rust_buffer,
            completeFunc: ffi_switchback_bindings_rust_future_complete_rust_buffer,
            cancelFunc: ffi_switchback_bindings_rust_future_cancel_rust_buffer,
            freeFunc: ffi_switchback_bindings_rust_future_free_rust_buffer,
            liftFunc: FfiConverterSequenceTypePendingLogin.lift,
            errorHandler: FfiConverterTypeSwitchbackError_lift
        )
}

    /**
     * Removes a session from the store, whatever its state, and revokes it at the service if the
     * service offers that. A session that does not exist is no error.
     */
package func removeSession(id: SessionId)async throws   {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_switchback_bindings_fn_method_client_remove_session(
                        self.uniffiCloneHandle(),FfiConverterTypeSessionId_lower(id)
                )
            },
            pollFunc: ffi_switchback_bindings_rust_future_poll_void,
            completeFunc: ffi_switchback_bindings_rust_future_complete_void,
            cancelFunc: ffi_switchback_bindings_rust_future_cancel_void,
            freeFunc: ffi_switchback_bindings_rust_future_free_void,
            liftFunc: { $0 },
            errorHandler: FfiConverterTypeSwitchbackError_lift
        )
}

    /**
     * The URL of a pending login again, for example because the identity app did not open.
     * Returns nothing if the login is no longer pending, or if its code is being exchanged at
     * this moment.
     */
package func reopen(attempt: AttemptId)async throws  -> LoginAttempt?  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_switchback_bindings_fn_method_client_reopen(
                        self.uniffiCloneHandle(),FfiConverterTypeAttemptId_lower(attempt)
                )
            },
            pollFunc: ffi_switchback_bindings_rust_future_poll_rust_buffer,
            completeFunc: ffi_switchback_bindings_rust_future_complete_rust_buffer,
            cancelFunc: ffi_switchback_bindings_rust_future_cancel_rust_buffer,
            freeFunc: ffi_switchback_bindings_rust_future_free_rust_buffer,
            liftFunc: FfiConverterOptionTypeLoginAttempt.lift,
            errorHandler: FfiConverterTypeSwitchbackError_lift
        )
}

    /**
     * Opens a session, including one that has ended: `ended` says so.
     *
     * `LoginRequired`: the store has no such session, or its entry is damaged.
     */
package func session(id: SessionId)async throws  -> Session  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_switchback_bindings_fn_method_client_session(
                        self.uniffiCloneHandle(),FfiConverterTypeSessionId_lower(id)
                )
            },
            pollFunc: ffi_switchback_bindings_rust_future_poll_u64,
            completeFunc: ffi_switchback_bindings_rust_future_complete_u64,
            cancelFunc: ffi_switchback_bindings_rust_future_cancel_u64,
            freeFunc: ffi_switchback_bindings_rust_future_free_u64,
            liftFunc: FfiConverterTypeSession_lift,
            errorHandler: FfiConverterTypeSwitchbackError_lift
        )
}

    /**
     * The sessions in the store, without those that are known to have ended.
     */
package func sessions()async throws  -> [SessionId]  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_switchback_bindings_fn_method_client_sessions(
                        self.uniffiCloneHandle()
                )
            },
            pollFunc: ffi_switchback_bindings_rust_future_poll_rust_buffer,
            completeFunc: ffi_switchback_bindings_rust_future_complete_rust_buffer,
            cancelFunc: ffi_switchback_bindings_rust_future_cancel_rust_buffer,
            freeFunc: ffi_switchback_bindings_rust_future_free_rust_buffer,
            liftFunc: FfiConverterSequenceTypeSessionId.lift,
            errorHandler: FfiConverterTypeSwitchbackError_lift
        )
}

    /**
     * What happened to a login so far, oldest first: for the app to show, or to send to
     * support. Returns nothing if the store no longer has the login.
     */
package func timeline(attempt: AttemptId)async throws  -> [TimelineEntry]?  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_switchback_bindings_fn_method_client_timeline(
                        self.uniffiCloneHandle(),FfiConverterTypeAttemptId_lower(attempt)
                )
            },
            pollFunc: ffi_switchback_bindings_rust_future_poll_rust_buffer,
            completeFunc: ffi_switchback_bindings_rust_future_complete_rust_buffer,
            cancelFunc: ffi_switchback_bindings_rust_future_cancel_rust_buffer,
            freeFunc: ffi_switchback_bindings_rust_future_free_rust_buffer,
            liftFunc: FfiConverterOptionSequenceTypeTimelineEntry.lift,
            errorHandler: FfiConverterTypeSwitchbackError_lift
        )
}



// The local Rust `Debug` implementation.
package var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_client_uniffi_trait_debug(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
package var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_client_uniffi_trait_display(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
    )
}
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeClient: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Client

    package static func lift(_ handle: UInt64) throws -> Client {
        return Client(unsafeFromHandle: handle)
    }

    package static func lower(_ value: Client) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Client {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    package static func write(_ value: Client, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeClient_lift(_ handle: UInt64) throws -> Client {
    return try FfiConverterTypeClient.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeClient_lower(_ value: Client) -> UInt64 {
    return FfiConverterTypeClient.lower(value)
}






/**
 * Reports to Switchback that the system wants this process to stop.
 */
package protocol ExpiryProtocol: AnyObject, Sendable {

    /**
     * The system wants this process to stop: Switchback stops its work and marks it within
     * milliseconds.
     */
    func expired()

}
/**
 * Reports to Switchback that the system wants this process to stop.
 */
package class Expiry: ExpiryProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package struct NoHandle {
        package init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required package init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_switchback_bindings_fn_clone_expiry(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_switchback_bindings_fn_free_expiry(handle, $0) }
    }




    /**
     * The system wants this process to stop: Switchback stops its work and marks it within
     * milliseconds.
     */
package func expired()  {try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_expiry_expired(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeExpiry: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Expiry

    package static func lift(_ handle: UInt64) throws -> Expiry {
        return Expiry(unsafeFromHandle: handle)
    }

    package static func lower(_ value: Expiry) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Expiry {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    package static func write(_ value: Expiry, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeExpiry_lift(_ handle: UInt64) throws -> Expiry {
    return try FfiConverterTypeExpiry.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeExpiry_lower(_ value: Expiry) -> UInt64 {
    return FfiConverterTypeExpiry.lower(value)
}






/**
 * Receives the answer of one request. Only the first call of `succeed` or `fail` counts. If it is
 * released without a call, the answer counts as lost.
 */
package protocol HttpCompletionProtocol: AnyObject, Sendable {

    /**
     * Reports that no answer came.
     */
    func fail(error: TransportError)

    /**
     * Whether the caller still waits for the answer. If not, do not send a request that was not
     * sent yet.
     */
    func isWanted()  -> Bool

    /**
     * Reports an answer, whatever its status.
     */
    func succeed(response: HttpResponse)

}
/**
 * Receives the answer of one request. Only the first call of `succeed` or `fail` counts. If it is
 * released without a call, the answer counts as lost.
 */
package class HttpCompletion: HttpCompletionProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package struct NoHandle {
        package init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required package init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_switchback_bindings_fn_clone_httpcompletion(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_switchback_bindings_fn_free_httpcompletion(handle, $0) }
    }




    /**
     * Reports that no answer came.
     */
package func fail(error: TransportError)  {try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_httpcompletion_fail(
            self.uniffiCloneHandle(),
        FfiConverterTypeTransportError_lower(error),uniffiCallStatus
    )
}
}

    /**
     * Whether the caller still waits for the answer. If not, do not send a request that was not
     * sent yet.
     */
package func isWanted() -> Bool  {
    return try!  FfiConverterBool.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_httpcompletion_is_wanted(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Reports an answer, whatever its status.
     */
package func succeed(response: HttpResponse)  {try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_httpcompletion_succeed(
            self.uniffiCloneHandle(),
        FfiConverterTypeHttpResponse_lower(response),uniffiCallStatus
    )
}
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeHttpCompletion: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = HttpCompletion

    package static func lift(_ handle: UInt64) throws -> HttpCompletion {
        return HttpCompletion(unsafeFromHandle: handle)
    }

    package static func lower(_ value: HttpCompletion) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> HttpCompletion {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    package static func write(_ value: HttpCompletion, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeHttpCompletion_lift(_ handle: UInt64) throws -> HttpCompletion {
    return try FfiConverterTypeHttpCompletion.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeHttpCompletion_lower(_ value: HttpCompletion) -> UInt64 {
    return FfiConverterTypeHttpCompletion.lower(value)
}






/**
 * Sends requests: by `URLSession` on iOS, by `HttpURLConnection` or OkHttp on Android.
 *
 * An implementation must
 * - return from `start` at once, and call the completion from any thread,
 * - never follow a redirect and never answer a challenge (401, 407): every status is an answer,
 * after which nothing is sent again,
 * - never answer from a cache,
 * - add no cookies and store none. Each `set-cookie` header of the answer must stay a separate
 * header (`URLSession` joins them: split at each comma that a name and `=` follow),
 * - send a request that is `once` **at most once**: no retry after a broken connection, and no
 * reuse of a connection that the server may be closing. Many clients repeat a `GET`
 * automatically, some also a `POST`,
 * - distinguish a request that was certainly not sent (`TransportError.notSent`) from a request
 * that may have arrived (`TransportError.lost`). If in doubt, it may have arrived,
 * - decode the content codings that it accepts: `URLSession` and OkHttp do so automatically, and
 * so does `HttpURLConnection` if the transport does not set `Accept-Encoding`,
 * - stop reading after 1 MiB of decoded bytes,
 * - stop after `timeout` seconds, counted to the end of the answer, and never hold a request until
 * the network is back (`waitsForConnectivity`): by then another process may have sent a request
 * that is `once`,
 * - leave no connection and no thread behind,
 * - put no part of a request or answer into a log or an error.
 *
 * **Threads.** `start` comes from threads that may block, several at a time. An error other than
 * `TransportError` becomes `Lost`. Rust cannot wipe the strings of Kotlin and Swift: do not keep
 * a request or an answer.
 *
 * `docs/transport.md` explains how to write a transport, and the suite
 * `http_transport_conformance`, in the library for tests, tests one.
 */
package protocol HttpTransport: AnyObject, Sendable {

    /**
     * Sends the request, and reports the answer or the error to the completion.
     */
    func start(request: HttpRequest, completion: HttpCompletion) throws

}
/**
 * Sends requests: by `URLSession` on iOS, by `HttpURLConnection` or OkHttp on Android.
 *
 * An implementation must
 * - return from `start` at once, and call the completion from any thread,
 * - never follow a redirect and never answer a challenge (401, 407): every status is an answer,
 * after which nothing is sent again,
 * - never answer from a cache,
 * - add no cookies and store none. Each `set-cookie` header of the answer must stay a separate
 * header (`URLSession` joins them: split at each comma that a name and `=` follow),
 * - send a request that is `once` **at most once**: no retry after a broken connection, and no
 * reuse of a connection that the server may be closing. Many clients repeat a `GET`
 * automatically, some also a `POST`,
 * - distinguish a request that was certainly not sent (`TransportError.notSent`) from a request
 * that may have arrived (`TransportError.lost`). If in doubt, it may have arrived,
 * - decode the content codings that it accepts: `URLSession` and OkHttp do so automatically, and
 * so does `HttpURLConnection` if the transport does not set `Accept-Encoding`,
 * - stop reading after 1 MiB of decoded bytes,
 * - stop after `timeout` seconds, counted to the end of the answer, and never hold a request until
 * the network is back (`waitsForConnectivity`): by then another process may have sent a request
 * that is `once`,
 * - leave no connection and no thread behind,
 * - put no part of a request or answer into a log or an error.
 *
 * **Threads.** `start` comes from threads that may block, several at a time. An error other than
 * `TransportError` becomes `Lost`. Rust cannot wipe the strings of Kotlin and Swift: do not keep
 * a request or an answer.
 *
 * `docs/transport.md` explains how to write a transport, and the suite
 * `http_transport_conformance`, in the library for tests, tests one.
 */
package class HttpTransportImpl: HttpTransport, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package struct NoHandle {
        package init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required package init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_switchback_bindings_fn_clone_httptransport(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_switchback_bindings_fn_free_httptransport(handle, $0) }
    }




    /**
     * Sends the request, and reports the answer or the error to the completion.
     */
package func start(request: HttpRequest, completion: HttpCompletion)throws   {try rustCallWithError(FfiConverterTypeTransportError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_httptransport_start(
            self.uniffiCloneHandle(),
        FfiConverterTypeHttpRequest_lower(request),
        FfiConverterTypeHttpCompletion_lower(completion),uniffiCallStatus
    )
}
}



}



// Put the implementation in a struct so we don't pollute the top-level namespace
fileprivate struct UniffiCallbackInterfaceHttpTransport {

    // Create the VTable using a series of closures.
    // Swift automatically converts these into C callback functions.
    //
    // Store the vtable directly.
    static let vtable: UniffiVTableCallbackInterfaceHttpTransport = UniffiVTableCallbackInterfaceHttpTransport(
        uniffiFree: { (uniffiHandle: UInt64) -> () in
            do {
                try FfiConverterTypeHttpTransport.handleMap.remove(handle: uniffiHandle)
            } catch {
                print("Uniffi callback interface HttpTransport: handle missing in uniffiFree")
            }
        },
        uniffiClone: { (uniffiHandle: UInt64) -> UInt64 in
            do {
                return try FfiConverterTypeHttpTransport.handleMap.clone(handle: uniffiHandle)
            } catch {
                fatalError("Uniffi callback interface HttpTransport: handle missing in uniffiClone")
            }
        },
        start: { (
            uniffiHandle: UInt64,
            request: RustBuffer,
            completion: UInt64,
            uniffiOutReturn: UnsafeMutableRawPointer,
            uniffiCallStatus: UnsafeMutablePointer<RustCallStatus>
        ) in
            let makeCall = {
                () throws -> () in
                guard let uniffiObj = try? FfiConverterTypeHttpTransport.handleMap.get(handle: uniffiHandle) else {
                    throw UniffiInternalError.unexpectedStaleHandle
                }
                return try uniffiObj.start(
                     request: try FfiConverterTypeHttpRequest_lift(request),
                     completion: try FfiConverterTypeHttpCompletion_lift(completion)
                )
            }


            let writeReturn = { () }
            uniffiTraitInterfaceCallWithError(
                callStatus: uniffiCallStatus,
                makeCall: makeCall,
                writeReturn: writeReturn,
                lowerError: FfiConverterTypeTransportError_lower
            )
        }
    )

    // Rust stores this pointer for future callback invocations, so it must live
    // for the process lifetime (not just for the init function call).
    //
    // `nonisolated(unsafe)` is needed under Swift 6 strict concurrency.
    // This is safe because the pointee is initialized once during static init
    // and never mutated by either side of the FFI.  Its fields are C function pointers.
    nonisolated(unsafe) static let vtablePtr: UnsafePointer<UniffiVTableCallbackInterfaceHttpTransport> = {
        let ptr = UnsafeMutablePointer<UniffiVTableCallbackInterfaceHttpTransport>.allocate(capacity: 1)
        ptr.initialize(to: vtable)
        return UnsafePointer(ptr)
    }()
}

private func uniffiCallbackInitHttpTransport() {
    uniffi_switchback_bindings_fn_init_callback_vtable_httptransport(UniffiCallbackInterfaceHttpTransport.vtablePtr)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeHttpTransport: FfiConverter {
    fileprivate static let handleMap = UniffiHandleMap<HttpTransport>()

    typealias FfiType = UInt64
    typealias SwiftType = HttpTransport

    package static func lift(_ handle: UInt64) throws -> HttpTransport {
        if ((handle & 1) == 0) {
            // Rust-generated handle, construct a new class that uses the handle to implement the
            // interface
            return HttpTransportImpl(unsafeFromHandle: handle)
        } else {
            // Swift-generated handle, get the object from the handle map
            return try handleMap.remove(handle: handle)
        }
    }

    package static func lower(_ value: HttpTransport) -> UInt64 {
         if let rustImpl = value as? HttpTransportImpl {
             // Rust-implemented object.  Clone the handle and return it
            return rustImpl.uniffiCloneHandle()
         } else {
            // Swift object, generate a new vtable handle and return that.
            return handleMap.insert(obj: value)
         }
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> HttpTransport {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    package static func write(_ value: HttpTransport, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeHttpTransport_lift(_ handle: UInt64) throws -> HttpTransport {
    return try FfiConverterTypeHttpTransport.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeHttpTransport_lower(_ value: HttpTransport) -> UInt64 {
    return FfiConverterTypeHttpTransport.lower(value)
}






/**
 * Receives the log: writes it to `os_log` on iOS, to Logcat on Android, or to the app's own log.
 *
 * **Threads.** One thread of Switchback makes all calls, one at a time, and does nothing else. A
 * sink that is slow or hangs therefore delays only the log, and lines that result from a sink's
 * call of Switchback come later. Errors of the sink are ignored.
 */
package protocol LogSink: AnyObject, Sendable {

    /**
     * Writes a line.
     */
    func log(line: LogLine) throws

}
/**
 * Receives the log: writes it to `os_log` on iOS, to Logcat on Android, or to the app's own log.
 *
 * **Threads.** One thread of Switchback makes all calls, one at a time, and does nothing else. A
 * sink that is slow or hangs therefore delays only the log, and lines that result from a sink's
 * call of Switchback come later. Errors of the sink are ignored.
 */
package class LogSinkImpl: LogSink, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package struct NoHandle {
        package init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required package init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_switchback_bindings_fn_clone_logsink(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_switchback_bindings_fn_free_logsink(handle, $0) }
    }




    /**
     * Writes a line.
     */
package func log(line: LogLine)throws   {try rustCallWithError(FfiConverterTypeLogError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_logsink_log(
            self.uniffiCloneHandle(),
        FfiConverterTypeLogLine_lower(line),uniffiCallStatus
    )
}
}



}



// Put the implementation in a struct so we don't pollute the top-level namespace
fileprivate struct UniffiCallbackInterfaceLogSink {

    // Create the VTable using a series of closures.
    // Swift automatically converts these into C callback functions.
    //
    // Store the vtable directly.
    static let vtable: UniffiVTableCallbackInterfaceLogSink = UniffiVTableCallbackInterfaceLogSink(
        uniffiFree: { (uniffiHandle: UInt64) -> () in
            do {
                try FfiConverterTypeLogSink.handleMap.remove(handle: uniffiHandle)
            } catch {
                print("Uniffi callback interface LogSink: handle missing in uniffiFree")
            }
        },
        uniffiClone: { (uniffiHandle: UInt64) -> UInt64 in
            do {
                return try FfiConverterTypeLogSink.handleMap.clone(handle: uniffiHandle)
            } catch {
                fatalError("Uniffi callback interface LogSink: handle missing in uniffiClone")
            }
        },
        log: { (
            uniffiHandle: UInt64,
            line: RustBuffer,
            uniffiOutReturn: UnsafeMutableRawPointer,
            uniffiCallStatus: UnsafeMutablePointer<RustCallStatus>
        ) in
            let makeCall = {
                () throws -> () in
                guard let uniffiObj = try? FfiConverterTypeLogSink.handleMap.get(handle: uniffiHandle) else {
                    throw UniffiInternalError.unexpectedStaleHandle
                }
                return try uniffiObj.log(
                     line: try FfiConverterTypeLogLine_lift(line)
                )
            }


            let writeReturn = { () }
            uniffiTraitInterfaceCallWithError(
                callStatus: uniffiCallStatus,
                makeCall: makeCall,
                writeReturn: writeReturn,
                lowerError: FfiConverterTypeLogError_lower
            )
        }
    )

    // Rust stores this pointer for future callback invocations, so it must live
    // for the process lifetime (not just for the init function call).
    //
    // `nonisolated(unsafe)` is needed under Swift 6 strict concurrency.
    // This is safe because the pointee is initialized once during static init
    // and never mutated by either side of the FFI.  Its fields are C function pointers.
    nonisolated(unsafe) static let vtablePtr: UnsafePointer<UniffiVTableCallbackInterfaceLogSink> = {
        let ptr = UnsafeMutablePointer<UniffiVTableCallbackInterfaceLogSink>.allocate(capacity: 1)
        ptr.initialize(to: vtable)
        return UnsafePointer(ptr)
    }()
}

private func uniffiCallbackInitLogSink() {
    uniffi_switchback_bindings_fn_init_callback_vtable_logsink(UniffiCallbackInterfaceLogSink.vtablePtr)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeLogSink: FfiConverter {
    fileprivate static let handleMap = UniffiHandleMap<LogSink>()

    typealias FfiType = UInt64
    typealias SwiftType = LogSink

    package static func lift(_ handle: UInt64) throws -> LogSink {
        if ((handle & 1) == 0) {
            // Rust-generated handle, construct a new class that uses the handle to implement the
            // interface
            return LogSinkImpl(unsafeFromHandle: handle)
        } else {
            // Swift-generated handle, get the object from the handle map
            return try handleMap.remove(handle: handle)
        }
    }

    package static func lower(_ value: LogSink) -> UInt64 {
         if let rustImpl = value as? LogSinkImpl {
             // Rust-implemented object.  Clone the handle and return it
            return rustImpl.uniffiCloneHandle()
         } else {
            // Swift object, generate a new vtable handle and return that.
            return handleMap.insert(obj: value)
         }
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> LogSink {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    package static func write(_ value: LogSink, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeLogSink_lift(_ handle: UInt64) throws -> LogSink {
    return try FfiConverterTypeLogSink.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeLogSink_lower(_ value: LogSink) -> UInt64 {
    return FfiConverterTypeLogSink.lower(value)
}






/**
 * Who the person is, as a presentation of the requested claims. The values stay in Rust until
 * the app reads them. Its text form shows the keys of the claims.
 */
package protocol PresentationProtocol: AnyObject, Sendable {

    /**
     * All claims, in the order of the answer.
     */
    func claims()  -> [Claim]

    /**
     * The value of a claim, by its key. Nothing if the claim is absent.
     */
    func get(claim: String)  -> ClaimValue?

    /**
     * All other fields of the answer, as a JSON object.
     */
    func more()  -> String

    /**
     * The subject identifier, as in `UserInfo`.
     */
    func sub()  -> String

    /**
     * The text of a claim, by its key. Nothing if the claim is absent or not a text.
     */
    func text(claim: String)  -> String?

}
/**
 * Who the person is, as a presentation of the requested claims. The values stay in Rust until
 * the app reads them. Its text form shows the keys of the claims.
 */
package class Presentation: PresentationProtocol, @unchecked Sendable, CustomDebugStringConvertible, CustomStringConvertible {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package struct NoHandle {
        package init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required package init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_switchback_bindings_fn_clone_presentation(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_switchback_bindings_fn_free_presentation(handle, $0) }
    }




    /**
     * All claims, in the order of the answer.
     */
package func claims() -> [Claim]  {
    return try!  FfiConverterSequenceTypeClaim.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_presentation_claims(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The value of a claim, by its key. Nothing if the claim is absent.
     */
package func get(claim: String) -> ClaimValue?  {
    return try!  FfiConverterOptionTypeClaimValue.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_presentation_get(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(claim),uniffiCallStatus
    )
})
}

    /**
     * All other fields of the answer, as a JSON object.
     */
package func more() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_presentation_more(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The subject identifier, as in `UserInfo`.
     */
package func sub() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_presentation_sub(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The text of a claim, by its key. Nothing if the claim is absent or not a text.
     */
package func text(claim: String) -> String?  {
    return try!  FfiConverterOptionString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_presentation_text(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(claim),uniffiCallStatus
    )
})
}



// The local Rust `Debug` implementation.
package var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_presentation_uniffi_trait_debug(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
package var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_presentation_uniffi_trait_display(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
    )
}
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypePresentation: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Presentation

    package static func lift(_ handle: UInt64) throws -> Presentation {
        return Presentation(unsafeFromHandle: handle)
    }

    package static func lower(_ value: Presentation) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Presentation {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    package static func write(_ value: Presentation, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypePresentation_lift(_ handle: UInt64) throws -> Presentation {
    return try FfiConverterTypePresentation.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypePresentation_lower(_ value: Presentation) -> UInt64 {
    return FfiConverterTypePresentation.lower(value)
}






/**
 * A critical section for all processes of an app. An app of one process needs no implementation;
 * for an app of several processes `Platform.lock_file` is usually
 * enough.
 *
 * **Threads.** Calls come from threads that may block, several at a time. `leave` comes from the
 * thread of its `enter`. `withdraw` comes from any thread, and must return at once. No method may
 * wait for a call of Switchback. An error other than `StoreError` becomes `Unavailable`.
 */
package protocol ProcessLock: AnyObject, Sendable {

    /**
     * Enters the critical section. If another process does not leave it, throws `Unavailable`
     * after some seconds.
     */
    func enter() throws

    /**
     * Leaves the critical section.
     */
    func leave() throws

    /**
     * Registers this owner as running, until `withdraw` or the end of the process. On iOS, in a
     * container that is shared with extensions, do nothing: the system kills an app that is
     * suspended while it holds a lock there.
     */
    func announce(owner: String) throws

    /**
     * Removes the registration of this owner.
     */
    func withdraw(owner: String) throws

    /**
     * Whether an owner is certainly no longer running. False if that cannot be known.
     */
    func isGone(owner: String) throws  -> Bool

}
/**
 * A critical section for all processes of an app. An app of one process needs no implementation;
 * for an app of several processes `Platform.lock_file` is usually
 * enough.
 *
 * **Threads.** Calls come from threads that may block, several at a time. `leave` comes from the
 * thread of its `enter`. `withdraw` comes from any thread, and must return at once. No method may
 * wait for a call of Switchback. An error other than `StoreError` becomes `Unavailable`.
 */
package class ProcessLockImpl: ProcessLock, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package struct NoHandle {
        package init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required package init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_switchback_bindings_fn_clone_processlock(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_switchback_bindings_fn_free_processlock(handle, $0) }
    }




    /**
     * Enters the critical section. If another process does not leave it, throws `Unavailable`
     * after some seconds.
     */
package func enter()throws   {try rustCallWithError(FfiConverterTypeStoreError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_processlock_enter(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
}

    /**
     * Leaves the critical section.
     */
package func leave()throws   {try rustCallWithError(FfiConverterTypeStoreError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_processlock_leave(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
}

    /**
     * Registers this owner as running, until `withdraw` or the end of the process. On iOS, in a
     * container that is shared with extensions, do nothing: the system kills an app that is
     * suspended while it holds a lock there.
     */
package func announce(owner: String)throws   {try rustCallWithError(FfiConverterTypeStoreError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_processlock_announce(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(owner),uniffiCallStatus
    )
}
}

    /**
     * Removes the registration of this owner.
     */
package func withdraw(owner: String)throws   {try rustCallWithError(FfiConverterTypeStoreError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_processlock_withdraw(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(owner),uniffiCallStatus
    )
}
}

    /**
     * Whether an owner is certainly no longer running. False if that cannot be known.
     */
package func isGone(owner: String)throws  -> Bool  {
    return try  FfiConverterBool.lift(try rustCallWithError(FfiConverterTypeStoreError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_processlock_is_gone(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(owner),uniffiCallStatus
    )
})
}



}



// Put the implementation in a struct so we don't pollute the top-level namespace
fileprivate struct UniffiCallbackInterfaceProcessLock {

    // Create the VTable using a series of closures.
    // Swift automatically converts these into C callback functions.
    //
    // Store the vtable directly.
    static let vtable: UniffiVTableCallbackInterfaceProcessLock = UniffiVTableCallbackInterfaceProcessLock(
        uniffiFree: { (uniffiHandle: UInt64) -> () in
            do {
                try FfiConverterTypeProcessLock.handleMap.remove(handle: uniffiHandle)
            } catch {
                print("Uniffi callback interface ProcessLock: handle missing in uniffiFree")
            }
        },
        uniffiClone: { (uniffiHandle: UInt64) -> UInt64 in
            do {
                return try FfiConverterTypeProcessLock.handleMap.clone(handle: uniffiHandle)
            } catch {
                fatalError("Uniffi callback interface ProcessLock: handle missing in uniffiClone")
            }
        },
        enter: { (
            uniffiHandle: UInt64,
            uniffiOutReturn: UnsafeMutableRawPointer,
            uniffiCallStatus: UnsafeMutablePointer<RustCallStatus>
        ) in
            let makeCall = {
                () throws -> () in
                guard let uniffiObj = try? FfiConverterTypeProcessLock.handleMap.get(handle: uniffiHandle) else {
                    throw UniffiInternalError.unexpectedStaleHandle
                }
                return try uniffiObj.enter(
                )
            }


            let writeReturn = { () }
            uniffiTraitInterfaceCallWithError(
                callStatus: uniffiCallStatus,
                makeCall: makeCall,
                writeReturn: writeReturn,
                lowerError: FfiConverterTypeStoreError_lower
            )
        },
        leave: { (
            uniffiHandle: UInt64,
            uniffiOutReturn: UnsafeMutableRawPointer,
            uniffiCallStatus: UnsafeMutablePointer<RustCallStatus>
        ) in
            let makeCall = {
                () throws -> () in
                guard let uniffiObj = try? FfiConverterTypeProcessLock.handleMap.get(handle: uniffiHandle) else {
                    throw UniffiInternalError.unexpectedStaleHandle
                }
                return try uniffiObj.leave(
                )
            }


            let writeReturn = { () }
            uniffiTraitInterfaceCallWithError(
                callStatus: uniffiCallStatus,
                makeCall: makeCall,
                writeReturn: writeReturn,
                lowerError: FfiConverterTypeStoreError_lower
            )
        },
        announce: { (
            uniffiHandle: UInt64,
            owner: RustBuffer,
            uniffiOutReturn: UnsafeMutableRawPointer,
            uniffiCallStatus: UnsafeMutablePointer<RustCallStatus>
        ) in
            let makeCall = {
                () throws -> () in
                guard let uniffiObj = try? FfiConverterTypeProcessLock.handleMap.get(handle: uniffiHandle) else {
                    throw UniffiInternalError.unexpectedStaleHandle
                }
                return try uniffiObj.announce(
                     owner: try FfiConverterString.lift(owner)
                )
            }


            let writeReturn = { () }
            uniffiTraitInterfaceCallWithError(
                callStatus: uniffiCallStatus,
                makeCall: makeCall,
                writeReturn: writeReturn,
                lowerError: FfiConverterTypeStoreError_lower
            )
        },
        withdraw: { (
            uniffiHandle: UInt64,
            owner: RustBuffer,
            uniffiOutReturn: UnsafeMutableRawPointer,
            uniffiCallStatus: UnsafeMutablePointer<RustCallStatus>
        ) in
            let makeCall = {
                () throws -> () in
                guard let uniffiObj = try? FfiConverterTypeProcessLock.handleMap.get(handle: uniffiHandle) else {
                    throw UniffiInternalError.unexpectedStaleHandle
                }
                return try uniffiObj.withdraw(
                     owner: try FfiConverterString.lift(owner)
                )
            }


            let writeReturn = { () }
            uniffiTraitInterfaceCallWithError(
                callStatus: uniffiCallStatus,
                makeCall: makeCall,
                writeReturn: writeReturn,
                lowerError: FfiConverterTypeStoreError_lower
            )
        },
        isGone: { (
            uniffiHandle: UInt64,
            owner: RustBuffer,
            uniffiOutReturn: UnsafeMutablePointer<Int8>,
            uniffiCallStatus: UnsafeMutablePointer<RustCallStatus>
        ) in
            let makeCall = {
                () throws -> Bool in
                guard let uniffiObj = try? FfiConverterTypeProcessLock.handleMap.get(handle: uniffiHandle) else {
                    throw UniffiInternalError.unexpectedStaleHandle
                }
                return try uniffiObj.isGone(
                     owner: try FfiConverterString.lift(owner)
                )
            }


            let writeReturn = { uniffiOutReturn.pointee = FfiConverterBool.lower($0) }
            uniffiTraitInterfaceCallWithError(
                callStatus: uniffiCallStatus,
                makeCall: makeCall,
                writeReturn: writeReturn,
                lowerError: FfiConverterTypeStoreError_lower
            )
        }
    )

    // Rust stores this pointer for future callback invocations, so it must live
    // for the process lifetime (not just for the init function call).
    //
    // `nonisolated(unsafe)` is needed under Swift 6 strict concurrency.
    // This is safe because the pointee is initialized once during static init
    // and never mutated by either side of the FFI.  Its fields are C function pointers.
    nonisolated(unsafe) static let vtablePtr: UnsafePointer<UniffiVTableCallbackInterfaceProcessLock> = {
        let ptr = UnsafeMutablePointer<UniffiVTableCallbackInterfaceProcessLock>.allocate(capacity: 1)
        ptr.initialize(to: vtable)
        return UnsafePointer(ptr)
    }()
}

private func uniffiCallbackInitProcessLock() {
    uniffi_switchback_bindings_fn_init_callback_vtable_processlock(UniffiCallbackInterfaceProcessLock.vtablePtr)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeProcessLock: FfiConverter {
    fileprivate static let handleMap = UniffiHandleMap<ProcessLock>()

    typealias FfiType = UInt64
    typealias SwiftType = ProcessLock

    package static func lift(_ handle: UInt64) throws -> ProcessLock {
        if ((handle & 1) == 0) {
            // Rust-generated handle, construct a new class that uses the handle to implement the
            // interface
            return ProcessLockImpl(unsafeFromHandle: handle)
        } else {
            // Swift-generated handle, get the object from the handle map
            return try handleMap.remove(handle: handle)
        }
    }

    package static func lower(_ value: ProcessLock) -> UInt64 {
         if let rustImpl = value as? ProcessLockImpl {
             // Rust-implemented object.  Clone the handle and return it
            return rustImpl.uniffiCloneHandle()
         } else {
            // Swift object, generate a new vtable handle and return that.
            return handleMap.insert(obj: value)
         }
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> ProcessLock {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    package static func write(_ value: ProcessLock, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeProcessLock_lift(_ handle: UInt64) throws -> ProcessLock {
    return try FfiConverterTypeProcessLock.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeProcessLock_lower(_ value: ProcessLock) -> UInt64 {
    return FfiConverterTypeProcessLock.lower(value)
}






/**
 * A token, or a header that contains a token. Its text stays in Rust until the app calls
 * `expose`. Printed, it shows `[redacted]`.
 */
package protocol SecretProtocol: AnyObject, Sendable {

    /**
     * The text itself. A review should look at every call.
     */
    func expose()  -> String

}
/**
 * A token, or a header that contains a token. Its text stays in Rust until the app calls
 * `expose`. Printed, it shows `[redacted]`.
 */
package class Secret: SecretProtocol, @unchecked Sendable, CustomDebugStringConvertible, CustomStringConvertible {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package struct NoHandle {
        package init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required package init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_switchback_bindings_fn_clone_secret(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_switchback_bindings_fn_free_secret(handle, $0) }
    }




    /**
     * The text itself. A review should look at every call.
     */
package func expose() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_secret_expose(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



// The local Rust `Debug` implementation.
package var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_secret_uniffi_trait_debug(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
package var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_secret_uniffi_trait_display(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
    )
}
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeSecret: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Secret

    package static func lift(_ handle: UInt64) throws -> Secret {
        return Secret(unsafeFromHandle: handle)
    }

    package static func lower(_ value: Secret) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Secret {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    package static func write(_ value: Secret, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeSecret_lift(_ handle: UInt64) throws -> Secret {
    return try FfiConverterTypeSecret.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeSecret_lower(_ value: Secret) -> UInt64 {
    return FfiConverterTypeSecret.lower(value)
}






/**
 * Stores small secrets: in the keychain of iOS, in the keystore of Android.
 *
 * **Threads.** Calls are synchronous, since keychains and keystores are. They come from threads
 * of Switchback that may block, several at a time, and never from within another call of the same
 * store, so an implementation may hold a lock during each call. It must not wait for a call of
 * Switchback.
 *
 * **Keys** are texts of 1 to 1,000 bytes with any characters. **Values** are 0 to 1,048,576 bytes
 * (1 MiB).
 *
 * **Writes** are atomic, also if the process is killed, and durable when they return.
 *
 * **Absence** is returned only if the store is certain. A store that cannot be read yet throws
 * `Locked`, since an absent session logs the person out.
 *
 * **No prompts.** No call may wait for a person. If the store needs biometric authentication, the
 * app unlocks it beforehand; until then calls throw `AuthenticationRequired`.
 *
 * An error other than `StoreError` becomes `Unavailable`, with the name of its type.
 * `docs/secure-store.md` explains how to write a store, and a conformance suite tests one.
 */
package protocol SecureStore: AnyObject, Sendable {

    /**
     * The value of a key.
     */
    func get(key: String) throws  -> Data?

    /**
     * Writes a value, and replaces an earlier one.
     */
    func put(key: String, value: Data) throws

    /**
     * Removes a key. A key that does not exist is not an error.
     */
    func delete(key: String) throws

    /**
     * All keys that start with this prefix, in any order.
     */
    func list(prefix: String) throws  -> [String]

}
/**
 * Stores small secrets: in the keychain of iOS, in the keystore of Android.
 *
 * **Threads.** Calls are synchronous, since keychains and keystores are. They come from threads
 * of Switchback that may block, several at a time, and never from within another call of the same
 * store, so an implementation may hold a lock during each call. It must not wait for a call of
 * Switchback.
 *
 * **Keys** are texts of 1 to 1,000 bytes with any characters. **Values** are 0 to 1,048,576 bytes
 * (1 MiB).
 *
 * **Writes** are atomic, also if the process is killed, and durable when they return.
 *
 * **Absence** is returned only if the store is certain. A store that cannot be read yet throws
 * `Locked`, since an absent session logs the person out.
 *
 * **No prompts.** No call may wait for a person. If the store needs biometric authentication, the
 * app unlocks it beforehand; until then calls throw `AuthenticationRequired`.
 *
 * An error other than `StoreError` becomes `Unavailable`, with the name of its type.
 * `docs/secure-store.md` explains how to write a store, and a conformance suite tests one.
 */
package class SecureStoreImpl: SecureStore, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package struct NoHandle {
        package init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required package init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_switchback_bindings_fn_clone_securestore(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_switchback_bindings_fn_free_securestore(handle, $0) }
    }




    /**
     * The value of a key.
     */
package func get(key: String)throws  -> Data?  {
    return try  FfiConverterOptionData.lift(try rustCallWithError(FfiConverterTypeStoreError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_securestore_get(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(key),uniffiCallStatus
    )
})
}

    /**
     * Writes a value, and replaces an earlier one.
     */
package func put(key: String, value: Data)throws   {try rustCallWithError(FfiConverterTypeStoreError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_securestore_put(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(key),
        FfiConverterData.lower(value),uniffiCallStatus
    )
}
}

    /**
     * Removes a key. A key that does not exist is not an error.
     */
package func delete(key: String)throws   {try rustCallWithError(FfiConverterTypeStoreError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_securestore_delete(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(key),uniffiCallStatus
    )
}
}

    /**
     * All keys that start with this prefix, in any order.
     */
package func list(prefix: String)throws  -> [String]  {
    return try  FfiConverterSequenceString.lift(try rustCallWithError(FfiConverterTypeStoreError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_securestore_list(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(prefix),uniffiCallStatus
    )
})
}



}



// Put the implementation in a struct so we don't pollute the top-level namespace
fileprivate struct UniffiCallbackInterfaceSecureStore {

    // Create the VTable using a series of closures.
    // Swift automatically converts these into C callback functions.
    //
    // Store the vtable directly.
    static let vtable: UniffiVTableCallbackInterfaceSecureStore = UniffiVTableCallbackInterfaceSecureStore(
        uniffiFree: { (uniffiHandle: UInt64) -> () in
            do {
                try FfiConverterTypeSecureStore.handleMap.remove(handle: uniffiHandle)
            } catch {
                print("Uniffi callback interface SecureStore: handle missing in uniffiFree")
            }
        },
        uniffiClone: { (uniffiHandle: UInt64) -> UInt64 in
            do {
                return try FfiConverterTypeSecureStore.handleMap.clone(handle: uniffiHandle)
            } catch {
                fatalError("Uniffi callback interface SecureStore: handle missing in uniffiClone")
            }
        },
        get: { (
            uniffiHandle: UInt64,
            key: RustBuffer,
            uniffiOutReturn: UnsafeMutablePointer<RustBuffer>,
            uniffiCallStatus: UnsafeMutablePointer<RustCallStatus>
        ) in
            let makeCall = {
                () throws -> Data? in
                guard let uniffiObj = try? FfiConverterTypeSecureStore.handleMap.get(handle: uniffiHandle) else {
                    throw UniffiInternalError.unexpectedStaleHandle
                }
                return try uniffiObj.get(
                     key: try FfiConverterString.lift(key)
                )
            }


            let writeReturn = { uniffiOutReturn.pointee = FfiConverterOptionData.lower($0) }
            uniffiTraitInterfaceCallWithError(
                callStatus: uniffiCallStatus,
                makeCall: makeCall,
                writeReturn: writeReturn,
                lowerError: FfiConverterTypeStoreError_lower
            )
        },
        put: { (
            uniffiHandle: UInt64,
            key: RustBuffer,
            value: RustBuffer,
            uniffiOutReturn: UnsafeMutableRawPointer,
            uniffiCallStatus: UnsafeMutablePointer<RustCallStatus>
        ) in
            let makeCall = {
                () throws -> () in
                guard let uniffiObj = try? FfiConverterTypeSecureStore.handleMap.get(handle: uniffiHandle) else {
                    throw UniffiInternalError.unexpectedStaleHandle
                }
                return try uniffiObj.put(
                     key: try FfiConverterString.lift(key),
                     value: try FfiConverterData.lift(value)
                )
            }


            let writeReturn = { () }
            uniffiTraitInterfaceCallWithError(
                callStatus: uniffiCallStatus,
                makeCall: makeCall,
                writeReturn: writeReturn,
                lowerError: FfiConverterTypeStoreError_lower
            )
        },
        delete: { (
            uniffiHandle: UInt64,
            key: RustBuffer,
            uniffiOutReturn: UnsafeMutableRawPointer,
            uniffiCallStatus: UnsafeMutablePointer<RustCallStatus>
        ) in
            let makeCall = {
                () throws -> () in
                guard let uniffiObj = try? FfiConverterTypeSecureStore.handleMap.get(handle: uniffiHandle) else {
                    throw UniffiInternalError.unexpectedStaleHandle
                }
                return try uniffiObj.delete(
                     key: try FfiConverterString.lift(key)
                )
            }


            let writeReturn = { () }
            uniffiTraitInterfaceCallWithError(
                callStatus: uniffiCallStatus,
                makeCall: makeCall,
                writeReturn: writeReturn,
                lowerError: FfiConverterTypeStoreError_lower
            )
        },
        list: { (
            uniffiHandle: UInt64,
            prefix: RustBuffer,
            uniffiOutReturn: UnsafeMutablePointer<RustBuffer>,
            uniffiCallStatus: UnsafeMutablePointer<RustCallStatus>
        ) in
            let makeCall = {
                () throws -> [String] in
                guard let uniffiObj = try? FfiConverterTypeSecureStore.handleMap.get(handle: uniffiHandle) else {
                    throw UniffiInternalError.unexpectedStaleHandle
                }
                return try uniffiObj.list(
                     prefix: try FfiConverterString.lift(prefix)
                )
            }


            let writeReturn = { uniffiOutReturn.pointee = FfiConverterSequenceString.lower($0) }
            uniffiTraitInterfaceCallWithError(
                callStatus: uniffiCallStatus,
                makeCall: makeCall,
                writeReturn: writeReturn,
                lowerError: FfiConverterTypeStoreError_lower
            )
        }
    )

    // Rust stores this pointer for future callback invocations, so it must live
    // for the process lifetime (not just for the init function call).
    //
    // `nonisolated(unsafe)` is needed under Swift 6 strict concurrency.
    // This is safe because the pointee is initialized once during static init
    // and never mutated by either side of the FFI.  Its fields are C function pointers.
    nonisolated(unsafe) static let vtablePtr: UnsafePointer<UniffiVTableCallbackInterfaceSecureStore> = {
        let ptr = UnsafeMutablePointer<UniffiVTableCallbackInterfaceSecureStore>.allocate(capacity: 1)
        ptr.initialize(to: vtable)
        return UnsafePointer(ptr)
    }()
}

private func uniffiCallbackInitSecureStore() {
    uniffi_switchback_bindings_fn_init_callback_vtable_securestore(UniffiCallbackInterfaceSecureStore.vtablePtr)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeSecureStore: FfiConverter {
    fileprivate static let handleMap = UniffiHandleMap<SecureStore>()

    typealias FfiType = UInt64
    typealias SwiftType = SecureStore

    package static func lift(_ handle: UInt64) throws -> SecureStore {
        if ((handle & 1) == 0) {
            // Rust-generated handle, construct a new class that uses the handle to implement the
            // interface
            return SecureStoreImpl(unsafeFromHandle: handle)
        } else {
            // Swift-generated handle, get the object from the handle map
            return try handleMap.remove(handle: handle)
        }
    }

    package static func lower(_ value: SecureStore) -> UInt64 {
         if let rustImpl = value as? SecureStoreImpl {
             // Rust-implemented object.  Clone the handle and return it
            return rustImpl.uniffiCloneHandle()
         } else {
            // Swift object, generate a new vtable handle and return that.
            return handleMap.insert(obj: value)
         }
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SecureStore {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    package static func write(_ value: SecureStore, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeSecureStore_lift(_ handle: UInt64) throws -> SecureStore {
    return try FfiConverterTypeSecureStore.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeSecureStore_lower(_ value: SecureStore) -> UInt64 {
    return FfiConverterTypeSecureStore.lower(value)
}






/**
 * One person's session with one service. A session that is opened twice is the same session in
 * two objects: compare their ids.
 */
package protocol SessionProtocol: AnyObject, Sendable {

    /**
     * A valid access token, refreshed if necessary. Concurrent callers share one refresh, which
     * continues if they are cancelled.
     */
    func accessToken() async throws  -> Secret

    /**
     * Another access token, after a resource has rejected the token `refused` (401). All callers
     * share one refresh.
     */
    func accessTokenAfter(refused: String) async throws  -> Secret

    /**
     * Reports the answer to a request that was sent with an `Authorization`: its status, and its
     * `Set-Cookie` headers, which are stored. Returns nothing if the answer is for the app. If it
     * returns an authorization, send the request again with it, and report that answer, too.
     */
    func answered(sent: Authorization, status: Int32, setCookie: [String]) async throws  -> Authorization?

    /**
     * The headers for a request of the app to its backend (in direct mode: to the provider): a
     * valid access token, refreshed if necessary, or the backend's cookies. They are for this URL
     * only. Report the answer to `answered`.
     */
    func authorize(url: String) async throws  -> Authorization

    /**
     * Begins a login under this session, in mediated mode: for identity verification, or for
     * another purpose of the backend for a known person. The login has a separate session.
     */
    func begin(request: LoginRequest) async throws  -> LoginAttempt

    /**
     * The scopes that were requested and not granted.
     */
    func deniedScopes()  -> [String]

    /**
     * Why the session has ended, if that is known. `null` or `nil` does not mean that the service
     * still accepts it; `accessToken` finds out.
     */
    func ended()  -> SessionEnd?

    /**
     * The events of this session: the last one, and all from now on. Use it to show whether the
     * person is logged in.
     */
    func events()  -> SessionEvents

    /**
     * When the access token expires, in seconds since the epoch. Nothing if that is unknown.
     */
    func expiresAt()  -> Int64?

    /**
     * The id, with which the app can open the session later.
     */
    func id()  -> SessionId

    /**
     * Logs out: removes the tokens or cookies from the store, and revokes them at the provider or
     * logs out at the backend, if they offer that. It is final: the result of a refresh in
     * progress, also in another process, is discarded.
     *
     * If it throws, the person is **still logged in**.
     */
    func logOut() async throws  -> LogOut

    /**
     * When the person logged in, in seconds since the epoch.
     */
    func loggedInAt()  -> Int64

    /**
     * The identity of the person as a presentation of these claims, named by their keys. A claim
     * that the person did not share, or does not have, is not in the result. `Configuration` if
     * the service has no presentations.
     */
    func presentation(claims: [String]) async throws  -> Presentation

    /**
     * The purpose of the login.
     */
    func purpose()  -> Purpose

    /**
     * The scope that was granted.
     */
    func scope()  -> [String]

    /**
     * The `sub` of the person, if it was read before: for `LoginRequest.subject` of the next
     * login.
     */
    func subject()  -> String?

    /**
     * The identity of the person as OpenID user info, from the provider or the backend.
     */
    func userInfo() async throws  -> UserInfo

}
/**
 * One person's session with one service. A session that is opened twice is the same session in
 * two objects: compare their ids.
 */
package class Session: SessionProtocol, @unchecked Sendable, CustomDebugStringConvertible, CustomStringConvertible {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package struct NoHandle {
        package init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required package init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_switchback_bindings_fn_clone_session(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_switchback_bindings_fn_free_session(handle, $0) }
    }




    /**
     * A valid access token, refreshed if necessary. Concurrent callers share one refresh, which
     * continues if they are cancelled.
     */
package func accessToken()async throws  -> Secret  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_switchback_bindings_fn_method_session_access_token(
                        self.uniffiCloneHandle()
                )
            },
            pollFunc: ffi_switchback_bindings_rust_future_poll_u64,
            completeFunc: ffi_switchback_bindings_rust_future_complete_u64,
            cancelFunc: ffi_switchback_bindings_rust_future_cancel_u64,
            freeFunc: ffi_switchback_bindings_rust_future_free_u64,
            liftFunc: FfiConverterTypeSecret_lift,
            errorHandler: FfiConverterTypeSwitchbackError_lift
        )
}

    /**
     * Another access token, after a resource has rejected the token `refused` (401). All callers
     * share one refresh.
     */
package func accessTokenAfter(refused: String)async throws  -> Secret  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_switchback_bindings_fn_method_session_access_token_after(
                        self.uniffiCloneHandle(),FfiConverterString.lower(refused)
                )
            },
            pollFunc: ffi_switchback_bindings_rust_future_poll_u64,
            completeFunc: ffi_switchback_bindings_rust_future_complete_u64,
            cancelFunc: ffi_switchback_bindings_rust_future_cancel_u64,
            freeFunc: ffi_switchback_bindings_rust_future_free_u64,
            liftFunc: FfiConverterTypeSecret_lift,
            errorHandler: FfiConverterTypeSwitchbackError_lift
        )
}

    /**
     * Reports the answer to a request that was sent with an `Authorization`: its status, and its
     * `Set-Cookie` headers, which are stored. Returns nothing if the answer is for the app. If it
     * returns an authorization, send the request again with it, and report that answer, too.
     */
package func answered(sent: Authorization, status: Int32, setCookie: [String])async throws  -> Authorization?  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_switchback_bindings_fn_method_session_answered(
                        self.uniffiCloneHandle(),FfiConverterTypeAuthorization_lower(sent),FfiConverterInt32.lower(status),FfiConverterSequenceString.lower(setCookie)
                )
            },
            pollFunc: ffi_switchback_bindings_rust_future_poll_rust_buffer,
            completeFunc: ffi_switchback_bindings_rust_future_complete_rust_buffer,
            cancelFunc: ffi_switchback_bindings_rust_future_cancel_rust_buffer,
            freeFunc: ffi_switchback_bindings_rust_future_free_rust_buffer,
            liftFunc: FfiConverterOptionTypeAuthorization.lift,
            errorHandler: FfiConverterTypeSwitchbackError_lift
        )
}

    /**
     * The headers for a request of the app to its backend (in direct mode: to the provider): a
     * valid access token, refreshed if necessary, or the backend's cookies. They are for this URL
     * only. Report the answer to `answered`.
     */
package func authorize(url: String)async throws  -> Authorization  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_switchback_bindings_fn_method_session_authorize(
                        self.uniffiCloneHandle(),FfiConverterString.lower(url)
                )
            },
            pollFunc: ffi_switchback_bindings_rust_future_poll_u64,
            completeFunc: ffi_switchback_bindings_rust_future_complete_u64,
            cancelFunc: ffi_switchback_bindings_rust_future_cancel_u64,
            freeFunc: ffi_switchback_bindings_rust_future_free_u64,
            liftFunc: FfiConverterTypeAuthorization_lift,
            errorHandler: FfiConverterTypeSwitchbackError_lift
        )
}

    /**
     * Begins a login under this session, in mediated mode: for identity verification, or for
     * another purpose of the backend for a known person. The login has a separate session.
     */
package func begin(request: LoginRequest)async throws  -> LoginAttempt  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_switchback_bindings_fn_method_session_begin(
                        self.uniffiCloneHandle(),FfiConverterTypeLoginRequest_lower(request)
                )
            },
            pollFunc: ffi_switchback_bindings_rust_future_poll_rust_buffer,
            completeFunc: ffi_switchback_bindings_rust_future_complete_rust_buffer,
            cancelFunc: ffi_switchback_bindings_rust_future_cancel_rust_buffer,
            freeFunc: ffi_switchback_bindings_rust_future_free_rust_buffer,
            liftFunc: FfiConverterTypeLoginAttempt_lift,
            errorHandler: FfiConverterTypeSwitchbackError_lift
        )
}

    /**
     * The scopes that were requested and not granted.
     */
package func deniedScopes() -> [String]  {
    return try!  FfiConverterSequenceString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_session_denied_scopes(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Why the session has ended, if that is known. `null` or `nil` does not mean that the service
     * still accepts it; `accessToken` finds out.
     */
package func ended() -> SessionEnd?  {
    return try!  FfiConverterOptionTypeSessionEnd.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_session_ended(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The events of this session: the last one, and all from now on. Use it to show whether the
     * person is logged in.
     */
package func events() -> SessionEvents  {
    return try!  FfiConverterTypeSessionEvents_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_session_events(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * When the access token expires, in seconds since the epoch. Nothing if that is unknown.
     */
package func expiresAt() -> Int64?  {
    return try!  FfiConverterOptionInt64.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_session_expires_at(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The id, with which the app can open the session later.
     */
package func id() -> SessionId  {
    return try!  FfiConverterTypeSessionId_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_session_id(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Logs out: removes the tokens or cookies from the store, and revokes them at the provider or
     * logs out at the backend, if they offer that. It is final: the result of a refresh in
     * progress, also in another process, is discarded.
     *
     * If it throws, the person is **still logged in**.
     */
package func logOut()async throws  -> LogOut  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_switchback_bindings_fn_method_session_log_out(
                        self.uniffiCloneHandle()
                )
            },
            pollFunc: ffi_switchback_bindings_rust_future_poll_rust_buffer,
            completeFunc: ffi_switchback_bindings_rust_future_complete_rust_buffer,
            cancelFunc: ffi_switchback_bindings_rust_future_cancel_rust_buffer,
            freeFunc: ffi_switchback_bindings_rust_future_free_rust_buffer,
            liftFunc: FfiConverterTypeLogOut_lift,
            errorHandler: FfiConverterTypeSwitchbackError_lift
        )
}

    /**
     * When the person logged in, in seconds since the epoch.
     */
package func loggedInAt() -> Int64  {
    return try!  FfiConverterInt64.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_session_logged_in_at(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The identity of the person as a presentation of these claims, named by their keys. A claim
     * that the person did not share, or does not have, is not in the result. `Configuration` if
     * the service has no presentations.
     */
package func presentation(claims: [String])async throws  -> Presentation  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_switchback_bindings_fn_method_session_presentation(
                        self.uniffiCloneHandle(),FfiConverterSequenceString.lower(claims)
                )
            },
            pollFunc: ffi_switchback_bindings_rust_future_poll_u64,
            completeFunc: ffi_switchback_bindings_rust_future_complete_u64,
            cancelFunc: ffi_switchback_bindings_rust_future_cancel_u64,
            freeFunc: ffi_switchback_bindings_rust_future_free_u64,
            liftFunc: FfiConverterTypePresentation_lift,
            errorHandler: FfiConverterTypeSwitchbackError_lift
        )
}

    /**
     * The purpose of the login.
     */
package func purpose() -> Purpose  {
    return try!  FfiConverterTypePurpose_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_session_purpose(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The scope that was granted.
     */
package func scope() -> [String]  {
    return try!  FfiConverterSequenceString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_session_scope(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The `sub` of the person, if it was read before: for `LoginRequest.subject` of the next
     * login.
     */
package func subject() -> String?  {
    return try!  FfiConverterOptionString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_session_subject(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The identity of the person as OpenID user info, from the provider or the backend.
     */
package func userInfo()async throws  -> UserInfo  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_switchback_bindings_fn_method_session_user_info(
                        self.uniffiCloneHandle()
                )
            },
            pollFunc: ffi_switchback_bindings_rust_future_poll_rust_buffer,
            completeFunc: ffi_switchback_bindings_rust_future_complete_rust_buffer,
            cancelFunc: ffi_switchback_bindings_rust_future_cancel_rust_buffer,
            freeFunc: ffi_switchback_bindings_rust_future_free_rust_buffer,
            liftFunc: FfiConverterTypeUserInfo_lift,
            errorHandler: FfiConverterTypeSwitchbackError_lift
        )
}



// The local Rust `Debug` implementation.
package var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_session_uniffi_trait_debug(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
package var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_session_uniffi_trait_display(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
    )
}
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeSession: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Session

    package static func lift(_ handle: UInt64) throws -> Session {
        return Session(unsafeFromHandle: handle)
    }

    package static func lower(_ value: Session) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Session {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    package static func write(_ value: Session, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeSession_lift(_ handle: UInt64) throws -> Session {
    return try FfiConverterTypeSession.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeSession_lower(_ value: Session) -> UInt64 {
    return FfiConverterTypeSession.lower(value)
}






/**
 * The events of one session, for one listener or several. A slow listener gets the latest event
 * and misses earlier ones.
 */
package protocol SessionEventsProtocol: AnyObject, Sendable {

    /**
     * The last event since the session was opened, if there was one.
     */
    func last()  -> SessionEvent?

    /**
     * The next event after the event with this number. Begin with 0, which returns the last event
     * at once if there was one. A cancelled call loses no event: call again with the same number.
     */
    func next(after: Int64) async throws  -> Changed

}
/**
 * The events of one session, for one listener or several. A slow listener gets the latest event
 * and misses earlier ones.
 */
package class SessionEvents: SessionEventsProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package struct NoHandle {
        package init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required package init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    package func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_switchback_bindings_fn_clone_sessionevents(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_switchback_bindings_fn_free_sessionevents(handle, $0) }
    }




    /**
     * The last event since the session was opened, if there was one.
     */
package func last() -> SessionEvent?  {
    return try!  FfiConverterOptionTypeSessionEvent.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_sessionevents_last(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The next event after the event with this number. Begin with 0, which returns the last event
     * at once if there was one. A cancelled call loses no event: call again with the same number.
     */
package func next(after: Int64)async throws  -> Changed  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_switchback_bindings_fn_method_sessionevents_next(
                        self.uniffiCloneHandle(),FfiConverterInt64.lower(after)
                )
            },
            pollFunc: ffi_switchback_bindings_rust_future_poll_rust_buffer,
            completeFunc: ffi_switchback_bindings_rust_future_complete_rust_buffer,
            cancelFunc: ffi_switchback_bindings_rust_future_cancel_rust_buffer,
            freeFunc: ffi_switchback_bindings_rust_future_free_rust_buffer,
            liftFunc: FfiConverterTypeChanged_lift,
            errorHandler: FfiConverterTypeSwitchbackError_lift
        )
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeSessionEvents: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = SessionEvents

    package static func lift(_ handle: UInt64) throws -> SessionEvents {
        return SessionEvents(unsafeFromHandle: handle)
    }

    package static func lower(_ value: SessionEvents) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SessionEvents {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    package static func write(_ value: SessionEvents, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeSessionEvents_lift(_ handle: UInt64) throws -> SessionEvents {
    return try FfiConverterTypeSessionEvents.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeSessionEvents_lower(_ value: SessionEvents) -> UInt64 {
    return FfiConverterTypeSessionEvents.lower(value)
}




/**
 * An event with its number.
 */
package struct Changed: Equatable, Hashable {
    /**
     * The number to pass to the next call of `next`.
     */
    package let number: Int64
    /**
     * What happened.
     */
    package let event: SessionEvent

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * The number to pass to the next call of `next`.
         */number: Int64,
        /**
         * What happened.
         */event: SessionEvent) {
        self.number = number
        self.event = event
    }




}

#if compiler(>=6)
extension Changed: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeChanged: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Changed {
        return
            try Changed(
                number: FfiConverterInt64.read(from: &buf),
                event: FfiConverterTypeSessionEvent.read(from: &buf)
        )
    }

    package static func write(_ value: Changed, into buf: inout [UInt8]) {
        FfiConverterInt64.write(value.number, into: &buf)
        FfiConverterTypeSessionEvent.write(value.event, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeChanged_lift(_ buf: RustBuffer) throws -> Changed {
    return try FfiConverterTypeChanged.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeChanged_lower(_ value: Changed) -> RustBuffer {
    return FfiConverterTypeChanged.lower(value)
}


/**
 * One claim. Its text form shows its key.
 */
package struct Claim: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * The service's key: compare it with `TruidClaimType.EMAIL.key()` for example.
     */
    package let key: String
    /**
     * The value.
     */
    package let value: ClaimValue
    /**
     * All other fields of the claim, as a JSON object.
     */
    package let more: String

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * The service's key: compare it with `TruidClaimType.EMAIL.key()` for example.
         */key: String,
        /**
         * The value.
         */value: ClaimValue,
        /**
         * All other fields of the claim, as a JSON object.
         */more: String) {
        self.key = key
        self.value = value
        self.more = more
    }




// The local Rust `Debug` implementation.
package var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_claim_uniffi_trait_debug(
            FfiConverterTypeClaim_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
package var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_claim_uniffi_trait_display(
            FfiConverterTypeClaim_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension Claim: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeClaim: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Claim {
        return
            try Claim(
                key: FfiConverterString.read(from: &buf),
                value: FfiConverterTypeClaimValue.read(from: &buf),
                more: FfiConverterString.read(from: &buf)
        )
    }

    package static func write(_ value: Claim, into buf: inout [UInt8]) {
        FfiConverterString.write(value.key, into: &buf)
        FfiConverterTypeClaimValue.write(value.value, into: &buf)
        FfiConverterString.write(value.more, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeClaim_lift(_ buf: RustBuffer) throws -> Claim {
    return try FfiConverterTypeClaim.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeClaim_lower(_ value: Claim) -> RustBuffer {
    return FfiConverterTypeClaim.lower(value)
}


/**
 * The configuration of an app. The client's constructor checks it, and every error says what to
 * change.
 *
 * It has no field for a client secret: every person who has the app can read all that ships in
 * it. A provider that requires a client secret needs the service's backend in between (RFC 8252
 * §8.5): `Mode.mediated`.
 */
package struct Config: Equatable, Hashable {
    /**
     * The service that the person logs in with.
     */
    package let provider: Provider
    /**
     * Whether the app or the service's backend talks to the provider.
     */
    package let mode: Mode
    /**
     * The registered redirect URI, character by character: a universal link or App Link of this
     * app. In mediated mode it is on the backend's origin.
     */
    package let redirectUri: String
    /**
     * Whether this client is registered as a test service. A test service may use `http` and
     * custom schemes in its redirect URI. In mediated mode the callback of a custom scheme is
     * forwarded to its path at the backend. Provider and backend may then also use `http` at a
     * private address or `*.local`: on the developer's machine.
     */
    package let testService: Bool
    /**
     * How long a login may take, in seconds: at most a day. A later callback is `Expired`.
     */
    package let loginTimeout: Int64
    /**
     * An access token that expires in less than this many seconds is refreshed before it is
     * returned, but not before three quarters of its lifetime have passed.
     */
    package let refreshSkew: Int64
    /**
     * The redirect URIs of purposes that have a separate one (Truid has one for each function).
     * The other purposes use `redirectUri`.
     */
    package let redirectUris: [Purpose: String]

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * The service that the person logs in with.
         */provider: Provider,
        /**
         * Whether the app or the service's backend talks to the provider.
         */mode: Mode,
        /**
         * The registered redirect URI, character by character: a universal link or App Link of this
         * app. In mediated mode it is on the backend's origin.
         */redirectUri: String,
        /**
         * Whether this client is registered as a test service. A test service may use `http` and
         * custom schemes in its redirect URI. In mediated mode the callback of a custom scheme is
         * forwarded to its path at the backend. Provider and backend may then also use `http` at a
         * private address or `*.local`: on the developer's machine.
         */testService: Bool = false,
        /**
         * How long a login may take, in seconds: at most a day. A later callback is `Expired`.
         */loginTimeout: Int64 = Int64(600),
        /**
         * An access token that expires in less than this many seconds is refreshed before it is
         * returned, but not before three quarters of its lifetime have passed.
         */refreshSkew: Int64 = Int64(30),
        /**
         * The redirect URIs of purposes that have a separate one (Truid has one for each function).
         * The other purposes use `redirectUri`.
         */redirectUris: [Purpose: String] = [:]) {
        self.provider = provider
        self.mode = mode
        self.redirectUri = redirectUri
        self.testService = testService
        self.loginTimeout = loginTimeout
        self.refreshSkew = refreshSkew
        self.redirectUris = redirectUris
    }




}

#if compiler(>=6)
extension Config: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeConfig: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Config {
        return
            try Config(
                provider: FfiConverterTypeProvider.read(from: &buf),
                mode: FfiConverterTypeMode.read(from: &buf),
                redirectUri: FfiConverterString.read(from: &buf),
                testService: FfiConverterBool.read(from: &buf),
                loginTimeout: FfiConverterInt64.read(from: &buf),
                refreshSkew: FfiConverterInt64.read(from: &buf),
                redirectUris: FfiConverterDictionaryTypePurposeString.read(from: &buf)
        )
    }

    package static func write(_ value: Config, into buf: inout [UInt8]) {
        FfiConverterTypeProvider.write(value.provider, into: &buf)
        FfiConverterTypeMode.write(value.mode, into: &buf)
        FfiConverterString.write(value.redirectUri, into: &buf)
        FfiConverterBool.write(value.testService, into: &buf)
        FfiConverterInt64.write(value.loginTimeout, into: &buf)
        FfiConverterInt64.write(value.refreshSkew, into: &buf)
        FfiConverterDictionaryTypePurposeString.write(value.redirectUris, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeConfig_lift(_ buf: RustBuffer) throws -> Config {
    return try FfiConverterTypeConfig.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeConfig_lower(_ value: Config) -> RustBuffer {
    return FfiConverterTypeConfig.lower(value)
}


/**
 * How Switchback recognizes the first run after an installation, and what it then does. iOS keeps
 * the keychain when an app is deleted, so a new installation finds the sessions of the old one.
 *
 * The first update that adds this to an existing app counts as a first run: begin with `Keep`, so
 * that persons stay logged in.
 */
package struct FirstRun: Equatable, Hashable {
    /**
     * A folder that the system deletes with the app, that no backup restores on another device,
     * and that all processes that use the store share. It is created if it does not exist.
     */
    package let markerFolder: String
    /**
     * What happens to sessions of an earlier installation.
     */
    package let sessions: AfterReinstall

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * A folder that the system deletes with the app, that no backup restores on another device,
         * and that all processes that use the store share. It is created if it does not exist.
         */markerFolder: String,
        /**
         * What happens to sessions of an earlier installation.
         */sessions: AfterReinstall) {
        self.markerFolder = markerFolder
        self.sessions = sessions
    }




}

#if compiler(>=6)
extension FirstRun: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeFirstRun: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> FirstRun {
        return
            try FirstRun(
                markerFolder: FfiConverterString.read(from: &buf),
                sessions: FfiConverterTypeAfterReinstall.read(from: &buf)
        )
    }

    package static func write(_ value: FirstRun, into buf: inout [UInt8]) {
        FfiConverterString.write(value.markerFolder, into: &buf)
        FfiConverterTypeAfterReinstall.write(value.sessions, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeFirstRun_lift(_ buf: RustBuffer) throws -> FirstRun {
    return try FfiConverterTypeFirstRun.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeFirstRun_lower(_ value: FirstRun) -> RustBuffer {
    return FfiConverterTypeFirstRun.lower(value)
}


/**
 * One header of a request or an answer. Its text form shows its name.
 */
package struct Header: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * The name, in lower case.
     */
    package let name: String
    /**
     * The value, often a secret.
     */
    package let value: String

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * The name, in lower case.
         */name: String,
        /**
         * The value, often a secret.
         */value: String) {
        self.name = name
        self.value = value
    }




// The local Rust `Debug` implementation.
package var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_header_uniffi_trait_debug(
            FfiConverterTypeHeader_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
package var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_header_uniffi_trait_display(
            FfiConverterTypeHeader_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension Header: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeHeader: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Header {
        return
            try Header(
                name: FfiConverterString.read(from: &buf),
                value: FfiConverterString.read(from: &buf)
        )
    }

    package static func write(_ value: Header, into buf: inout [UInt8]) {
        FfiConverterString.write(value.name, into: &buf)
        FfiConverterString.write(value.value, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeHeader_lift(_ buf: RustBuffer) throws -> Header {
    return try FfiConverterTypeHeader.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeHeader_lower(_ value: Header) -> RustBuffer {
    return FfiConverterTypeHeader.lower(value)
}


/**
 * A request to send. Its text form shows the method, and the URL without the query.
 */
package struct HttpRequest: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * `GET` or `POST`.
     */
    package let method: String
    /**
     * An absolute https URL, or http on loopback. Redirects are never followed.
     */
    package let url: String
    /**
     * The headers, with names in lower case.
     */
    package let headers: [Header]
    /**
     * The body of a `POST`: a form.
     */
    package let body: String?
    /**
     * Whether the request must reach the server at most once.
     */
    package let once: Bool
    /**
     * The seconds after which the transport must give up.
     */
    package let timeout: Int64

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * `GET` or `POST`.
         */method: String,
        /**
         * An absolute https URL, or http on loopback. Redirects are never followed.
         */url: String,
        /**
         * The headers, with names in lower case.
         */headers: [Header],
        /**
         * The body of a `POST`: a form.
         */body: String?,
        /**
         * Whether the request must reach the server at most once.
         */once: Bool,
        /**
         * The seconds after which the transport must give up.
         */timeout: Int64) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.once = once
        self.timeout = timeout
    }




// The local Rust `Debug` implementation.
package var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_httprequest_uniffi_trait_debug(
            FfiConverterTypeHttpRequest_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
package var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_httprequest_uniffi_trait_display(
            FfiConverterTypeHttpRequest_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension HttpRequest: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeHttpRequest: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> HttpRequest {
        return
            try HttpRequest(
                method: FfiConverterString.read(from: &buf),
                url: FfiConverterString.read(from: &buf),
                headers: FfiConverterSequenceTypeHeader.read(from: &buf),
                body: FfiConverterOptionString.read(from: &buf),
                once: FfiConverterBool.read(from: &buf),
                timeout: FfiConverterInt64.read(from: &buf)
        )
    }

    package static func write(_ value: HttpRequest, into buf: inout [UInt8]) {
        FfiConverterString.write(value.method, into: &buf)
        FfiConverterString.write(value.url, into: &buf)
        FfiConverterSequenceTypeHeader.write(value.headers, into: &buf)
        FfiConverterOptionString.write(value.body, into: &buf)
        FfiConverterBool.write(value.once, into: &buf)
        FfiConverterInt64.write(value.timeout, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeHttpRequest_lift(_ buf: RustBuffer) throws -> HttpRequest {
    return try FfiConverterTypeHttpRequest.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeHttpRequest_lower(_ value: HttpRequest) -> RustBuffer {
    return FfiConverterTypeHttpRequest.lower(value)
}


/**
 * The answer. Its text form shows the status and the length of the body.
 */
package struct HttpResponse: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * The status code.
     */
    package let status: Int32
    /**
     * The headers in the order of the answer, each `set-cookie` as a separate header.
     */
    package let headers: [Header]
    /**
     * The decoded body: at most 1 MiB.
     */
    package let body: Data

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * The status code.
         */status: Int32,
        /**
         * The headers in the order of the answer, each `set-cookie` as a separate header.
         */headers: [Header],
        /**
         * The decoded body: at most 1 MiB.
         */body: Data) {
        self.status = status
        self.headers = headers
        self.body = body
    }




// The local Rust `Debug` implementation.
package var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_httpresponse_uniffi_trait_debug(
            FfiConverterTypeHttpResponse_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
package var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_httpresponse_uniffi_trait_display(
            FfiConverterTypeHttpResponse_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension HttpResponse: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeHttpResponse: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> HttpResponse {
        return
            try HttpResponse(
                status: FfiConverterInt32.read(from: &buf),
                headers: FfiConverterSequenceTypeHeader.read(from: &buf),
                body: FfiConverterData.read(from: &buf)
        )
    }

    package static func write(_ value: HttpResponse, into buf: inout [UInt8]) {
        FfiConverterInt32.write(value.status, into: &buf)
        FfiConverterSequenceTypeHeader.write(value.headers, into: &buf)
        FfiConverterData.write(value.body, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeHttpResponse_lift(_ buf: RustBuffer) throws -> HttpResponse {
    return try FfiConverterTypeHttpResponse.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeHttpResponse_lower(_ value: HttpResponse) -> RustBuffer {
    return FfiConverterTypeHttpResponse.lower(value)
}


/**
 * A lock on a file, in a folder of this device that all processes of the app share.
 */
package struct LockFile: Equatable, Hashable {
    /**
     * The folder, which must exist.
     */
    package let folder: String
    /**
     * The name of the file without its extension: letters, digits, `-`, `_` and `.`.
     */
    package let name: String

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * The folder, which must exist.
         */folder: String,
        /**
         * The name of the file without its extension: letters, digits, `-`, `_` and `.`.
         */name: String) {
        self.folder = folder
        self.name = name
    }




}

#if compiler(>=6)
extension LockFile: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeLockFile: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> LockFile {
        return
            try LockFile(
                folder: FfiConverterString.read(from: &buf),
                name: FfiConverterString.read(from: &buf)
        )
    }

    package static func write(_ value: LockFile, into buf: inout [UInt8]) {
        FfiConverterString.write(value.folder, into: &buf)
        FfiConverterString.write(value.name, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeLockFile_lift(_ buf: RustBuffer) throws -> LockFile {
    return try FfiConverterTypeLockFile.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeLockFile_lower(_ value: LockFile) -> RustBuffer {
    return FfiConverterTypeLockFile.lower(value)
}


/**
 * One line of the log. It never contains a token, code, verifier, state or claim.
 */
package struct LogLine: Equatable, Hashable {
    /**
     * When it happened, in seconds since the epoch.
     */
    package let at: Int64
    /**
     * A stable name, `login.begun` for example: see `docs/diagnostics.md`.
     */
    package let event: String
    /**
     * The id of the attempt, which is also the id of the session.
     */
    package let id: String?
    /**
     * Details, for people.
     */
    package let note: String?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * When it happened, in seconds since the epoch.
         */at: Int64,
        /**
         * A stable name, `login.begun` for example: see `docs/diagnostics.md`.
         */event: String,
        /**
         * The id of the attempt, which is also the id of the session.
         */id: String?,
        /**
         * Details, for people.
         */note: String?) {
        self.at = at
        self.event = event
        self.id = id
        self.note = note
    }




}

#if compiler(>=6)
extension LogLine: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeLogLine: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> LogLine {
        return
            try LogLine(
                at: FfiConverterInt64.read(from: &buf),
                event: FfiConverterString.read(from: &buf),
                id: FfiConverterOptionString.read(from: &buf),
                note: FfiConverterOptionString.read(from: &buf)
        )
    }

    package static func write(_ value: LogLine, into buf: inout [UInt8]) {
        FfiConverterInt64.write(value.at, into: &buf)
        FfiConverterString.write(value.event, into: &buf)
        FfiConverterOptionString.write(value.id, into: &buf)
        FfiConverterOptionString.write(value.note, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeLogLine_lift(_ buf: RustBuffer) throws -> LogLine {
    return try FfiConverterTypeLogLine.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeLogLine_lower(_ value: LogLine) -> RustBuffer {
    return FfiConverterTypeLogLine.lower(value)
}


/**
 * The result of a log-out. The tokens were removed from the store in any case.
 */
package struct LogOut: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * Whether the service ended the session.
     */
    package let revocation: Revocation
    /**
     * If the provider has a logout page: open this URL in a browser to end the person's session
     * with the provider (OpenID Connect RP-Initiated Logout 1.0). It identifies the person: do
     * not log it.
     */
    package let endSessionUrl: String?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * Whether the service ended the session.
         */revocation: Revocation,
        /**
         * If the provider has a logout page: open this URL in a browser to end the person's session
         * with the provider (OpenID Connect RP-Initiated Logout 1.0). It identifies the person: do
         * not log it.
         */endSessionUrl: String?) {
        self.revocation = revocation
        self.endSessionUrl = endSessionUrl
    }




// The local Rust `Debug` implementation.
package var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_logout_uniffi_trait_debug(
            FfiConverterTypeLogOut_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
package var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_logout_uniffi_trait_display(
            FfiConverterTypeLogOut_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension LogOut: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeLogOut: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> LogOut {
        return
            try LogOut(
                revocation: FfiConverterTypeRevocation.read(from: &buf),
                endSessionUrl: FfiConverterOptionString.read(from: &buf)
        )
    }

    package static func write(_ value: LogOut, into buf: inout [UInt8]) {
        FfiConverterTypeRevocation.write(value.revocation, into: &buf)
        FfiConverterOptionString.write(value.endSessionUrl, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeLogOut_lift(_ buf: RustBuffer) throws -> LogOut {
    return try FfiConverterTypeLogOut.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeLogOut_lower(_ value: LogOut) -> RustBuffer {
    return FfiConverterTypeLogOut.lower(value)
}


/**
 * A started login: the URL to open, and until when it is valid.
 */
package struct LoginAttempt: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * Names the attempt, here and in every log.
     */
    package let id: AttemptId
    /**
     * The authorization URL: open it in the identity app (as a universal link or App
     * Link) or in a browser, never in a web view. It contains `state`: do not log it.
     */
    package let url: String
    /**
     * From when a callback is `Expired`, in seconds since the epoch.
     */
    package let expiresAt: Int64
    /**
     * Until when the URL must be opened, in seconds since the epoch, if the service limits that:
     * `reopen` returns a new URL afterwards.
     */
    package let openBefore: Int64?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * Names the attempt, here and in every log.
         */id: AttemptId,
        /**
         * The authorization URL: open it in the identity app (as a universal link or App
         * Link) or in a browser, never in a web view. It contains `state`: do not log it.
         */url: String,
        /**
         * From when a callback is `Expired`, in seconds since the epoch.
         */expiresAt: Int64,
        /**
         * Until when the URL must be opened, in seconds since the epoch, if the service limits that:
         * `reopen` returns a new URL afterwards.
         */openBefore: Int64?) {
        self.id = id
        self.url = url
        self.expiresAt = expiresAt
        self.openBefore = openBefore
    }




// The local Rust `Debug` implementation.
package var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_loginattempt_uniffi_trait_debug(
            FfiConverterTypeLoginAttempt_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
package var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_loginattempt_uniffi_trait_display(
            FfiConverterTypeLoginAttempt_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension LoginAttempt: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeLoginAttempt: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> LoginAttempt {
        return
            try LoginAttempt(
                id: FfiConverterTypeAttemptId.read(from: &buf),
                url: FfiConverterString.read(from: &buf),
                expiresAt: FfiConverterInt64.read(from: &buf),
                openBefore: FfiConverterOptionInt64.read(from: &buf)
        )
    }

    package static func write(_ value: LoginAttempt, into buf: inout [UInt8]) {
        FfiConverterTypeAttemptId.write(value.id, into: &buf)
        FfiConverterString.write(value.url, into: &buf)
        FfiConverterInt64.write(value.expiresAt, into: &buf)
        FfiConverterOptionInt64.write(value.openBefore, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeLoginAttempt_lift(_ buf: RustBuffer) throws -> LoginAttempt {
    return try FfiConverterTypeLoginAttempt.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeLoginAttempt_lower(_ value: LoginAttempt) -> RustBuffer {
    return FfiConverterTypeLoginAttempt.lower(value)
}


/**
 * What a login requests.
 */
package struct LoginRequest: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * What the login is for.
     */
    package let purpose: Purpose
    /**
     * The requested scopes, for example the keys of Truid's data points. Must be empty in
     * mediated mode, where the backend decides.
     */
    package let scope: [String]
    /**
     * Whether to send a `nonce` (OpenID Connect Core §3.1.2.1). An ID token without this nonce
     * fails the login. Must be false in mediated mode.
     */
    package let nonce: Bool
    /**
     * More parameters for the authorization request; in mediated mode for the backend.
     */
    package let extra: [String: String]
    /**
     * The subject of an earlier session, if the same person must log in again. If another person
     * logs in, that login is dropped and does not replace the session.
     */
    package let subject: String?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * What the login is for.
         */purpose: Purpose,
        /**
         * The requested scopes, for example the keys of Truid's data points. Must be empty in
         * mediated mode, where the backend decides.
         */scope: [String] = [],
        /**
         * Whether to send a `nonce` (OpenID Connect Core §3.1.2.1). An ID token without this nonce
         * fails the login. Must be false in mediated mode.
         */nonce: Bool = false,
        /**
         * More parameters for the authorization request; in mediated mode for the backend.
         */extra: [String: String] = [:],
        /**
         * The subject of an earlier session, if the same person must log in again. If another person
         * logs in, that login is dropped and does not replace the session.
         */subject: String? = nil) {
        self.purpose = purpose
        self.scope = scope
        self.nonce = nonce
        self.extra = extra
        self.subject = subject
    }




// The local Rust `Debug` implementation.
package var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_loginrequest_uniffi_trait_debug(
            FfiConverterTypeLoginRequest_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
package var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_loginrequest_uniffi_trait_display(
            FfiConverterTypeLoginRequest_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension LoginRequest: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeLoginRequest: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> LoginRequest {
        return
            try LoginRequest(
                purpose: FfiConverterTypePurpose.read(from: &buf),
                scope: FfiConverterSequenceString.read(from: &buf),
                nonce: FfiConverterBool.read(from: &buf),
                extra: FfiConverterDictionaryStringString.read(from: &buf),
                subject: FfiConverterOptionString.read(from: &buf)
        )
    }

    package static func write(_ value: LoginRequest, into buf: inout [UInt8]) {
        FfiConverterTypePurpose.write(value.purpose, into: &buf)
        FfiConverterSequenceString.write(value.scope, into: &buf)
        FfiConverterBool.write(value.nonce, into: &buf)
        FfiConverterDictionaryStringString.write(value.extra, into: &buf)
        FfiConverterOptionString.write(value.subject, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeLoginRequest_lift(_ buf: RustBuffer) throws -> LoginRequest {
    return try FfiConverterTypeLoginRequest.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeLoginRequest_lower(_ value: LoginRequest) -> RustBuffer {
    return FfiConverterTypeLoginRequest.lower(value)
}


/**
 * An OAuth error (RFC 6749 §4.1.2.1 and §5.2): a code, and the server's description.
 */
package struct OAuthError: Equatable, Hashable {
    /**
     * The code, `invalid_scope` for example.
     */
    package let code: String
    /**
     * The server's description, for a developer and not for the person.
     */
    package let description: String?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * The code, `invalid_scope` for example.
         */code: String,
        /**
         * The server's description, for a developer and not for the person.
         */description: String?) {
        self.code = code
        self.description = description
    }




}

#if compiler(>=6)
extension OAuthError: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeOAuthError: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> OAuthError {
        return
            try OAuthError(
                code: FfiConverterString.read(from: &buf),
                description: FfiConverterOptionString.read(from: &buf)
        )
    }

    package static func write(_ value: OAuthError, into buf: inout [UInt8]) {
        FfiConverterString.write(value.code, into: &buf)
        FfiConverterOptionString.write(value.description, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeOAuthError_lift(_ buf: RustBuffer) throws -> OAuthError {
    return try FfiConverterTypeOAuthError.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeOAuthError_lower(_ value: OAuthError) -> RustBuffer {
    return FfiConverterTypeOAuthError.lower(value)
}


/**
 * A login that waits for its callback.
 */
package struct PendingLogin: Equatable, Hashable {
    /**
     * The id of the attempt.
     */
    package let id: AttemptId
    /**
     * What the login is for.
     */
    package let purpose: Purpose
    /**
     * When the login began, in seconds since the epoch.
     */
    package let startedAt: Int64
    /**
     * From when a callback is `Expired`, in seconds since the epoch.
     */
    package let expiresAt: Int64

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * The id of the attempt.
         */id: AttemptId,
        /**
         * What the login is for.
         */purpose: Purpose,
        /**
         * When the login began, in seconds since the epoch.
         */startedAt: Int64,
        /**
         * From when a callback is `Expired`, in seconds since the epoch.
         */expiresAt: Int64) {
        self.id = id
        self.purpose = purpose
        self.startedAt = startedAt
        self.expiresAt = expiresAt
    }




}

#if compiler(>=6)
extension PendingLogin: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypePendingLogin: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> PendingLogin {
        return
            try PendingLogin(
                id: FfiConverterTypeAttemptId.read(from: &buf),
                purpose: FfiConverterTypePurpose.read(from: &buf),
                startedAt: FfiConverterInt64.read(from: &buf),
                expiresAt: FfiConverterInt64.read(from: &buf)
        )
    }

    package static func write(_ value: PendingLogin, into buf: inout [UInt8]) {
        FfiConverterTypeAttemptId.write(value.id, into: &buf)
        FfiConverterTypePurpose.write(value.purpose, into: &buf)
        FfiConverterInt64.write(value.startedAt, into: &buf)
        FfiConverterInt64.write(value.expiresAt, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypePendingLogin_lift(_ buf: RustBuffer) throws -> PendingLogin {
    return try FfiConverterTypePendingLogin.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypePendingLogin_lower(_ value: PendingLogin) -> RustBuffer {
    return FfiConverterTypePendingLogin.lower(value)
}


/**
 * The store, HTTP transport and locks that the app gives to Switchback.
 */
package struct Platform {
    /**
     * The store of the tokens.
     */
    package let store: SecureStore
    /**
     * The HTTP transport. If absent, Switchback uses its built-in transport, which the library
     * must be built with (`full`).
     */
    package let http: HttpTransport?
    /**
     * For an app of several processes: a lock on a file that its processes share. Not together
     * with `processLock`. On iOS set `background`, too: the system kills an app that is
     * suspended while it holds such a lock.
     */
    package let lockFile: LockFile?
    /**
     * A process lock that the app implements.
     */
    package let processLock: ProcessLock?
    /**
     * Keeps the app running during a refresh or a login, on iOS.
     */
    package let background: BackgroundTasks?
    /**
     * What the first run after an installation does. If absent, sessions are kept.
     */
    package let firstRun: FirstRun?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * The store of the tokens.
         */store: SecureStore,
        /**
         * The HTTP transport. If absent, Switchback uses its built-in transport, which the library
         * must be built with (`full`).
         */http: HttpTransport? = nil,
        /**
         * For an app of several processes: a lock on a file that its processes share. Not together
         * with `processLock`. On iOS set `background`, too: the system kills an app that is
         * suspended while it holds such a lock.
         */lockFile: LockFile? = nil,
        /**
         * A process lock that the app implements.
         */processLock: ProcessLock? = nil,
        /**
         * Keeps the app running during a refresh or a login, on iOS.
         */background: BackgroundTasks? = nil,
        /**
         * What the first run after an installation does. If absent, sessions are kept.
         */firstRun: FirstRun? = nil) {
        self.store = store
        self.http = http
        self.lockFile = lockFile
        self.processLock = processLock
        self.background = background
        self.firstRun = firstRun
    }




}

#if compiler(>=6)
extension Platform: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypePlatform: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Platform {
        return
            try Platform(
                store: FfiConverterTypeSecureStore.read(from: &buf),
                http: FfiConverterOptionTypeHttpTransport.read(from: &buf),
                lockFile: FfiConverterOptionTypeLockFile.read(from: &buf),
                processLock: FfiConverterOptionTypeProcessLock.read(from: &buf),
                background: FfiConverterOptionTypeBackgroundTasks.read(from: &buf),
                firstRun: FfiConverterOptionTypeFirstRun.read(from: &buf)
        )
    }

    package static func write(_ value: Platform, into buf: inout [UInt8]) {
        FfiConverterTypeSecureStore.write(value.store, into: &buf)
        FfiConverterOptionTypeHttpTransport.write(value.http, into: &buf)
        FfiConverterOptionTypeLockFile.write(value.lockFile, into: &buf)
        FfiConverterOptionTypeProcessLock.write(value.processLock, into: &buf)
        FfiConverterOptionTypeBackgroundTasks.write(value.background, into: &buf)
        FfiConverterOptionTypeFirstRun.write(value.firstRun, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypePlatform_lift(_ buf: RustBuffer) throws -> Platform {
    return try FfiConverterTypePlatform.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypePlatform_lower(_ value: Platform) -> RustBuffer {
    return FfiConverterTypePlatform.lower(value)
}


/**
 * The service that a person logs in with. Each service has a function that returns its
 * `Provider`: `Provider.truid()`. A field that is set replaces what the service documents.
 */
package struct Provider: Equatable, Hashable {
    /**
     * The service's stable name, `truid` for example.
     */
    package let id: String
    /**
     * The base URL of another environment than production: a test environment, or a sandbox on
     * loopback.
     */
    package let baseUrl: String?
    /**
     * The issuer that every callback must name (RFC 9207). Without an issuer here, a callback may
     * omit `iss`, or name an issuer on the service's own host.
     */
    package let issuer: String?
    /**
     * The path of the revocation endpoint below the base URL (RFC 7009).
     */
    package let revocation: String?
    /**
     * The path of the end-session endpoint below the base URL (OpenID Connect RP-Initiated Logout
     * 1.0).
     */
    package let endSession: String?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * The service's stable name, `truid` for example.
         */id: String,
        /**
         * The base URL of another environment than production: a test environment, or a sandbox on
         * loopback.
         */baseUrl: String? = nil,
        /**
         * The issuer that every callback must name (RFC 9207). Without an issuer here, a callback may
         * omit `iss`, or name an issuer on the service's own host.
         */issuer: String? = nil,
        /**
         * The path of the revocation endpoint below the base URL (RFC 7009).
         */revocation: String? = nil,
        /**
         * The path of the end-session endpoint below the base URL (OpenID Connect RP-Initiated Logout
         * 1.0).
         */endSession: String? = nil) {
        self.id = id
        self.baseUrl = baseUrl
        self.issuer = issuer
        self.revocation = revocation
        self.endSession = endSession
    }




}

#if compiler(>=6)
extension Provider: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeProvider: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Provider {
        return
            try Provider(
                id: FfiConverterString.read(from: &buf),
                baseUrl: FfiConverterOptionString.read(from: &buf),
                issuer: FfiConverterOptionString.read(from: &buf),
                revocation: FfiConverterOptionString.read(from: &buf),
                endSession: FfiConverterOptionString.read(from: &buf)
        )
    }

    package static func write(_ value: Provider, into buf: inout [UInt8]) {
        FfiConverterString.write(value.id, into: &buf)
        FfiConverterOptionString.write(value.baseUrl, into: &buf)
        FfiConverterOptionString.write(value.issuer, into: &buf)
        FfiConverterOptionString.write(value.revocation, into: &buf)
        FfiConverterOptionString.write(value.endSession, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeProvider_lift(_ buf: RustBuffer) throws -> Provider {
    return try FfiConverterTypeProvider.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeProvider_lower(_ value: Provider) -> RustBuffer {
    return FfiConverterTypeProvider.lower(value)
}


/**
 * One line of a login's timeline: for the app to show, or to send to support.
 */
package struct TimelineEntry: Equatable, Hashable {
    /**
     * Seconds since the epoch.
     */
    package let at: Int64
    /**
     * A stable name, `callback.received` for example: see `docs/diagnostics.md`.
     */
    package let event: String
    /**
     * Details, for people.
     */
    package let note: String?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * Seconds since the epoch.
         */at: Int64,
        /**
         * A stable name, `callback.received` for example: see `docs/diagnostics.md`.
         */event: String,
        /**
         * Details, for people.
         */note: String?) {
        self.at = at
        self.event = event
        self.note = note
    }




}

#if compiler(>=6)
extension TimelineEntry: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeTimelineEntry: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> TimelineEntry {
        return
            try TimelineEntry(
                at: FfiConverterInt64.read(from: &buf),
                event: FfiConverterString.read(from: &buf),
                note: FfiConverterOptionString.read(from: &buf)
        )
    }

    package static func write(_ value: TimelineEntry, into buf: inout [UInt8]) {
        FfiConverterInt64.write(value.at, into: &buf)
        FfiConverterString.write(value.event, into: &buf)
        FfiConverterOptionString.write(value.note, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeTimelineEntry_lift(_ buf: RustBuffer) throws -> TimelineEntry {
    return try FfiConverterTypeTimelineEntry.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeTimelineEntry_lower(_ value: TimelineEntry) -> RustBuffer {
    return FfiConverterTypeTimelineEntry.lower(value)
}


/**
 * A portrait, in Truid's format. Its text form shows no data.
 */
package struct TruidPortraitImage: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * The media type, `image/png` for example.
     */
    package let format: String
    /**
     * The picture itself; absent if it is not base64.
     */
    package let image: Data?
    /**
     * All other fields, as a JSON object.
     */
    package let more: String

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * The media type, `image/png` for example.
         */format: String,
        /**
         * The picture itself; absent if it is not base64.
         */image: Data?,
        /**
         * All other fields, as a JSON object.
         */more: String) {
        self.format = format
        self.image = image
        self.more = more
    }




// The local Rust `Debug` implementation.
package var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_truidportraitimage_uniffi_trait_debug(
            FfiConverterTypeTruidPortraitImage_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
package var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_truidportraitimage_uniffi_trait_display(
            FfiConverterTypeTruidPortraitImage_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension TruidPortraitImage: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeTruidPortraitImage: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> TruidPortraitImage {
        return
            try TruidPortraitImage(
                format: FfiConverterString.read(from: &buf),
                image: FfiConverterOptionData.read(from: &buf),
                more: FfiConverterString.read(from: &buf)
        )
    }

    package static func write(_ value: TruidPortraitImage, into buf: inout [UInt8]) {
        FfiConverterString.write(value.format, into: &buf)
        FfiConverterOptionData.write(value.image, into: &buf)
        FfiConverterString.write(value.more, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeTruidPortraitImage_lift(_ buf: RustBuffer) throws -> TruidPortraitImage {
    return try FfiConverterTypeTruidPortraitImage.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeTruidPortraitImage_lower(_ value: TruidPortraitImage) -> RustBuffer {
    return FfiConverterTypeTruidPortraitImage.lower(value)
}


/**
 * A name in parts, in Truid's format. To show the name, use the full name: not every country
 * writes the given name first. *The field names are a guess.* Its text form shows no data.
 */
package struct TruidStructuredName: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * The full name in its right order.
     */
    package let fullName: String?
    /**
     * Given names.
     */
    package let givenName: String?
    /**
     * Family names.
     */
    package let familyName: String?
    /**
     * All other fields, as a JSON object.
     */
    package let more: String

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * The full name in its right order.
         */fullName: String?,
        /**
         * Given names.
         */givenName: String?,
        /**
         * Family names.
         */familyName: String?,
        /**
         * All other fields, as a JSON object.
         */more: String) {
        self.fullName = fullName
        self.givenName = givenName
        self.familyName = familyName
        self.more = more
    }




// The local Rust `Debug` implementation.
package var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_truidstructuredname_uniffi_trait_debug(
            FfiConverterTypeTruidStructuredName_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
package var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_truidstructuredname_uniffi_trait_display(
            FfiConverterTypeTruidStructuredName_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension TruidStructuredName: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeTruidStructuredName: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> TruidStructuredName {
        return
            try TruidStructuredName(
                fullName: FfiConverterOptionString.read(from: &buf),
                givenName: FfiConverterOptionString.read(from: &buf),
                familyName: FfiConverterOptionString.read(from: &buf),
                more: FfiConverterString.read(from: &buf)
        )
    }

    package static func write(_ value: TruidStructuredName, into buf: inout [UInt8]) {
        FfiConverterOptionString.write(value.fullName, into: &buf)
        FfiConverterOptionString.write(value.givenName, into: &buf)
        FfiConverterOptionString.write(value.familyName, into: &buf)
        FfiConverterString.write(value.more, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeTruidStructuredName_lift(_ buf: RustBuffer) throws -> TruidStructuredName {
    return try FfiConverterTypeTruidStructuredName.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeTruidStructuredName_lower(_ value: TruidStructuredName) -> RustBuffer {
    return FfiConverterTypeTruidStructuredName.lower(value)
}


/**
 * Who the person is, as OpenID user info. Every field except `sub` may be absent. Its text form
 * shows no data of the person.
 */
package struct UserInfo: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {
    /**
     * The subject identifier: stable for this person at this service, and different at every
     * other service (a pairwise identifier, OpenID Connect Core §8.1).
     */
    package let sub: String
    /**
     * The issuer.
     */
    package let iss: String?
    /**
     * The audience.
     */
    package let aud: String?
    /**
     * The full name.
     */
    package let name: String?
    /**
     * Given names.
     */
    package let givenName: String?
    /**
     * Family names.
     */
    package let familyName: String?
    /**
     * `YYYY-MM-DD`.
     */
    package let birthdate: String?
    /**
     * `female`, `male` or `other`.
     */
    package let gender: String?
    /**
     * E-mail address.
     */
    package let email: String?
    /**
     * Whether the service verified the e-mail address.
     */
    package let emailVerified: Bool?
    /**
     * Telephone number, E.164.
     */
    package let phoneNumber: String?
    /**
     * Whether the service verified the telephone number.
     */
    package let phoneNumberVerified: Bool?
    /**
     * The postal address as one text.
     */
    package let address: String?
    /**
     * All other fields of the answer, as a JSON object.
     */
    package let more: String

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * The subject identifier: stable for this person at this service, and different at every
         * other service (a pairwise identifier, OpenID Connect Core §8.1).
         */sub: String,
        /**
         * The issuer.
         */iss: String?,
        /**
         * The audience.
         */aud: String?,
        /**
         * The full name.
         */name: String?,
        /**
         * Given names.
         */givenName: String?,
        /**
         * Family names.
         */familyName: String?,
        /**
         * `YYYY-MM-DD`.
         */birthdate: String?,
        /**
         * `female`, `male` or `other`.
         */gender: String?,
        /**
         * E-mail address.
         */email: String?,
        /**
         * Whether the service verified the e-mail address.
         */emailVerified: Bool?,
        /**
         * Telephone number, E.164.
         */phoneNumber: String?,
        /**
         * Whether the service verified the telephone number.
         */phoneNumberVerified: Bool?,
        /**
         * The postal address as one text.
         */address: String?,
        /**
         * All other fields of the answer, as a JSON object.
         */more: String) {
        self.sub = sub
        self.iss = iss
        self.aud = aud
        self.name = name
        self.givenName = givenName
        self.familyName = familyName
        self.birthdate = birthdate
        self.gender = gender
        self.email = email
        self.emailVerified = emailVerified
        self.phoneNumber = phoneNumber
        self.phoneNumberVerified = phoneNumberVerified
        self.address = address
        self.more = more
    }




// The local Rust `Debug` implementation.
package var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_userinfo_uniffi_trait_debug(
            FfiConverterTypeUserInfo_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
package var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_userinfo_uniffi_trait_display(
            FfiConverterTypeUserInfo_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension UserInfo: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeUserInfo: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> UserInfo {
        return
            try UserInfo(
                sub: FfiConverterString.read(from: &buf),
                iss: FfiConverterOptionString.read(from: &buf),
                aud: FfiConverterOptionString.read(from: &buf),
                name: FfiConverterOptionString.read(from: &buf),
                givenName: FfiConverterOptionString.read(from: &buf),
                familyName: FfiConverterOptionString.read(from: &buf),
                birthdate: FfiConverterOptionString.read(from: &buf),
                gender: FfiConverterOptionString.read(from: &buf),
                email: FfiConverterOptionString.read(from: &buf),
                emailVerified: FfiConverterOptionBool.read(from: &buf),
                phoneNumber: FfiConverterOptionString.read(from: &buf),
                phoneNumberVerified: FfiConverterOptionBool.read(from: &buf),
                address: FfiConverterOptionString.read(from: &buf),
                more: FfiConverterString.read(from: &buf)
        )
    }

    package static func write(_ value: UserInfo, into buf: inout [UInt8]) {
        FfiConverterString.write(value.sub, into: &buf)
        FfiConverterOptionString.write(value.iss, into: &buf)
        FfiConverterOptionString.write(value.aud, into: &buf)
        FfiConverterOptionString.write(value.name, into: &buf)
        FfiConverterOptionString.write(value.givenName, into: &buf)
        FfiConverterOptionString.write(value.familyName, into: &buf)
        FfiConverterOptionString.write(value.birthdate, into: &buf)
        FfiConverterOptionString.write(value.gender, into: &buf)
        FfiConverterOptionString.write(value.email, into: &buf)
        FfiConverterOptionBool.write(value.emailVerified, into: &buf)
        FfiConverterOptionString.write(value.phoneNumber, into: &buf)
        FfiConverterOptionBool.write(value.phoneNumberVerified, into: &buf)
        FfiConverterOptionString.write(value.address, into: &buf)
        FfiConverterString.write(value.more, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeUserInfo_lift(_ buf: RustBuffer) throws -> UserInfo {
    return try FfiConverterTypeUserInfo.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeUserInfo_lower(_ value: UserInfo) -> RustBuffer {
    return FfiConverterTypeUserInfo.lower(value)
}


/**
 * What happens to sessions of an earlier installation.
 */

package enum AfterReinstall: Equatable, Hashable, CaseIterable {

    /**
     * They are kept: the person who has the device is still logged in.
     */
    case keep
    /**
     * They are removed: a new installation begins without a session.
     */
    case wipe





}

#if compiler(>=6)
extension AfterReinstall: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeAfterReinstall: FfiConverterRustBuffer {
    typealias SwiftType = AfterReinstall

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> AfterReinstall {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .keep

        case 2: return .wipe

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    package static func write(_ value: AfterReinstall, into buf: inout [UInt8]) {
        switch value {


        case .keep:
            writeInt(&buf, Int32(1))


        case .wipe:
            writeInt(&buf, Int32(2))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeAfterReinstall_lift(_ buf: RustBuffer) throws -> AfterReinstall {
    return try FfiConverterTypeAfterReinstall.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeAfterReinstall_lower(_ value: AfterReinstall) -> RustBuffer {
    return FfiConverterTypeAfterReinstall.lower(value)
}



/**
 * The service's backend.
 */

package enum Backend: Equatable, Hashable {

    /**
     * A backend that is made with Switchback.
     */
    case switchback(
        /**
         * The base URL of its routes.
         */baseUrl: String
    )
    /**
     * A backend that is made without Switchback.
     */
    case custom(
        /**
         * The URL that starts a login.
         */startUrl: String,
        /**
         * The URL of the user info, if there is one.
         */userInfo: String? = nil,
        /**
         * The URL of the presentation, if there is one.
         */presentation: String? = nil,
        /**
         * The URL that logs the person out, if there is one.
         */logOut: String? = nil
    )





}

#if compiler(>=6)
extension Backend: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeBackend: FfiConverterRustBuffer {
    typealias SwiftType = Backend

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Backend {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .switchback(baseUrl: try FfiConverterString.read(from: &buf)
        )

        case 2: return .custom(startUrl: try FfiConverterString.read(from: &buf), userInfo: try FfiConverterOptionString.read(from: &buf), presentation: try FfiConverterOptionString.read(from: &buf), logOut: try FfiConverterOptionString.read(from: &buf)
        )

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    package static func write(_ value: Backend, into buf: inout [UInt8]) {
        switch value {


        case let .switchback(baseUrl):
            writeInt(&buf, Int32(1))
            FfiConverterString.write(baseUrl, into: &buf)


        case let .custom(startUrl,userInfo,presentation,logOut):
            writeInt(&buf, Int32(2))
            FfiConverterString.write(startUrl, into: &buf)
            FfiConverterOptionString.write(userInfo, into: &buf)
            FfiConverterOptionString.write(presentation, into: &buf)
            FfiConverterOptionString.write(logOut, into: &buf)

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeBackend_lift(_ buf: RustBuffer) throws -> Backend {
    return try FfiConverterTypeBackend.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeBackend_lower(_ value: Backend) -> RustBuffer {
    return FfiConverterTypeBackend.lower(value)
}



/**
 * The value of a claim. A function of the service's reads a value in the service's own format
 * (`truidPortraitImage` for example). Its text form shows no data.
 */

package enum ClaimValue: Equatable, Hashable, CustomDebugStringConvertible, CustomStringConvertible {

    /**
     * A text.
     */
    case text(
        /**
         * The text.
         */text: String
    )
    /**
     * Anything else, as JSON.
     */
    case other(
        /**
         * The JSON of the answer.
         */json: String
    )





// The local Rust `Debug` implementation.
package var debugDescription: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_claimvalue_uniffi_trait_debug(
            FfiConverterTypeClaimValue_lower(self),uniffiCallStatus
    )
}
    )
}
// The local Rust `Display` implementation.
package var description: String {
    return try!  FfiConverterString.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_claimvalue_uniffi_trait_display(
            FfiConverterTypeClaimValue_lower(self),uniffiCallStatus
    )
}
    )
}
}

#if compiler(>=6)
extension ClaimValue: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeClaimValue: FfiConverterRustBuffer {
    typealias SwiftType = ClaimValue

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> ClaimValue {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .text(text: try FfiConverterString.read(from: &buf)
        )

        case 2: return .other(json: try FfiConverterString.read(from: &buf)
        )

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    package static func write(_ value: ClaimValue, into buf: inout [UInt8]) {
        switch value {


        case let .text(text):
            writeInt(&buf, Int32(1))
            FfiConverterString.write(text, into: &buf)


        case let .other(json):
            writeInt(&buf, Int32(2))
            FfiConverterString.write(json, into: &buf)

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeClaimValue_lift(_ buf: RustBuffer) throws -> ClaimValue {
    return try FfiConverterTypeClaimValue.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeClaimValue_lower(_ value: ClaimValue) -> RustBuffer {
    return FfiConverterTypeClaimValue.lower(value)
}



/**
 * A sink did not write a line.
 */
package
enum LogError: Swift.Error, Equatable, Hashable {



    /**
     * The sink failed.
     */
    case failed(
        /**
         * Why.
         */reason: String
    )


    /**
     * What happened, in English.
     */
func describe() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_logerror_describe(
            FfiConverterTypeLogError_lower(self),uniffiCallStatus
    )
})
}





}

#if compiler(>=6)
extension LogError: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeLogError: FfiConverterRustBuffer {
    typealias SwiftType = LogError

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> LogError {
        let variant: Int32 = try readInt(&buf)
        switch variant {




        case 1: return .failed(
            reason: try FfiConverterString.read(from: &buf)
            )

         default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    package static func write(_ value: LogError, into buf: inout [UInt8]) {
        switch value {





        case let .failed(reason):
            writeInt(&buf, Int32(1))
            FfiConverterString.write(reason, into: &buf)

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeLogError_lift(_ buf: RustBuffer) throws -> LogError {
    return try FfiConverterTypeLogError.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeLogError_lower(_ value: LogError) -> RustBuffer {
    return FfiConverterTypeLogError.lower(value)
}


/**
 * The outcome of a login. An app meets all of these in normal use: they are not errors.
 */

package enum LoginOutcome: Equatable, Hashable {

    /**
     * The person is logged in. Completing the same link again returns the same session.
     */
    case loggedIn(
        /**
         * The session: open it with the client's `session`.
         */session: SessionId,
        /**
         * The scopes that were requested and not granted.
         */deniedScopes: [String]
    )
    /**
     * The person declined in the identity app, as the link itself says.
     */
    case declined
    /**
     * The provider or the backend refused.
     */
    case refused(
        /**
         * The service's error, for a developer.
         */error: OAuthError,
        /**
         * Whether the code was probably used by an earlier request: its process ended, or its
         * answer was lost. A new login is all that is needed.
         */interrupted: Bool
    )
    /**
     * The link does not lead to a redirect URI of this client: pass it to the app's other link
     * handlers.
     */
    case notOurs
    /**
     * The link leads to this client's redirect URI but cannot be read.
     */
    case malformed(
        /**
         * What is wrong with the link.
         */reason: MalformedLink
    )
    /**
     * No attempt has this link's `state`: the login was cancelled, was begun on another device, is
     * too old, or the link is forged.
     */
    case unknown
    /**
     * The callback came after the deadline.
     */
    case expired
    /**
     * The login was completed before, and its session has ended.
     */
    case replayed
    /**
     * The person approved, but the backend no longer knows this login (mediated mode). Begin
     * again.
     */
    case forgotten
    /**
     * Another person logged in than `subject` requested. The new session was removed; the
     * previous session is unchanged.
     */
    case otherPerson





}

#if compiler(>=6)
extension LoginOutcome: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeLoginOutcome: FfiConverterRustBuffer {
    typealias SwiftType = LoginOutcome

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> LoginOutcome {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .loggedIn(session: try FfiConverterTypeSessionId.read(from: &buf), deniedScopes: try FfiConverterSequenceString.read(from: &buf)
        )

        case 2: return .declined

        case 3: return .refused(error: try FfiConverterTypeOAuthError.read(from: &buf), interrupted: try FfiConverterBool.read(from: &buf)
        )

        case 4: return .notOurs

        case 5: return .malformed(reason: try FfiConverterTypeMalformedLink.read(from: &buf)
        )

        case 6: return .unknown

        case 7: return .expired

        case 8: return .replayed

        case 9: return .forgotten

        case 10: return .otherPerson

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    package static func write(_ value: LoginOutcome, into buf: inout [UInt8]) {
        switch value {


        case let .loggedIn(session,deniedScopes):
            writeInt(&buf, Int32(1))
            FfiConverterTypeSessionId.write(session, into: &buf)
            FfiConverterSequenceString.write(deniedScopes, into: &buf)


        case .declined:
            writeInt(&buf, Int32(2))


        case let .refused(error,interrupted):
            writeInt(&buf, Int32(3))
            FfiConverterTypeOAuthError.write(error, into: &buf)
            FfiConverterBool.write(interrupted, into: &buf)


        case .notOurs:
            writeInt(&buf, Int32(4))


        case let .malformed(reason):
            writeInt(&buf, Int32(5))
            FfiConverterTypeMalformedLink.write(reason, into: &buf)


        case .unknown:
            writeInt(&buf, Int32(6))


        case .expired:
            writeInt(&buf, Int32(7))


        case .replayed:
            writeInt(&buf, Int32(8))


        case .forgotten:
            writeInt(&buf, Int32(9))


        case .otherPerson:
            writeInt(&buf, Int32(10))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeLoginOutcome_lift(_ buf: RustBuffer) throws -> LoginOutcome {
    return try FfiConverterTypeLoginOutcome.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeLoginOutcome_lower(_ value: LoginOutcome) -> RustBuffer {
    return FfiConverterTypeLoginOutcome.lower(value)
}



/**
 * What is wrong with a link.
 */

package enum MalformedLink: Equatable, Hashable, CaseIterable {

    /**
     * The link is longer than 16 KiB.
     */
    case tooLong
    /**
     * The percent-encoding is invalid.
     */
    case encoding
    /**
     * A parameter is not UTF-8.
     */
    case notUtf8
    /**
     * The link has a parameter twice (RFC 6749 §3.1 forbids it).
     */
    case twice
    /**
     * The link has both `code` and `error`.
     */
    case codeAndError
    /**
     * The link has neither `code` nor `error`.
     */
    case noAnswer
    /**
     * The link has no `state`.
     */
    case noState
    /**
     * The parameters are in the fragment, after a `#`.
     */
    case fragment





}

#if compiler(>=6)
extension MalformedLink: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeMalformedLink: FfiConverterRustBuffer {
    typealias SwiftType = MalformedLink

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> MalformedLink {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .tooLong

        case 2: return .encoding

        case 3: return .notUtf8

        case 4: return .twice

        case 5: return .codeAndError

        case 6: return .noAnswer

        case 7: return .noState

        case 8: return .fragment

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    package static func write(_ value: MalformedLink, into buf: inout [UInt8]) {
        switch value {


        case .tooLong:
            writeInt(&buf, Int32(1))


        case .encoding:
            writeInt(&buf, Int32(2))


        case .notUtf8:
            writeInt(&buf, Int32(3))


        case .twice:
            writeInt(&buf, Int32(4))


        case .codeAndError:
            writeInt(&buf, Int32(5))


        case .noAnswer:
            writeInt(&buf, Int32(6))


        case .noState:
            writeInt(&buf, Int32(7))


        case .fragment:
            writeInt(&buf, Int32(8))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeMalformedLink_lift(_ buf: RustBuffer) throws -> MalformedLink {
    return try FfiConverterTypeMalformedLink.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeMalformedLink_lower(_ value: MalformedLink) -> RustBuffer {
    return FfiConverterTypeMalformedLink.lower(value)
}



/**
 * Whether the app or the service's backend talks to the provider.
 */

package enum Mode: Equatable, Hashable {

    /**
     * The app itself, as a public client. Not every service allows this: see its documentation.
     */
    case direct(
        /**
         * The client id of the registration.
         */clientId: String
    )
    /**
     * The service's backend, which holds the client secret and the provider's tokens. The
     * app has a session with the backend.
     */
    case mediated(
        /**
         * The URLs of the backend.
         */backend: Backend
    )





}

#if compiler(>=6)
extension Mode: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeMode: FfiConverterRustBuffer {
    typealias SwiftType = Mode

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Mode {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .direct(clientId: try FfiConverterString.read(from: &buf)
        )

        case 2: return .mediated(backend: try FfiConverterTypeBackend.read(from: &buf)
        )

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    package static func write(_ value: Mode, into buf: inout [UInt8]) {
        switch value {


        case let .direct(clientId):
            writeInt(&buf, Int32(1))
            FfiConverterString.write(clientId, into: &buf)


        case let .mediated(backend):
            writeInt(&buf, Int32(2))
            FfiConverterTypeBackend.write(backend, into: &buf)

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeMode_lift(_ buf: RustBuffer) throws -> Mode {
    return try FfiConverterTypeMode.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeMode_lower(_ value: Mode) -> RustBuffer {
    return FfiConverterTypeMode.lower(value)
}



/**
 * What a login is for.
 */

package enum Purpose: Equatable, Hashable, CaseIterable {

    /**
     * The person becomes a user of the service.
     */
    case onboarding
    /**
     * The person logs in.
     */
    case login
    /**
     * The person proves who they are, once.
     */
    case identityVerification





}

#if compiler(>=6)
extension Purpose: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypePurpose: FfiConverterRustBuffer {
    typealias SwiftType = Purpose

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Purpose {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .onboarding

        case 2: return .login

        case 3: return .identityVerification

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    package static func write(_ value: Purpose, into buf: inout [UInt8]) {
        switch value {


        case .onboarding:
            writeInt(&buf, Int32(1))


        case .login:
            writeInt(&buf, Int32(2))


        case .identityVerification:
            writeInt(&buf, Int32(3))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypePurpose_lift(_ buf: RustBuffer) throws -> Purpose {
    return try FfiConverterTypePurpose.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypePurpose_lower(_ value: Purpose) -> RustBuffer {
    return FfiConverterTypePurpose.lower(value)
}



/**
 * Whether the service ended a session at a log-out.
 */

package enum Revocation: Equatable, Hashable, CaseIterable {

    /**
     * The service offers no revocation: the session ends there when it is no longer refreshed.
     */
    case notOffered
    /**
     * There was nothing to revoke: the session had already ended.
     */
    case notNeeded
    /**
     * The service has ended the session.
     */
    case done
    /**
     * The service was not reached, or failed.
     */
    case failed





}

#if compiler(>=6)
extension Revocation: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeRevocation: FfiConverterRustBuffer {
    typealias SwiftType = Revocation

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Revocation {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .notOffered

        case 2: return .notNeeded

        case 3: return .done

        case 4: return .failed

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    package static func write(_ value: Revocation, into buf: inout [UInt8]) {
        switch value {


        case .notOffered:
            writeInt(&buf, Int32(1))


        case .notNeeded:
            writeInt(&buf, Int32(2))


        case .done:
            writeInt(&buf, Int32(3))


        case .failed:
            writeInt(&buf, Int32(4))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeRevocation_lift(_ buf: RustBuffer) throws -> Revocation {
    return try FfiConverterTypeRevocation.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeRevocation_lower(_ value: Revocation) -> RustBuffer {
    return FfiConverterTypeRevocation.lower(value)
}



/**
 * Why a session has ended.
 */

package enum SessionEnd: Equatable, Hashable, CaseIterable {

    /**
     * The person logged out in this app.
     */
    case loggedOut
    /**
     * The service ended it: the person logged out there, or was idle for too long.
     */
    case revoked
    /**
     * The access token has expired, and there is no refresh token.
     */
    case expired
    /**
     * The service refused a refresh token whose first answer was lost: the app was
     * killed, or the connection broke, between sending and storing.
     */
    case rotationInterrupted
    /**
     * The service answered a refresh with the tokens of another person, which were
     * dropped.
     */
    case otherPerson
    /**
     * The service's backend no longer accepts the session.
     */
    case endedByBackend
    /**
     * The stored session is damaged. The store keeps the damaged entry under another key.
     */
    case damaged
    /**
     * This store has no such session.
     */
    case noSession





}

#if compiler(>=6)
extension SessionEnd: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeSessionEnd: FfiConverterRustBuffer {
    typealias SwiftType = SessionEnd

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SessionEnd {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .loggedOut

        case 2: return .revoked

        case 3: return .expired

        case 4: return .rotationInterrupted

        case 5: return .otherPerson

        case 6: return .endedByBackend

        case 7: return .damaged

        case 8: return .noSession

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    package static func write(_ value: SessionEnd, into buf: inout [UInt8]) {
        switch value {


        case .loggedOut:
            writeInt(&buf, Int32(1))


        case .revoked:
            writeInt(&buf, Int32(2))


        case .expired:
            writeInt(&buf, Int32(3))


        case .rotationInterrupted:
            writeInt(&buf, Int32(4))


        case .otherPerson:
            writeInt(&buf, Int32(5))


        case .endedByBackend:
            writeInt(&buf, Int32(6))


        case .damaged:
            writeInt(&buf, Int32(7))


        case .noSession:
            writeInt(&buf, Int32(8))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeSessionEnd_lift(_ buf: RustBuffer) throws -> SessionEnd {
    return try FfiConverterTypeSessionEnd.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeSessionEnd_lower(_ value: SessionEnd) -> RustBuffer {
    return FfiConverterTypeSessionEnd.lower(value)
}



/**
 * An event of a session. It contains no secret.
 */

package enum SessionEvent: Equatable, Hashable {

    /**
     * This process or another process has refreshed the access token.
     */
    case refreshed(
        /**
         * When the new token expires, in seconds since the epoch.
         */expiresAt: Int64
    )
    /**
     * The person logged out in this app: show that nobody is logged in.
     */
    case loggedOut
    /**
     * The session has ended without a log-out in this app: offer a login, and say why.
     */
    case loginRequired(
        /**
         * Why the session ended.
         */reason: SessionEnd
    )





}

#if compiler(>=6)
extension SessionEvent: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeSessionEvent: FfiConverterRustBuffer {
    typealias SwiftType = SessionEvent

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SessionEvent {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .refreshed(expiresAt: try FfiConverterInt64.read(from: &buf)
        )

        case 2: return .loggedOut

        case 3: return .loginRequired(reason: try FfiConverterTypeSessionEnd.read(from: &buf)
        )

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    package static func write(_ value: SessionEvent, into buf: inout [UInt8]) {
        switch value {


        case let .refreshed(expiresAt):
            writeInt(&buf, Int32(1))
            FfiConverterInt64.write(expiresAt, into: &buf)


        case .loggedOut:
            writeInt(&buf, Int32(2))


        case let .loginRequired(reason):
            writeInt(&buf, Int32(3))
            FfiConverterTypeSessionEnd.write(reason, into: &buf)

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeSessionEvent_lift(_ buf: RustBuffer) throws -> SessionEvent {
    return try FfiConverterTypeSessionEvent.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeSessionEvent_lower(_ value: SessionEvent) -> RustBuffer {
    return FfiConverterTypeSessionEvent.lower(value)
}



/**
 * Why a call of a store failed.
 */
package
enum StoreError: Swift.Error, Equatable, Hashable {



    /**
     * The store cannot be read yet. Nothing is lost.
     */
    case locked
    /**
     * The encryption key of the entries is lost permanently: the entries cannot be read again.
     */
    case keyLost(
        /**
         * What the system says.
         */reason: String
    )
    /**
     * The system denied access.
     */
    case denied(
        /**
         * What the system says.
         */reason: String
    )
    /**
     * The storage is full.
     */
    case full(
        /**
         * What the system says.
         */reason: String
    )
    /**
     * An entry is damaged, or another program wrote it.
     */
    case corrupt(
        /**
         * What is wrong with the entry.
         */reason: String
    )
    /**
     * A later version of this library wrote the entry, which stays unchanged.
     */
    case newer(
        /**
         * The version.
         */reason: String
    )
    /**
     * The store does not exist on this device, or does not answer.
     */
    case unavailable(
        /**
         * What the system says.
         */reason: String
    )
    /**
     * The person must authenticate first (biometrics).
     */
    case authenticationRequired
    /**
     * The person cancelled the authentication.
     */
    case cancelled


    /**
     * What happened, in English, for a developer and a log.
     */
func describe() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_storeerror_describe(
            FfiConverterTypeStoreError_lower(self),uniffiCallStatus
    )
})
}





}

#if compiler(>=6)
extension StoreError: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeStoreError: FfiConverterRustBuffer {
    typealias SwiftType = StoreError

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> StoreError {
        let variant: Int32 = try readInt(&buf)
        switch variant {




        case 1: return .locked
        case 2: return .keyLost(
            reason: try FfiConverterString.read(from: &buf)
            )
        case 3: return .denied(
            reason: try FfiConverterString.read(from: &buf)
            )
        case 4: return .full(
            reason: try FfiConverterString.read(from: &buf)
            )
        case 5: return .corrupt(
            reason: try FfiConverterString.read(from: &buf)
            )
        case 6: return .newer(
            reason: try FfiConverterString.read(from: &buf)
            )
        case 7: return .unavailable(
            reason: try FfiConverterString.read(from: &buf)
            )
        case 8: return .authenticationRequired
        case 9: return .cancelled

         default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    package static func write(_ value: StoreError, into buf: inout [UInt8]) {
        switch value {





        case .locked:
            writeInt(&buf, Int32(1))


        case let .keyLost(reason):
            writeInt(&buf, Int32(2))
            FfiConverterString.write(reason, into: &buf)


        case let .denied(reason):
            writeInt(&buf, Int32(3))
            FfiConverterString.write(reason, into: &buf)


        case let .full(reason):
            writeInt(&buf, Int32(4))
            FfiConverterString.write(reason, into: &buf)


        case let .corrupt(reason):
            writeInt(&buf, Int32(5))
            FfiConverterString.write(reason, into: &buf)


        case let .newer(reason):
            writeInt(&buf, Int32(6))
            FfiConverterString.write(reason, into: &buf)


        case let .unavailable(reason):
            writeInt(&buf, Int32(7))
            FfiConverterString.write(reason, into: &buf)


        case .authenticationRequired:
            writeInt(&buf, Int32(8))


        case .cancelled:
            writeInt(&buf, Int32(9))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeStoreError_lift(_ buf: RustBuffer) throws -> StoreError {
    return try FfiConverterTypeStoreError.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeStoreError_lower(_ value: StoreError) -> RustBuffer {
    return FfiConverterTypeStoreError.lower(value)
}


/**
 * Why a call failed, sorted by what the app does next. No error holds a token, code, verifier or
 * claim.
 */
package
enum SwitchbackError: Swift.Error, Equatable, Hashable {



    /**
     * The network or the service was not available: make the same call again, after
     * `retryAfter` seconds if the service said so. The person stays logged in.
     */
    case tryAgain(
        /**
         * What failed.
         */what: String,
        /**
         * Seconds to wait, if the service said so.
         */retryAfter: Int64?,
        /**
         * The network's error.
         */reason: String?
    )
    /**
     * The session has ended: log the person in again.
     */
    case loginRequired(
        /**
         * Why the session ended.
         */reason: SessionEnd,
        /**
         * What the service said if it ended the session: for a developer, not for the person.
         */said: String?
    )
    /**
     * The store cannot be read **yet** (before the first unlock of a phone). The person stays
     * logged in: wait, and make the same call again.
     */
    case storeLocked
    /**
     * The store does not work.
     */
    case store(
        /**
         * The store's error.
         */reason: StoreError
    )
    /**
     * The configuration is wrong, or this call cannot work with it: change it.
     */
    case configuration(
        /**
         * What is wrong, and what to change.
         */what: String
    )
    /**
     * The service broke the protocol: report it to the service.
     */
    case `protocol`(
        /**
         * The endpoint that answered.
         */endpoint: String,
        /**
         * The rule that it broke, by its name in `docs/errors.md`.
         */rule: String,
        /**
         * The rule as a sentence.
         */what: String
    )
    /**
     * A bug in Switchback: please report it. No stored data is lost.
     */
    case `internal`(
        /**
         * What is known about the bug.
         */what: String
    )


    /**
     * What happened and what to do, in English, for a developer and a log.
     */
func describe() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_switchbackerror_describe(
            FfiConverterTypeSwitchbackError_lower(self),uniffiCallStatus
    )
})
}





}

#if compiler(>=6)
extension SwitchbackError: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeSwitchbackError: FfiConverterRustBuffer {
    typealias SwiftType = SwitchbackError

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwitchbackError {
        let variant: Int32 = try readInt(&buf)
        switch variant {




        case 1: return .tryAgain(
            what: try FfiConverterString.read(from: &buf),
            retryAfter: try FfiConverterOptionInt64.read(from: &buf),
            reason: try FfiConverterOptionString.read(from: &buf)
            )
        case 2: return .loginRequired(
            reason: try FfiConverterTypeSessionEnd.read(from: &buf),
            said: try FfiConverterOptionString.read(from: &buf)
            )
        case 3: return .storeLocked
        case 4: return .store(
            reason: try FfiConverterTypeStoreError.read(from: &buf)
            )
        case 5: return .configuration(
            what: try FfiConverterString.read(from: &buf)
            )
        case 6: return .protocol(
            endpoint: try FfiConverterString.read(from: &buf),
            rule: try FfiConverterString.read(from: &buf),
            what: try FfiConverterString.read(from: &buf)
            )
        case 7: return .internal(
            what: try FfiConverterString.read(from: &buf)
            )

         default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    package static func write(_ value: SwitchbackError, into buf: inout [UInt8]) {
        switch value {





        case let .tryAgain(what,retryAfter,reason):
            writeInt(&buf, Int32(1))
            FfiConverterString.write(what, into: &buf)
            FfiConverterOptionInt64.write(retryAfter, into: &buf)
            FfiConverterOptionString.write(reason, into: &buf)


        case let .loginRequired(reason,said):
            writeInt(&buf, Int32(2))
            FfiConverterTypeSessionEnd.write(reason, into: &buf)
            FfiConverterOptionString.write(said, into: &buf)


        case .storeLocked:
            writeInt(&buf, Int32(3))


        case let .store(reason):
            writeInt(&buf, Int32(4))
            FfiConverterTypeStoreError.write(reason, into: &buf)


        case let .configuration(what):
            writeInt(&buf, Int32(5))
            FfiConverterString.write(what, into: &buf)


        case let .protocol(endpoint,rule,what):
            writeInt(&buf, Int32(6))
            FfiConverterString.write(endpoint, into: &buf)
            FfiConverterString.write(rule, into: &buf)
            FfiConverterString.write(what, into: &buf)


        case let .internal(what):
            writeInt(&buf, Int32(7))
            FfiConverterString.write(what, into: &buf)

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeSwitchbackError_lift(_ buf: RustBuffer) throws -> SwitchbackError {
    return try FfiConverterTypeSwitchbackError.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeSwitchbackError_lower(_ value: SwitchbackError) -> RustBuffer {
    return FfiConverterTypeSwitchbackError.lower(value)
}


/**
 * Why no answer came.
 */
package
enum TransportError: Swift.Error, Equatable, Hashable {



    /**
     * The request certainly never reached the server: no network, no such host, connection or
     * TLS handshake refused.
     */
    case notSent(
        /**
         * Why, without any part of the request.
         */reason: String
    )
    /**
     * The request may have reached the server: the connection broke, or time ran out.
     */
    case lost(
        /**
         * Why, without any part of the request.
         */reason: String
    )
    /**
     * The answer was longer than 1 MiB.
     */
    case tooLong


    /**
     * What happened, in English, for a developer and a log.
     */
func describe() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_transporterror_describe(
            FfiConverterTypeTransportError_lower(self),uniffiCallStatus
    )
})
}





}

#if compiler(>=6)
extension TransportError: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeTransportError: FfiConverterRustBuffer {
    typealias SwiftType = TransportError

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> TransportError {
        let variant: Int32 = try readInt(&buf)
        switch variant {




        case 1: return .notSent(
            reason: try FfiConverterString.read(from: &buf)
            )
        case 2: return .lost(
            reason: try FfiConverterString.read(from: &buf)
            )
        case 3: return .tooLong

         default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    package static func write(_ value: TransportError, into buf: inout [UInt8]) {
        switch value {





        case let .notSent(reason):
            writeInt(&buf, Int32(1))
            FfiConverterString.write(reason, into: &buf)


        case let .lost(reason):
            writeInt(&buf, Int32(2))
            FfiConverterString.write(reason, into: &buf)


        case .tooLong:
            writeInt(&buf, Int32(3))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeTransportError_lift(_ buf: RustBuffer) throws -> TransportError {
    return try FfiConverterTypeTransportError.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeTransportError_lower(_ value: TransportError) -> RustBuffer {
    return FfiConverterTypeTransportError.lower(value)
}


/**
 * A claim of Truid: data of a shared data point in one format.
 */

package enum TruidClaimType: Equatable, Hashable, CaseIterable {

    /**
     * Postal address, in no guaranteed format.
     */
    case address
    /**
     * Date of birth, `YYYY-MM-DD`.
     */
    case birthdate
    /**
     * E-mail address.
     */
    case email
    /**
     * Family names; may be absent.
     */
    case familyName
    /**
     * `M`, `F` or `X`.
     */
    case gender
    /**
     * Given names; may be absent.
     */
    case givenName
    /**
     * Country that issued the id document, ISO 3166 alpha-3.
     */
    case idDocumentIssuingCountry
    /**
     * The name in international spelling.
     */
    case internationalName
    /**
     * The full legal name.
     */
    case legalName
    /**
     * The full name, in no guaranteed format.
     */
    case name
    /**
     * Nationality, ISO 3166 alpha-3.
     */
    case nationality
    /**
     * Passport number.
     */
    case passportNumber
    /**
     * Swedish personal number, ten digits.
     */
    case personalNumberSwe10
    /**
     * Telephone number, E.164.
     */
    case phoneNumber
    /**
     * Portrait: `truidPortraitImage` reads it.
     */
    case portraitImage
    /**
     * The right to drive. Its data point is a *guess*.
     */
    case rightToDrive
    /**
     * The name in parts: `truidStructuredName` reads it.
     */
    case structuredName



    /**
     * The key as it is sent, `truid.app/claim/email/v1` for example.
     */
package func key() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_truidclaimtype_key(
            FfiConverterTypeTruidClaimType_lower(self),uniffiCallStatus
    )
})
}



}

#if compiler(>=6)
extension TruidClaimType: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeTruidClaimType: FfiConverterRustBuffer {
    typealias SwiftType = TruidClaimType

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> TruidClaimType {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .address

        case 2: return .birthdate

        case 3: return .email

        case 4: return .familyName

        case 5: return .gender

        case 6: return .givenName

        case 7: return .idDocumentIssuingCountry

        case 8: return .internationalName

        case 9: return .legalName

        case 10: return .name

        case 11: return .nationality

        case 12: return .passportNumber

        case 13: return .personalNumberSwe10

        case 14: return .phoneNumber

        case 15: return .portraitImage

        case 16: return .rightToDrive

        case 17: return .structuredName

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    package static func write(_ value: TruidClaimType, into buf: inout [UInt8]) {
        switch value {


        case .address:
            writeInt(&buf, Int32(1))


        case .birthdate:
            writeInt(&buf, Int32(2))


        case .email:
            writeInt(&buf, Int32(3))


        case .familyName:
            writeInt(&buf, Int32(4))


        case .gender:
            writeInt(&buf, Int32(5))


        case .givenName:
            writeInt(&buf, Int32(6))


        case .idDocumentIssuingCountry:
            writeInt(&buf, Int32(7))


        case .internationalName:
            writeInt(&buf, Int32(8))


        case .legalName:
            writeInt(&buf, Int32(9))


        case .name:
            writeInt(&buf, Int32(10))


        case .nationality:
            writeInt(&buf, Int32(11))


        case .passportNumber:
            writeInt(&buf, Int32(12))


        case .personalNumberSwe10:
            writeInt(&buf, Int32(13))


        case .phoneNumber:
            writeInt(&buf, Int32(14))


        case .portraitImage:
            writeInt(&buf, Int32(15))


        case .rightToDrive:
            writeInt(&buf, Int32(16))


        case .structuredName:
            writeInt(&buf, Int32(17))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeTruidClaimType_lift(_ buf: RustBuffer) throws -> TruidClaimType {
    return try FfiConverterTypeTruidClaimType.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeTruidClaimType_lower(_ value: TruidClaimType) -> RustBuffer {
    return FfiConverterTypeTruidClaimType.lower(value)
}



/**
 * Data that a login at Truid can request: the scope of the login consists of their keys.
 *
 * `email`, `name` and `birthdate` are confirmed; the other keys are a guess from the
 * headings of Truid's guide. A scope can also contain any other key.
 */

package enum TruidDataPoint: Equatable, Hashable, CaseIterable {

    /**
     * The postal address. *Guess.*
     */
    case address
    /**
     * The date of birth.
     */
    case birthdate
    /**
     * The e-mail address.
     */
    case email
    /**
     * The gender. *Guess.*
     */
    case gender
    /**
     * The country that issued the id document. *Guess.*
     */
    case idDocumentIssuingCountry
    /**
     * The legal name. *Guess.*
     */
    case legalName
    /**
     * The name that the person uses.
     */
    case name
    /**
     * The nationality. *Guess.*
     */
    case nationality
    /**
     * The passport. *Guess.*
     */
    case passport
    /**
     * The number of the passport. *Guess.*
     */
    case passportNumber
    /**
     * The Swedish personal number. *Guess.*
     */
    case personalNumberSwe
    /**
     * The telephone number. *Guess.*
     */
    case phoneNumber
    /**
     * A picture of the face. *Guess.*
     */
    case portraitImage
    /**
     * The right to drive. *Guess*: Truid documents the claim, but no data point for it.
     */
    case rightToDrive



    /**
     * The key as it is sent, `truid.app/data-point/email` for example.
     */
package func key() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_method_truiddatapoint_key(
            FfiConverterTypeTruidDataPoint_lower(self),uniffiCallStatus
    )
})
}



}

#if compiler(>=6)
extension TruidDataPoint: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeTruidDataPoint: FfiConverterRustBuffer {
    typealias SwiftType = TruidDataPoint

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> TruidDataPoint {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .address

        case 2: return .birthdate

        case 3: return .email

        case 4: return .gender

        case 5: return .idDocumentIssuingCountry

        case 6: return .legalName

        case 7: return .name

        case 8: return .nationality

        case 9: return .passport

        case 10: return .passportNumber

        case 11: return .personalNumberSwe

        case 12: return .phoneNumber

        case 13: return .portraitImage

        case 14: return .rightToDrive

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    package static func write(_ value: TruidDataPoint, into buf: inout [UInt8]) {
        switch value {


        case .address:
            writeInt(&buf, Int32(1))


        case .birthdate:
            writeInt(&buf, Int32(2))


        case .email:
            writeInt(&buf, Int32(3))


        case .gender:
            writeInt(&buf, Int32(4))


        case .idDocumentIssuingCountry:
            writeInt(&buf, Int32(5))


        case .legalName:
            writeInt(&buf, Int32(6))


        case .name:
            writeInt(&buf, Int32(7))


        case .nationality:
            writeInt(&buf, Int32(8))


        case .passport:
            writeInt(&buf, Int32(9))


        case .passportNumber:
            writeInt(&buf, Int32(10))


        case .personalNumberSwe:
            writeInt(&buf, Int32(11))


        case .phoneNumber:
            writeInt(&buf, Int32(12))


        case .portraitImage:
            writeInt(&buf, Int32(13))


        case .rightToDrive:
            writeInt(&buf, Int32(14))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeTruidDataPoint_lift(_ buf: RustBuffer) throws -> TruidDataPoint {
    return try FfiConverterTypeTruidDataPoint.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeTruidDataPoint_lower(_ value: TruidDataPoint) -> RustBuffer {
    return FfiConverterTypeTruidDataPoint.lower(value)
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionInt64: FfiConverterRustBuffer {
    typealias SwiftType = Int64?

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterInt64.write(value, into: &buf)
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterInt64.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionBool: FfiConverterRustBuffer {
    typealias SwiftType = Bool?

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterBool.write(value, into: &buf)
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterBool.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionString: FfiConverterRustBuffer {
    typealias SwiftType = String?

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterString.write(value, into: &buf)
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterString.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionData: FfiConverterRustBuffer {
    typealias SwiftType = Data?

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterData.write(value, into: &buf)
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterData.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeAuthorization: FfiConverterRustBuffer {
    typealias SwiftType = Authorization?

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeAuthorization.write(value, into: &buf)
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeAuthorization.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeBackgroundTasks: FfiConverterRustBuffer {
    typealias SwiftType = BackgroundTasks?

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeBackgroundTasks.write(value, into: &buf)
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeBackgroundTasks.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeHttpTransport: FfiConverterRustBuffer {
    typealias SwiftType = HttpTransport?

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeHttpTransport.write(value, into: &buf)
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeHttpTransport.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeLogSink: FfiConverterRustBuffer {
    typealias SwiftType = LogSink?

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeLogSink.write(value, into: &buf)
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeLogSink.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeProcessLock: FfiConverterRustBuffer {
    typealias SwiftType = ProcessLock?

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeProcessLock.write(value, into: &buf)
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeProcessLock.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeFirstRun: FfiConverterRustBuffer {
    typealias SwiftType = FirstRun?

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeFirstRun.write(value, into: &buf)
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeFirstRun.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeLockFile: FfiConverterRustBuffer {
    typealias SwiftType = LockFile?

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeLockFile.write(value, into: &buf)
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeLockFile.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeLoginAttempt: FfiConverterRustBuffer {
    typealias SwiftType = LoginAttempt?

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeLoginAttempt.write(value, into: &buf)
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeLoginAttempt.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeTruidPortraitImage: FfiConverterRustBuffer {
    typealias SwiftType = TruidPortraitImage?

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeTruidPortraitImage.write(value, into: &buf)
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeTruidPortraitImage.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeTruidStructuredName: FfiConverterRustBuffer {
    typealias SwiftType = TruidStructuredName?

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeTruidStructuredName.write(value, into: &buf)
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeTruidStructuredName.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeClaimValue: FfiConverterRustBuffer {
    typealias SwiftType = ClaimValue?

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeClaimValue.write(value, into: &buf)
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeClaimValue.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeSessionEnd: FfiConverterRustBuffer {
    typealias SwiftType = SessionEnd?

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeSessionEnd.write(value, into: &buf)
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeSessionEnd.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeSessionEvent: FfiConverterRustBuffer {
    typealias SwiftType = SessionEvent?

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeSessionEvent.write(value, into: &buf)
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeSessionEvent.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionSequenceTypeTimelineEntry: FfiConverterRustBuffer {
    typealias SwiftType = [TimelineEntry]?

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterSequenceTypeTimelineEntry.write(value, into: &buf)
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterSequenceTypeTimelineEntry.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeAttemptId: FfiConverterRustBuffer {
    typealias SwiftType = AttemptId?

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeAttemptId.write(value, into: &buf)
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeAttemptId.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterSequenceString: FfiConverterRustBuffer {
    typealias SwiftType = [String]

    package static func write(_ value: [String], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterString.write(item, into: &buf)
        }
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [String] {
        let len: Int32 = try readInt(&buf)
        var seq = [String]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterString.read(from: &buf))
        }
        return seq
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterSequenceTypeClaim: FfiConverterRustBuffer {
    typealias SwiftType = [Claim]

    package static func write(_ value: [Claim], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterTypeClaim.write(item, into: &buf)
        }
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [Claim] {
        let len: Int32 = try readInt(&buf)
        var seq = [Claim]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterTypeClaim.read(from: &buf))
        }
        return seq
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterSequenceTypeHeader: FfiConverterRustBuffer {
    typealias SwiftType = [Header]

    package static func write(_ value: [Header], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterTypeHeader.write(item, into: &buf)
        }
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [Header] {
        let len: Int32 = try readInt(&buf)
        var seq = [Header]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterTypeHeader.read(from: &buf))
        }
        return seq
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterSequenceTypePendingLogin: FfiConverterRustBuffer {
    typealias SwiftType = [PendingLogin]

    package static func write(_ value: [PendingLogin], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterTypePendingLogin.write(item, into: &buf)
        }
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [PendingLogin] {
        let len: Int32 = try readInt(&buf)
        var seq = [PendingLogin]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterTypePendingLogin.read(from: &buf))
        }
        return seq
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterSequenceTypeTimelineEntry: FfiConverterRustBuffer {
    typealias SwiftType = [TimelineEntry]

    package static func write(_ value: [TimelineEntry], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterTypeTimelineEntry.write(item, into: &buf)
        }
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [TimelineEntry] {
        let len: Int32 = try readInt(&buf)
        var seq = [TimelineEntry]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterTypeTimelineEntry.read(from: &buf))
        }
        return seq
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterSequenceTypeSessionId: FfiConverterRustBuffer {
    typealias SwiftType = [SessionId]

    package static func write(_ value: [SessionId], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterTypeSessionId.write(item, into: &buf)
        }
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [SessionId] {
        let len: Int32 = try readInt(&buf)
        var seq = [SessionId]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterTypeSessionId.read(from: &buf))
        }
        return seq
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterDictionaryStringString: FfiConverterRustBuffer {
    package static func write(_ value: [String: String], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for (key, value) in value {
            FfiConverterString.write(key, into: &buf)
            FfiConverterString.write(value, into: &buf)
        }
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [String: String] {
        let len: Int32 = try readInt(&buf)
        var dict = [String: String]()
        dict.reserveCapacity(Int(len))
        for _ in 0..<len {
            let key = try FfiConverterString.read(from: &buf)
            let value = try FfiConverterString.read(from: &buf)
            dict[key] = value
        }
        return dict
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterDictionaryTypePurposeString: FfiConverterRustBuffer {
    package static func write(_ value: [Purpose: String], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for (key, value) in value {
            FfiConverterTypePurpose.write(key, into: &buf)
            FfiConverterString.write(value, into: &buf)
        }
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [Purpose: String] {
        let len: Int32 = try readInt(&buf)
        var dict = [Purpose: String]()
        dict.reserveCapacity(Int(len))
        for _ in 0..<len {
            let key = try FfiConverterTypePurpose.read(from: &buf)
            let value = try FfiConverterString.read(from: &buf)
            dict[key] = value
        }
        return dict
    }
}


package typealias AttemptId = String

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeAttemptId: FfiConverter {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> AttemptId {
        return try FfiConverterString.read(from: &buf)
    }

    package static func write(_ value: AttemptId, into buf: inout [UInt8]) {
        return FfiConverterString.write(value, into: &buf)
    }

    package static func lift(_ value: RustBuffer) throws -> AttemptId {
        return try FfiConverterString.lift(value)
    }

    package static func lower(_ value: AttemptId) -> RustBuffer {
        return FfiConverterString.lower(value)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeAttemptId_lift(_ value: RustBuffer) throws -> AttemptId {
    return try FfiConverterTypeAttemptId.lift(value)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeAttemptId_lower(_ value: AttemptId) -> RustBuffer {
    return FfiConverterTypeAttemptId.lower(value)
}



package typealias SessionId = String

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeSessionId: FfiConverter {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SessionId {
        return try FfiConverterString.read(from: &buf)
    }

    package static func write(_ value: SessionId, into buf: inout [UInt8]) {
        return FfiConverterString.write(value, into: &buf)
    }

    package static func lift(_ value: RustBuffer) throws -> SessionId {
        return try FfiConverterString.lift(value)
    }

    package static func lower(_ value: SessionId) -> RustBuffer {
        return FfiConverterString.lower(value)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeSessionId_lift(_ value: RustBuffer) throws -> SessionId {
    return try FfiConverterTypeSessionId.lift(value)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeSessionId_lower(_ value: SessionId) -> RustBuffer {
    return FfiConverterTypeSessionId.lower(value)
}

private let UNIFFI_RUST_FUTURE_POLL_READY: Int8 = 0
private let UNIFFI_RUST_FUTURE_POLL_WAKE: Int8 = 1

fileprivate let uniffiContinuationHandleMap = UniffiHandleMap<UnsafeContinuation<Int8, Never>>()

fileprivate func uniffiRustCallAsync<F, T>(
    rustFutureFunc: () -> UInt64,
    pollFunc: (UInt64, @escaping UniffiRustFutureContinuationCallback, UInt64) -> (),
    completeFunc: (UInt64, UnsafeMutablePointer<RustCallStatus>) -> F,
    cancelFunc: @escaping @Sendable (UInt64) -> (),
    freeFunc: (UInt64) -> (),
    liftFunc: (F) throws -> T,
    errorHandler: ((RustBuffer) throws -> Swift.Error)?
) async throws -> T {
    // Make sure to call the ensure init function since future creation doesn't have a
    // RustCallStatus param, so doesn't use makeRustCall()
    uniffiEnsureSwitchbackBindingsInitialized()
    let rustFuture = rustFutureFunc()
    defer {
        freeFunc(rustFuture)
    }
    var pollResult: Int8;
    repeat {
        pollResult = await withTaskCancellationHandler {
            await withUnsafeContinuation {
            pollFunc(
                rustFuture,
                { handle, pollResult in
                    uniffiFutureContinuationCallback(handle: handle, pollResult: pollResult)
                },
                uniffiContinuationHandleMap.insert(obj: $0)
            )
            }
        } onCancel: {
            cancelFunc(rustFuture)
        }
    } while pollResult != UNIFFI_RUST_FUTURE_POLL_READY

    return try liftFunc(makeRustCall(
        { completeFunc(rustFuture, $0) },
        errorHandler: errorHandler
    ))
}

// Callback handlers for an async calls.  These are invoked by Rust when the future is ready.  They
// lift the return value or error and resume the suspended function.
fileprivate func uniffiFutureContinuationCallback(handle: UInt64, pollResult: Int8) {
    if let continuation = try? uniffiContinuationHandleMap.remove(handle: handle) {
        continuation.resume(returning: pollResult)
    } else {
        print("uniffiFutureContinuationCallback invalid handle")
    }
}
/**
 * A number that is another one whenever this library offers something else. The Kotlin compares it
 * when it loads the library.
 */
package func fingerprint() -> Int64  {
    return try!  FfiConverterInt64.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_func_fingerprint(uniffiCallStatus
    )
})
}
/**
 * Sends the log of all clients to this sink, in place of an earlier sink, or to no sink. Earlier
 * lines do not reach the new sink; a line that is being delivered may still reach the earlier
 * sink. If the system starts no thread for the log, there is no log.
 */
package func setLog(sink: LogSink?)  {try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_func_set_log(
        FfiConverterOptionTypeLogSink.lower(sink),uniffiCallStatus
    )
}
}
/**
 * The portrait from a presentation of Truid. Nothing if the claim is absent.
 */
package func truidPortraitImage(presentation: Presentation) -> TruidPortraitImage?  {
    return try!  FfiConverterOptionTypeTruidPortraitImage.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_func_truid_portrait_image(
        FfiConverterTypePresentation_lower(presentation),uniffiCallStatus
    )
})
}
/**
 * The name in parts from a presentation of Truid. Nothing if the claim is absent.
 */
package func truidStructuredName(presentation: Presentation) -> TruidStructuredName?  {
    return try!  FfiConverterOptionTypeTruidStructuredName.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_fn_func_truid_structured_name(
        FfiConverterTypePresentation_lower(presentation),uniffiCallStatus
    )
})
}

private enum InitializationResult {
    case ok
    case contractVersionMismatch
    case apiChecksumMismatch
}
// Use a global variable to perform the versioning checks. Swift ensures that
// the code inside is only computed once.
private let initializationResult: InitializationResult = {
    // Get the bindings contract version from our ComponentInterface
    let bindings_contract_version = 30
    // Get the scaffolding contract version by calling the into the dylib
    let scaffolding_contract_version = ffi_switchback_bindings_uniffi_contract_version()
    if bindings_contract_version != scaffolding_contract_version {
        return InitializationResult.contractVersionMismatch
    }

    uniffiCallbackInitBackgroundTasks()
    uniffiCallbackInitHttpTransport()
    uniffiCallbackInitLogSink()
    uniffiCallbackInitProcessLock()
    uniffiCallbackInitSecureStore()
    return InitializationResult.ok
}()

// Make the ensure init function public so that other modules which have external type references to
// our types can call it.
package func uniffiEnsureSwitchbackBindingsInitialized() {
    switch initializationResult {
    case .ok:
        break
    case .contractVersionMismatch:
        fatalError("UniFFI contract version mismatch: try cleaning and rebuilding your project")
    case .apiChecksumMismatch:
        fatalError("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
}

// swiftlint:enable all
