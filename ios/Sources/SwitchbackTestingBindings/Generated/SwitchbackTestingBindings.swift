// Written by `cargo xtask bindings` from what is in bindings/: change that.

// swiftlint:disable all
import Foundation
import SwitchbackBindings

// Depending on the consumer's build setup, the low-level FFI code
// might be in a separate module, or it might be compiled inline into
// this module. This is a bit of light hackery to work with both.
#if canImport(SwitchbackTestingFFI)
import SwitchbackTestingFFI
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
        try! rustCall { ffi_switchback_bindings_testing_rustbuffer_from_bytes(ForeignBytes(bufferPointer: ptr), $0) }
    }

    // Frees the buffer in place.
    // The buffer must not be used after this is called.
    func deallocate() {
        try! rustCall { ffi_switchback_bindings_testing_rustbuffer_free(self, $0) }
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
    uniffiEnsureSwitchbackBindingsTestingInitialized()
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
fileprivate struct FfiConverterUInt32: FfiConverterPrimitive {
    typealias FfiType = UInt32
    typealias SwiftType = UInt32

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> UInt32 {
        return try lift(readInt(&buf))
    }

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
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
 * The clock of a test. Calls come from any thread, and must return at once.
 */
package protocol Clock: AnyObject, Sendable {

    /**
     * The time by the wall clock and by a monotonic clock.
     */
    func now() throws  -> Now

}
/**
 * The clock of a test. Calls come from any thread, and must return at once.
 */
package class ClockImpl: Clock, @unchecked Sendable {
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
        return try! rustCall { uniffi_switchback_bindings_testing_fn_clone_clock(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_switchback_bindings_testing_fn_free_clock(handle, $0) }
    }




    /**
     * The time by the wall clock and by a monotonic clock.
     */
package func now()throws  -> Now  {
    return try  FfiConverterTypeNow_lift(try rustCallWithError(FfiConverterTypeWorldError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_testing_fn_method_clock_now(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



}



// Put the implementation in a struct so we don't pollute the top-level namespace
fileprivate struct UniffiCallbackInterfaceClock {

    // Create the VTable using a series of closures.
    // Swift automatically converts these into C callback functions.
    //
    // Store the vtable directly.
    static let vtable: UniffiVTableCallbackInterfaceClock = UniffiVTableCallbackInterfaceClock(
        uniffiFree: { (uniffiHandle: UInt64) -> () in
            do {
                try FfiConverterTypeClock.handleMap.remove(handle: uniffiHandle)
            } catch {
                print("Uniffi callback interface Clock: handle missing in uniffiFree")
            }
        },
        uniffiClone: { (uniffiHandle: UInt64) -> UInt64 in
            do {
                return try FfiConverterTypeClock.handleMap.clone(handle: uniffiHandle)
            } catch {
                fatalError("Uniffi callback interface Clock: handle missing in uniffiClone")
            }
        },
        now: { (
            uniffiHandle: UInt64,
            uniffiOutReturn: UnsafeMutablePointer<RustBuffer>,
            uniffiCallStatus: UnsafeMutablePointer<RustCallStatus>
        ) in
            let makeCall = {
                () throws -> Now in
                guard let uniffiObj = try? FfiConverterTypeClock.handleMap.get(handle: uniffiHandle) else {
                    throw UniffiInternalError.unexpectedStaleHandle
                }
                return try uniffiObj.now(
                )
            }


            let writeReturn = { uniffiOutReturn.pointee = FfiConverterTypeNow_lower($0) }
            uniffiTraitInterfaceCallWithError(
                callStatus: uniffiCallStatus,
                makeCall: makeCall,
                writeReturn: writeReturn,
                lowerError: FfiConverterTypeWorldError_lower
            )
        }
    )

    // Rust stores this pointer for future callback invocations, so it must live
    // for the process lifetime (not just for the init function call).
    //
    // `nonisolated(unsafe)` is needed under Swift 6 strict concurrency.
    // This is safe because the pointee is initialized once during static init
    // and never mutated by either side of the FFI.  Its fields are C function pointers.
    nonisolated(unsafe) static let vtablePtr: UnsafePointer<UniffiVTableCallbackInterfaceClock> = {
        let ptr = UnsafeMutablePointer<UniffiVTableCallbackInterfaceClock>.allocate(capacity: 1)
        ptr.initialize(to: vtable)
        return UnsafePointer(ptr)
    }()
}

private func uniffiCallbackInitClock() {
    uniffi_switchback_bindings_testing_fn_init_callback_vtable_clock(UniffiCallbackInterfaceClock.vtablePtr)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeClock: FfiConverter {
    fileprivate static let handleMap = UniffiHandleMap<Clock>()

    typealias FfiType = UInt64
    typealias SwiftType = Clock

    package static func lift(_ handle: UInt64) throws -> Clock {
        if ((handle & 1) == 0) {
            // Rust-generated handle, construct a new class that uses the handle to implement the
            // interface
            return ClockImpl(unsafeFromHandle: handle)
        } else {
            // Swift-generated handle, get the object from the handle map
            return try handleMap.remove(handle: handle)
        }
    }

    package static func lower(_ value: Clock) -> UInt64 {
         if let rustImpl = value as? ClockImpl {
             // Rust-implemented object.  Clone the handle and return it
            return rustImpl.uniffiCloneHandle()
         } else {
            // Swift object, generate a new vtable handle and return that.
            return handleMap.insert(obj: value)
         }
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Clock {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    package static func write(_ value: Clock, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeClock_lift(_ handle: UInt64) throws -> Clock {
    return try FfiConverterTypeClock.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeClock_lower(_ value: Clock) -> UInt64 {
    return FfiConverterTypeClock.lower(value)
}






/**
 * The random source of a test.
 */
package protocol Entropy: AnyObject, Sendable {

    /**
     * This number of bytes.
     */
    func bytes(count: UInt32) throws  -> Data

}
/**
 * The random source of a test.
 */
package class EntropyImpl: Entropy, @unchecked Sendable {
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
        return try! rustCall { uniffi_switchback_bindings_testing_fn_clone_entropy(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_switchback_bindings_testing_fn_free_entropy(handle, $0) }
    }




    /**
     * This number of bytes.
     */
package func bytes(count: UInt32)throws  -> Data  {
    return try  FfiConverterData.lift(try rustCallWithError(FfiConverterTypeWorldError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_testing_fn_method_entropy_bytes(
            self.uniffiCloneHandle(),
        FfiConverterUInt32.lower(count),uniffiCallStatus
    )
})
}



}



// Put the implementation in a struct so we don't pollute the top-level namespace
fileprivate struct UniffiCallbackInterfaceEntropy {

    // Create the VTable using a series of closures.
    // Swift automatically converts these into C callback functions.
    //
    // Store the vtable directly.
    static let vtable: UniffiVTableCallbackInterfaceEntropy = UniffiVTableCallbackInterfaceEntropy(
        uniffiFree: { (uniffiHandle: UInt64) -> () in
            do {
                try FfiConverterTypeEntropy.handleMap.remove(handle: uniffiHandle)
            } catch {
                print("Uniffi callback interface Entropy: handle missing in uniffiFree")
            }
        },
        uniffiClone: { (uniffiHandle: UInt64) -> UInt64 in
            do {
                return try FfiConverterTypeEntropy.handleMap.clone(handle: uniffiHandle)
            } catch {
                fatalError("Uniffi callback interface Entropy: handle missing in uniffiClone")
            }
        },
        bytes: { (
            uniffiHandle: UInt64,
            count: UInt32,
            uniffiOutReturn: UnsafeMutablePointer<RustBuffer>,
            uniffiCallStatus: UnsafeMutablePointer<RustCallStatus>
        ) in
            let makeCall = {
                () throws -> Data in
                guard let uniffiObj = try? FfiConverterTypeEntropy.handleMap.get(handle: uniffiHandle) else {
                    throw UniffiInternalError.unexpectedStaleHandle
                }
                return try uniffiObj.bytes(
                     count: try FfiConverterUInt32.lift(count)
                )
            }


            let writeReturn = { uniffiOutReturn.pointee = FfiConverterData.lower($0) }
            uniffiTraitInterfaceCallWithError(
                callStatus: uniffiCallStatus,
                makeCall: makeCall,
                writeReturn: writeReturn,
                lowerError: FfiConverterTypeWorldError_lower
            )
        }
    )

    // Rust stores this pointer for future callback invocations, so it must live
    // for the process lifetime (not just for the init function call).
    //
    // `nonisolated(unsafe)` is needed under Swift 6 strict concurrency.
    // This is safe because the pointee is initialized once during static init
    // and never mutated by either side of the FFI.  Its fields are C function pointers.
    nonisolated(unsafe) static let vtablePtr: UnsafePointer<UniffiVTableCallbackInterfaceEntropy> = {
        let ptr = UnsafeMutablePointer<UniffiVTableCallbackInterfaceEntropy>.allocate(capacity: 1)
        ptr.initialize(to: vtable)
        return UnsafePointer(ptr)
    }()
}

private func uniffiCallbackInitEntropy() {
    uniffi_switchback_bindings_testing_fn_init_callback_vtable_entropy(UniffiCallbackInterfaceEntropy.vtablePtr)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeEntropy: FfiConverter {
    fileprivate static let handleMap = UniffiHandleMap<Entropy>()

    typealias FfiType = UInt64
    typealias SwiftType = Entropy

    package static func lift(_ handle: UInt64) throws -> Entropy {
        if ((handle & 1) == 0) {
            // Rust-generated handle, construct a new class that uses the handle to implement the
            // interface
            return EntropyImpl(unsafeFromHandle: handle)
        } else {
            // Swift-generated handle, get the object from the handle map
            return try handleMap.remove(handle: handle)
        }
    }

    package static func lower(_ value: Entropy) -> UInt64 {
         if let rustImpl = value as? EntropyImpl {
             // Rust-implemented object.  Clone the handle and return it
            return rustImpl.uniffiCloneHandle()
         } else {
            // Swift object, generate a new vtable handle and return that.
            return handleMap.insert(obj: value)
         }
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Entropy {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    package static func write(_ value: Entropy, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeEntropy_lift(_ handle: UInt64) throws -> Entropy {
    return try FfiConverterTypeEntropy.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeEntropy_lower(_ value: Entropy) -> UInt64 {
    return FfiConverterTypeEntropy.lower(value)
}






/**
 * The store under test, and how the test can lock it or kill a process that writes. Calls come
 * from several threads; `lock` and `killedInPut` one at a time, while no other call runs.
 */
package protocol StoreUnderTest: AnyObject, Sendable {

    /**
     * Opens the store as a new process does: on the same data as before, without state in memory
     * as far as possible. Also called while the store is locked: a store that cannot be opened
     * then throws `Locked`.
     */
    func openStore() throws  -> SecureStore

    /**
     * Locks or unlocks the data. Returns true when it is done. If it returns false, because the
     * test cannot do it here, the suite skips the cases about locked stores.
     */
    func lock(locked: Bool) throws  -> Bool

    /**
     * Lets another process put this value, and kills the process during the write. If it returns
     * false, because the test cannot do it here, the suite skips the case.
     */
    func killedInPut(key: String, value: Data) throws  -> Bool

}
/**
 * The store under test, and how the test can lock it or kill a process that writes. Calls come
 * from several threads; `lock` and `killedInPut` one at a time, while no other call runs.
 */
package class StoreUnderTestImpl: StoreUnderTest, @unchecked Sendable {
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
        return try! rustCall { uniffi_switchback_bindings_testing_fn_clone_storeundertest(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_switchback_bindings_testing_fn_free_storeundertest(handle, $0) }
    }




    /**
     * Opens the store as a new process does: on the same data as before, without state in memory
     * as far as possible. Also called while the store is locked: a store that cannot be opened
     * then throws `Locked`.
     */
package func openStore()throws  -> SecureStore  {
    return try  FfiConverterTypeSecureStore_lift(try rustCallWithError(FfiConverterTypeStoreError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_testing_fn_method_storeundertest_open_store(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Locks or unlocks the data. Returns true when it is done. If it returns false, because the
     * test cannot do it here, the suite skips the cases about locked stores.
     */
package func lock(locked: Bool)throws  -> Bool  {
    return try  FfiConverterBool.lift(try rustCallWithError(FfiConverterTypeStoreError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_testing_fn_method_storeundertest_lock(
            self.uniffiCloneHandle(),
        FfiConverterBool.lower(locked),uniffiCallStatus
    )
})
}

    /**
     * Lets another process put this value, and kills the process during the write. If it returns
     * false, because the test cannot do it here, the suite skips the case.
     */
package func killedInPut(key: String, value: Data)throws  -> Bool  {
    return try  FfiConverterBool.lift(try rustCallWithError(FfiConverterTypeStoreError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_testing_fn_method_storeundertest_killed_in_put(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(key),
        FfiConverterData.lower(value),uniffiCallStatus
    )
})
}



}



// Put the implementation in a struct so we don't pollute the top-level namespace
fileprivate struct UniffiCallbackInterfaceStoreUnderTest {

    // Create the VTable using a series of closures.
    // Swift automatically converts these into C callback functions.
    //
    // Store the vtable directly.
    static let vtable: UniffiVTableCallbackInterfaceStoreUnderTest = UniffiVTableCallbackInterfaceStoreUnderTest(
        uniffiFree: { (uniffiHandle: UInt64) -> () in
            do {
                try FfiConverterTypeStoreUnderTest.handleMap.remove(handle: uniffiHandle)
            } catch {
                print("Uniffi callback interface StoreUnderTest: handle missing in uniffiFree")
            }
        },
        uniffiClone: { (uniffiHandle: UInt64) -> UInt64 in
            do {
                return try FfiConverterTypeStoreUnderTest.handleMap.clone(handle: uniffiHandle)
            } catch {
                fatalError("Uniffi callback interface StoreUnderTest: handle missing in uniffiClone")
            }
        },
        openStore: { (
            uniffiHandle: UInt64,
            uniffiOutReturn: UnsafeMutablePointer<UInt64>,
            uniffiCallStatus: UnsafeMutablePointer<RustCallStatus>
        ) in
            let makeCall = {
                () throws -> SecureStore in
                guard let uniffiObj = try? FfiConverterTypeStoreUnderTest.handleMap.get(handle: uniffiHandle) else {
                    throw UniffiInternalError.unexpectedStaleHandle
                }
                return try uniffiObj.openStore(
                )
            }


            let writeReturn = { uniffiOutReturn.pointee = FfiConverterTypeSecureStore_lower($0) }
            uniffiTraitInterfaceCallWithError(
                callStatus: uniffiCallStatus,
                makeCall: makeCall,
                writeReturn: writeReturn,
                lowerError: FfiConverterTypeStoreError_lower
            )
        },
        lock: { (
            uniffiHandle: UInt64,
            locked: Int8,
            uniffiOutReturn: UnsafeMutablePointer<Int8>,
            uniffiCallStatus: UnsafeMutablePointer<RustCallStatus>
        ) in
            let makeCall = {
                () throws -> Bool in
                guard let uniffiObj = try? FfiConverterTypeStoreUnderTest.handleMap.get(handle: uniffiHandle) else {
                    throw UniffiInternalError.unexpectedStaleHandle
                }
                return try uniffiObj.lock(
                     locked: try FfiConverterBool.lift(locked)
                )
            }


            let writeReturn = { uniffiOutReturn.pointee = FfiConverterBool.lower($0) }
            uniffiTraitInterfaceCallWithError(
                callStatus: uniffiCallStatus,
                makeCall: makeCall,
                writeReturn: writeReturn,
                lowerError: FfiConverterTypeStoreError_lower
            )
        },
        killedInPut: { (
            uniffiHandle: UInt64,
            key: RustBuffer,
            value: RustBuffer,
            uniffiOutReturn: UnsafeMutablePointer<Int8>,
            uniffiCallStatus: UnsafeMutablePointer<RustCallStatus>
        ) in
            let makeCall = {
                () throws -> Bool in
                guard let uniffiObj = try? FfiConverterTypeStoreUnderTest.handleMap.get(handle: uniffiHandle) else {
                    throw UniffiInternalError.unexpectedStaleHandle
                }
                return try uniffiObj.killedInPut(
                     key: try FfiConverterString.lift(key),
                     value: try FfiConverterData.lift(value)
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
    nonisolated(unsafe) static let vtablePtr: UnsafePointer<UniffiVTableCallbackInterfaceStoreUnderTest> = {
        let ptr = UnsafeMutablePointer<UniffiVTableCallbackInterfaceStoreUnderTest>.allocate(capacity: 1)
        ptr.initialize(to: vtable)
        return UnsafePointer(ptr)
    }()
}

private func uniffiCallbackInitStoreUnderTest() {
    uniffi_switchback_bindings_testing_fn_init_callback_vtable_storeundertest(UniffiCallbackInterfaceStoreUnderTest.vtablePtr)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeStoreUnderTest: FfiConverter {
    fileprivate static let handleMap = UniffiHandleMap<StoreUnderTest>()

    typealias FfiType = UInt64
    typealias SwiftType = StoreUnderTest

    package static func lift(_ handle: UInt64) throws -> StoreUnderTest {
        if ((handle & 1) == 0) {
            // Rust-generated handle, construct a new class that uses the handle to implement the
            // interface
            return StoreUnderTestImpl(unsafeFromHandle: handle)
        } else {
            // Swift-generated handle, get the object from the handle map
            return try handleMap.remove(handle: handle)
        }
    }

    package static func lower(_ value: StoreUnderTest) -> UInt64 {
         if let rustImpl = value as? StoreUnderTestImpl {
             // Rust-implemented object.  Clone the handle and return it
            return rustImpl.uniffiCloneHandle()
         } else {
            // Swift object, generate a new vtable handle and return that.
            return handleMap.insert(obj: value)
         }
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> StoreUnderTest {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    package static func write(_ value: StoreUnderTest, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeStoreUnderTest_lift(_ handle: UInt64) throws -> StoreUnderTest {
    return try FfiConverterTypeStoreUnderTest.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeStoreUnderTest_lower(_ value: StoreUnderTest) -> UInt64 {
    return FfiConverterTypeStoreUnderTest.lower(value)
}






/**
 * A clock that does not run: the test moves it.
 */
package protocol TestClockProtocol: AnyObject, Sendable {

    /**
     * Moves both clocks forward by this number of seconds.
     */
    func advance(seconds: Int64)

    func now() throws  -> Now

    /**
     * Sets the wall clock, as a person can. The uptime does not change.
     */
    func set(epochSeconds: Int64)

}
/**
 * A clock that does not run: the test moves it.
 */
package class TestClock: TestClockProtocol, @unchecked Sendable {
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
        return try! rustCall { uniffi_switchback_bindings_testing_fn_clone_testclock(self.handle, $0) }
    }
    /**
     * Begins at this time, with an uptime of 1,000 seconds.
     */
package convenience init(epochSeconds: Int64) {
    let handle =
        try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_testing_fn_constructor_testclock_new(
        FfiConverterInt64.lower(epochSeconds),uniffiCallStatus
    )
}
    self.init(unsafeFromHandle: handle)
}

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_switchback_bindings_testing_fn_free_testclock(handle, $0) }
    }




    /**
     * Moves both clocks forward by this number of seconds.
     */
package func advance(seconds: Int64)  {try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_testing_fn_method_testclock_advance(
            self.uniffiCloneHandle(),
        FfiConverterInt64.lower(seconds),uniffiCallStatus
    )
}
}

package func now()throws  -> Now  {
    return try  FfiConverterTypeNow_lift(try rustCallWithError(FfiConverterTypeWorldError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_testing_fn_method_testclock_now(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Sets the wall clock, as a person can. The uptime does not change.
     */
package func set(epochSeconds: Int64)  {try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_testing_fn_method_testclock_set(
            self.uniffiCloneHandle(),
        FfiConverterInt64.lower(epochSeconds),uniffiCallStatus
    )
}
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeTestClock: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = TestClock

    package static func lift(_ handle: UInt64) throws -> TestClock {
        return TestClock(unsafeFromHandle: handle)
    }

    package static func lower(_ value: TestClock) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> TestClock {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    package static func write(_ value: TestClock, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}
extension TestClock: Clock {}



#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeTestClock_lift(_ handle: UInt64) throws -> TestClock {
    return try FfiConverterTypeTestClock.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeTestClock_lower(_ value: TestClock) -> UInt64 {
    return FfiConverterTypeTestClock.lower(value)
}




/**
 * The result of one case, with its name.
 */
package struct CaseReport: Equatable, Hashable {
    /**
     * The name of the case, as in `docs/secure-store.md` or `docs/transport.md`.
     */
    package let name: String
    /**
     * The demand as a sentence.
     */
    package let demand: String
    /**
     * The result.
     */
    package let outcome: Outcome

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * The name of the case, as in `docs/secure-store.md` or `docs/transport.md`.
         */name: String,
        /**
         * The demand as a sentence.
         */demand: String,
        /**
         * The result.
         */outcome: Outcome) {
        self.name = name
        self.demand = demand
        self.outcome = outcome
    }




}

#if compiler(>=6)
extension CaseReport: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeCaseReport: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> CaseReport {
        return
            try CaseReport(
                name: FfiConverterString.read(from: &buf),
                demand: FfiConverterString.read(from: &buf),
                outcome: FfiConverterTypeOutcome.read(from: &buf)
        )
    }

    package static func write(_ value: CaseReport, into buf: inout [UInt8]) {
        FfiConverterString.write(value.name, into: &buf)
        FfiConverterString.write(value.demand, into: &buf)
        FfiConverterTypeOutcome.write(value.outcome, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeCaseReport_lift(_ buf: RustBuffer) throws -> CaseReport {
    return try FfiConverterTypeCaseReport.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeCaseReport_lower(_ value: CaseReport) -> RustBuffer {
    return FfiConverterTypeCaseReport.lower(value)
}


/**
 * The current time.
 */
package struct Now: Equatable, Hashable {
    /**
     * Seconds since the epoch.
     */
    package let wall: Int64
    /**
     * Seconds since the machine started.
     */
    package let uptime: Int64

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * Seconds since the epoch.
         */wall: Int64,
        /**
         * Seconds since the machine started.
         */uptime: Int64) {
        self.wall = wall
        self.uptime = uptime
    }




}

#if compiler(>=6)
extension Now: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeNow: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Now {
        return
            try Now(
                wall: FfiConverterInt64.read(from: &buf),
                uptime: FfiConverterInt64.read(from: &buf)
        )
    }

    package static func write(_ value: Now, into buf: inout [UInt8]) {
        FfiConverterInt64.write(value.wall, into: &buf)
        FfiConverterInt64.write(value.uptime, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeNow_lift(_ buf: RustBuffer) throws -> Now {
    return try FfiConverterTypeNow.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeNow_lower(_ value: Now) -> RustBuffer {
    return FfiConverterTypeNow.lower(value)
}


/**
 * A record with one field of each kind.
 */
package struct Sample: Equatable, Hashable {
    /**
     * A number.
     */
    package let number: Int64
    /**
     * A text.
     */
    package let text: String
    /**
     * Texts.
     */
    package let texts: [String]
    /**
     * A text that may be absent.
     */
    package let maybe: String?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    package init(
        /**
         * A number.
         */number: Int64,
        /**
         * A text.
         */text: String,
        /**
         * Texts.
         */texts: [String],
        /**
         * A text that may be absent.
         */maybe: String?) {
        self.number = number
        self.text = text
        self.texts = texts
        self.maybe = maybe
    }




}

#if compiler(>=6)
extension Sample: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeSample: FfiConverterRustBuffer {
    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Sample {
        return
            try Sample(
                number: FfiConverterInt64.read(from: &buf),
                text: FfiConverterString.read(from: &buf),
                texts: FfiConverterSequenceString.read(from: &buf),
                maybe: FfiConverterOptionString.read(from: &buf)
        )
    }

    package static func write(_ value: Sample, into buf: inout [UInt8]) {
        FfiConverterInt64.write(value.number, into: &buf)
        FfiConverterString.write(value.text, into: &buf)
        FfiConverterSequenceString.write(value.texts, into: &buf)
        FfiConverterOptionString.write(value.maybe, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeSample_lift(_ buf: RustBuffer) throws -> Sample {
    return try FfiConverterTypeSample.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeSample_lower(_ value: Sample) -> RustBuffer {
    return FfiConverterTypeSample.lower(value)
}


/**
 * The result of a case.
 */

package enum Outcome: Equatable, Hashable {

    /**
     * The demand was met.
     */
    case passed
    /**
     * The suite could not test it here.
     */
    case leftOut(
        /**
         * Why.
         */why: String
    )
    /**
     * The demand was not met.
     */
    case failed(
        /**
         * What was seen instead.
         */how: String
    )





}

#if compiler(>=6)
extension Outcome: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeOutcome: FfiConverterRustBuffer {
    typealias SwiftType = Outcome

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Outcome {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .passed

        case 2: return .leftOut(why: try FfiConverterString.read(from: &buf)
        )

        case 3: return .failed(how: try FfiConverterString.read(from: &buf)
        )

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    package static func write(_ value: Outcome, into buf: inout [UInt8]) {
        switch value {


        case .passed:
            writeInt(&buf, Int32(1))


        case let .leftOut(why):
            writeInt(&buf, Int32(2))
            FfiConverterString.write(why, into: &buf)


        case let .failed(how):
            writeInt(&buf, Int32(3))
            FfiConverterString.write(how, into: &buf)

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeOutcome_lift(_ buf: RustBuffer) throws -> Outcome {
    return try FfiConverterTypeOutcome.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeOutcome_lower(_ value: Outcome) -> RustBuffer {
    return FfiConverterTypeOutcome.lower(value)
}



/**
 * The test's clock or random source failed.
 */
package
enum WorldError: Swift.Error, Equatable, Hashable, Foundation.LocalizedError {



    /**
     * It failed.
     */
    case failed(
        /**
         * Why.
         */reason: String
    )






    package var errorDescription: String? {
        String(reflecting: self)
    }

}

#if compiler(>=6)
extension WorldError: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package struct FfiConverterTypeWorldError: FfiConverterRustBuffer {
    typealias SwiftType = WorldError

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> WorldError {
        let variant: Int32 = try readInt(&buf)
        switch variant {




        case 1: return .failed(
            reason: try FfiConverterString.read(from: &buf)
            )

         default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    package static func write(_ value: WorldError, into buf: inout [UInt8]) {
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
package func FfiConverterTypeWorldError_lift(_ buf: RustBuffer) throws -> WorldError {
    return try FfiConverterTypeWorldError.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
package func FfiConverterTypeWorldError_lower(_ value: WorldError) -> RustBuffer {
    return FfiConverterTypeWorldError.lower(value)
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
fileprivate struct FfiConverterOptionTypeClock: FfiConverterRustBuffer {
    typealias SwiftType = Clock?

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeClock.write(value, into: &buf)
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeClock.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeEntropy: FfiConverterRustBuffer {
    typealias SwiftType = Entropy?

    package static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeEntropy.write(value, into: &buf)
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeEntropy.read(from: &buf)
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
fileprivate struct FfiConverterSequenceTypeCaseReport: FfiConverterRustBuffer {
    typealias SwiftType = [CaseReport]

    package static func write(_ value: [CaseReport], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterTypeCaseReport.write(item, into: &buf)
        }
    }

    package static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [CaseReport] {
        let len: Int32 = try readInt(&buf)
        var seq = [CaseReport]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterTypeCaseReport.read(from: &buf))
        }
        return seq
    }
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
    uniffiEnsureSwitchbackBindingsTestingInitialized()
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
 * Does nothing.
 */
package func nothing()  {try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_testing_fn_func_nothing(uniffiCallStatus
    )
}
}
/**
 * Panics.
 */
package func panics()throws   {try rustCallWithError(FfiConverterTypeSwitchbackError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_testing_fn_func_panics(uniffiCallStatus
    )
}
}
/**
 * Panics in a task of the runtime.
 */
package func panicsLater()async throws   {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_switchback_bindings_testing_fn_func_panics_later(
                )
            },
            pollFunc: ffi_switchback_bindings_testing_rust_future_poll_void,
            completeFunc: ffi_switchback_bindings_testing_rust_future_complete_void,
            cancelFunc: ffi_switchback_bindings_testing_rust_future_cancel_void,
            freeFunc: ffi_switchback_bindings_testing_rust_future_free_void,
            liftFunc: { $0 },
            errorHandler: FfiConverterTypeSwitchbackError_lift
        )
}
/**
 * Returns the record.
 */
package func record(given: Sample) -> Sample  {
    return try!  FfiConverterTypeSample_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_testing_fn_func_record(
        FfiConverterTypeSample_lower(given),uniffiCallStatus
    )
})
}
/**
 * Returns the text.
 */
package func text(given: String) -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_testing_fn_func_text(
        FfiConverterString.lower(given),uniffiCallStatus
    )
})
}
/**
 * A `Client` with the test's clock and random source. A source that is absent is the system's.
 */
package func clientForTests(config: Config, platform: Platform, clock: Clock? = nil, entropy: Entropy? = nil)throws  -> Client  {
    return try  FfiConverterTypeClient_lift(try rustCallWithError(FfiConverterTypeSwitchbackError_lift) {
        uniffiCallStatus in
    uniffi_switchback_bindings_testing_fn_func_client_for_tests(
        FfiConverterTypeConfig_lower(config),
        FfiConverterTypePlatform_lower(platform),
        FfiConverterOptionTypeClock.lower(clock),
        FfiConverterOptionTypeEntropy.lower(entropy),uniffiCallStatus
    )
})
}
/**
 * Tests whether a store does what a `SecureStore` must do. It blocks, from less than a second in
 * memory to minutes in a slow keystore: call it from a thread that may block. It writes under keys
 * that begin with `conformance/`, and removes them at its end.
 */
package func secureStoreConformance(store: StoreUnderTest) -> [CaseReport]  {
    return try!  FfiConverterSequenceTypeCaseReport.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_testing_fn_func_secure_store_conformance(
        FfiConverterTypeStoreUnderTest_lower(store),uniffiCallStatus
    )
})
}
/**
 * The bytes that Rust holds at this moment in this process.
 */
package func bytesHeld() -> Int64  {
    return try!  FfiConverterInt64.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_testing_fn_func_bytes_held(uniffiCallStatus
    )
})
}
/**
 * Tests whether a transport does what an `HttpTransport` must do, against a server that it starts
 * on 127.0.0.1. It blocks for some seconds: call it from a thread that may block, and that the
 * transport does not need for its answers.
 */
package func httpTransportConformance(transport: HttpTransport) -> [CaseReport]  {
    return try!  FfiConverterSequenceTypeCaseReport.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_switchback_bindings_testing_fn_func_http_transport_conformance(
        FfiConverterTypeHttpTransport_lower(transport),uniffiCallStatus
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
    let scaffolding_contract_version = ffi_switchback_bindings_testing_uniffi_contract_version()
    if bindings_contract_version != scaffolding_contract_version {
        return InitializationResult.contractVersionMismatch
    }

    uniffiCallbackInitClock()
    uniffiCallbackInitEntropy()
    uniffiCallbackInitStoreUnderTest()
    uniffiEnsureSwitchbackBindingsInitialized()
    return InitializationResult.ok
}()

// Make the ensure init function public so that other modules which have external type references to
// our types can call it.
package func uniffiEnsureSwitchbackBindingsTestingInitialized() {
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
