// Written by `cargo xtask bindings` from what is in bindings/: change that.

@file:Suppress("NAME_SHADOWING")

package app.switchback.internal

// Common helper code.
//
// Ideally this would live in a separate .kt file where it can be unittested etc
// in isolation, and perhaps even published as a re-useable package.
//
// However, it's important that the details of how this helper code works (e.g. the
// way that different builtin types are passed across the FFI) exactly match what's
// expected by the Rust code on the other side of the interface. In practice right
// now that means coming from the exact some version of `uniffi` that was used to
// compile the Rust component. The easiest way to ensure this is to bundle the Kotlin
// helpers directly inline like we're doing here.

import com.sun.jna.Library
import com.sun.jna.IntegerType
import com.sun.jna.Native
import com.sun.jna.Pointer
import com.sun.jna.Structure
import com.sun.jna.Callback
import com.sun.jna.ptr.*
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.CharBuffer
import java.nio.charset.CodingErrorAction
import java.util.concurrent.atomic.AtomicLong
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.coroutines.resume
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.GlobalScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine

// This is a helper for safely working with byte buffers returned from the Rust code.
// A rust-owned buffer is represented by its capacity, its current length, and a
// pointer to the underlying data.

/**
 * @suppress
 */
@Structure.FieldOrder("capacity", "len", "data")
internal open class RustBuffer : Structure() {
    // Note: `capacity` and `len` are actually `ULong` values, but JVM only supports signed values.
    // When dealing with these fields, make sure to call `toULong()`.
    @JvmField var capacity: Long = 0
    @JvmField var len: Long = 0
    @JvmField var data: Pointer? = null

    class ByValue: RustBuffer(), Structure.ByValue
    class ByReference: RustBuffer(), Structure.ByReference

   internal fun setValue(other: RustBuffer) {
        capacity = other.capacity
        len = other.len
        data = other.data
    }

    companion object {
        internal fun alloc(size: ULong = 0UL) = uniffiRustCall() { status ->
            // Note: need to convert the size to a `Long` value to make this work with JVM.
            UniffiLib.ffi_switchback_bindings_rustbuffer_alloc(size.toLong(), status)
        }.also {
            if(it.data == null) {
               throw RuntimeException("RustBuffer.alloc() returned null data pointer (size=${size})")
           }
        }

        internal fun create(capacity: ULong, len: ULong, data: Pointer?): RustBuffer.ByValue {
            var buf = RustBuffer.ByValue()
            buf.capacity = capacity.toLong()
            buf.len = len.toLong()
            buf.data = data
            return buf
        }

        internal fun free(buf: RustBuffer.ByValue) = uniffiRustCall() { status ->
            UniffiLib.ffi_switchback_bindings_rustbuffer_free(buf, status)
        }
    }

    @Suppress("TooGenericExceptionThrown")
    fun asByteBuffer() =
        this.data?.getByteBuffer(0, this.len)?.also {
            it.order(ByteOrder.BIG_ENDIAN)
        }
}

// This is a helper for safely passing byte references into the rust code.
// It's not actually used at the moment, because there aren't many things that you
// can take a direct pointer to in the JVM, and if we're going to copy something
// then we might as well copy it into a `RustBuffer`. But it's here for API
// completeness.

@Structure.FieldOrder("len", "data")
internal open class ForeignBytes : Structure() {
    @JvmField var len: Int = 0
    @JvmField var data: Pointer? = null

    class ByValue : ForeignBytes(), Structure.ByValue
}

// Converter for `&[u8]` / `[ByRef] bytes` arguments.
//
// Only `lower` is valid — zero-copy byte buffers only flow foreign -> Rust,
// and only in argument position. `lift`, `read`, `write`, and
// `allocationSize` have no sound implementation here and all panic at
// runtime. The `FfiConverter` interface is implemented so that the
// compiler enforces the full method set (rather than relying on eyeball).
//
// The provided `ByteBuffer` MUST be direct — only direct buffers have a
// stable native address that JNA can expose via `getDirectBufferPointer`.
// The returned `ForeignBytes.ByValue` is only valid for the duration of
// the FFI call; the Rust side treats it as a borrow.
internal object FfiConverterByRefBytes : FfiConverter<java.nio.ByteBuffer, ForeignBytes.ByValue> {
    override fun lower(value: java.nio.ByteBuffer): ForeignBytes.ByValue {
        require(value.isDirect) { "UniFFI zero-copy &[u8] requires a direct ByteBuffer. Use ByteBuffer.allocateDirect()." }
        val remaining = value.remaining()
        val fb = ForeignBytes.ByValue()
        fb.len = remaining
        // Zero-length direct buffers: skip getDirectBufferPointer (platform-variable behavior)
        // and pass null. The Rust side treats (null, 0) as &[].
        fb.data = if (remaining == 0) null else com.sun.jna.Native.getDirectBufferPointer(value)
        return fb
    }

    override fun lift(value: ForeignBytes.ByValue): java.nio.ByteBuffer =
        error("ByRef bytes cannot be lifted: zero-copy &[u8] only flows foreign->Rust")

    override fun read(buf: java.nio.ByteBuffer): java.nio.ByteBuffer =
        error("ByRef bytes cannot be read from a buffer: zero-copy &[u8] is only supported in argument position, not nested in records/options/etc.")

    override fun write(value: java.nio.ByteBuffer, buf: java.nio.ByteBuffer): Unit =
        error("ByRef bytes cannot be written to a buffer: zero-copy &[u8] is only supported in argument position, not nested in records/options/etc.")

    override fun allocationSize(value: java.nio.ByteBuffer): ULong =
        error("ByRef bytes have no RustBuffer allocation size: zero-copy &[u8] is only supported in argument position, not nested in records/options/etc.")
}
/**
 * The FfiConverter interface handles converter types to and from the FFI
 *
 * All implementing objects should be public to support external types.  When a
 * type is external we need to import it's FfiConverter.
 *
 * @suppress
 */
internal interface FfiConverter<KotlinType, FfiType> {
    // Convert an FFI type to a Kotlin type
    fun lift(value: FfiType): KotlinType

    // Convert an Kotlin type to an FFI type
    fun lower(value: KotlinType): FfiType

    // Read a Kotlin type from a `ByteBuffer`
    fun read(buf: ByteBuffer): KotlinType

    // Calculate bytes to allocate when creating a `RustBuffer`
    //
    // This must return at least as many bytes as the write() function will
    // write. It can return more bytes than needed, for example when writing
    // Strings we can't know the exact bytes needed until we the UTF-8
    // encoding, so we pessimistically allocate the largest size possible (3
    // bytes per codepoint).  Allocating extra bytes is not really a big deal
    // because the `RustBuffer` is short-lived.
    fun allocationSize(value: KotlinType): ULong

    // Write a Kotlin type to a `ByteBuffer`
    fun write(value: KotlinType, buf: ByteBuffer)

    // Lower a value into a `RustBuffer`
    //
    // This method lowers a value into a `RustBuffer` rather than the normal
    // FfiType.  It's used by the callback interface code.  Callback interface
    // returns are always serialized into a `RustBuffer` regardless of their
    // normal FFI type.
    fun lowerIntoRustBuffer(value: KotlinType): RustBuffer.ByValue {
        val rbuf = RustBuffer.alloc(allocationSize(value))
        try {
            val bbuf = rbuf.data!!.getByteBuffer(0, rbuf.capacity).also {
                it.order(ByteOrder.BIG_ENDIAN)
            }
            write(value, bbuf)
            rbuf.writeField("len", bbuf.position().toLong())
            return rbuf
        } catch (e: Throwable) {
            RustBuffer.free(rbuf)
            throw e
        }
    }

    // Lift a value from a `RustBuffer`.
    //
    // This here mostly because of the symmetry with `lowerIntoRustBuffer()`.
    // It's currently only used by the `FfiConverterRustBuffer` class below.
    fun liftFromRustBuffer(rbuf: RustBuffer.ByValue): KotlinType {
        val byteBuf = rbuf.asByteBuffer()!!
        try {
           val item = read(byteBuf)
           if (byteBuf.hasRemaining()) {
               throw RuntimeException("junk remaining in buffer after lifting, something is very wrong!!")
           }
           return item
        } finally {
            RustBuffer.free(rbuf)
        }
    }
}

/**
 * FfiConverter that uses `RustBuffer` as the FfiType
 *
 * @suppress
 */
internal interface FfiConverterRustBuffer<KotlinType>: FfiConverter<KotlinType, RustBuffer.ByValue> {
    override fun lift(value: RustBuffer.ByValue) = liftFromRustBuffer(value)
    override fun lower(value: KotlinType) = lowerIntoRustBuffer(value)
}
// A handful of classes and functions to support the generated data structures.
// This would be a good candidate for isolating in its own ffi-support lib.

internal const val UNIFFI_CALL_SUCCESS = 0.toByte()
internal const val UNIFFI_CALL_ERROR = 1.toByte()
internal const val UNIFFI_CALL_UNEXPECTED_ERROR = 2.toByte()

@Structure.FieldOrder("code", "error_buf")
internal open class UniffiRustCallStatus : Structure() {
    @JvmField var code: Byte = 0
    @JvmField var error_buf: RustBuffer.ByValue = RustBuffer.ByValue()

    class ByValue: UniffiRustCallStatus(), Structure.ByValue

    fun isSuccess(): Boolean {
        return code == UNIFFI_CALL_SUCCESS
    }

    fun isError(): Boolean {
        return code == UNIFFI_CALL_ERROR
    }

    fun isPanic(): Boolean {
        return code == UNIFFI_CALL_UNEXPECTED_ERROR
    }

    companion object {
        fun create(code: Byte, errorBuf: RustBuffer.ByValue): UniffiRustCallStatus.ByValue {
            val callStatus = UniffiRustCallStatus.ByValue()
            callStatus.code = code
            callStatus.error_buf = errorBuf
            return callStatus
        }
    }
}

internal class InternalException(message: String) : kotlin.Exception(message)

/**
 * Each top-level error class has a companion object that can lift the error from the call status's rust buffer
 *
 * @suppress
 */
internal interface UniffiRustCallStatusErrorHandler<E> {
    fun lift(error_buf: RustBuffer.ByValue): E;
}

// Helpers for calling Rust
// In practice we usually need to be synchronized to call this safely, so it doesn't
// synchronize itself

// Call a rust function that returns a Result<>.  Pass in the Error class companion that corresponds to the Err
private inline fun <U, E: kotlin.Exception> uniffiRustCallWithError(errorHandler: UniffiRustCallStatusErrorHandler<E>, callback: (UniffiRustCallStatus) -> U): U {
    var status = UniffiRustCallStatus()
    val return_value = callback(status)
    uniffiCheckCallStatus(errorHandler, status)
    return return_value
}

// Check UniffiRustCallStatus and throw an error if the call wasn't successful
private fun<E: kotlin.Exception> uniffiCheckCallStatus(errorHandler: UniffiRustCallStatusErrorHandler<E>, status: UniffiRustCallStatus) {
    if (status.isSuccess()) {
        return
    } else if (status.isError()) {
        throw errorHandler.lift(status.error_buf)
    } else if (status.isPanic()) {
        // when the rust code sees a panic, it tries to construct a rustbuffer
        // with the message.  but if that code panics, then it just sends back
        // an empty buffer.
        if (status.error_buf.len > 0) {
            throw InternalException(FfiConverterString.lift(status.error_buf))
        } else {
            throw InternalException("Rust panic")
        }
    } else {
        throw InternalException("Unknown rust call status: $status.code")
    }
}

/**
 * UniffiRustCallStatusErrorHandler implementation for times when we don't expect a CALL_ERROR
 *
 * @suppress
 */
internal object UniffiNullRustCallStatusErrorHandler: UniffiRustCallStatusErrorHandler<InternalException> {
    override fun lift(error_buf: RustBuffer.ByValue): InternalException {
        RustBuffer.free(error_buf)
        return InternalException("Unexpected CALL_ERROR")
    }
}

// Call a rust function that returns a plain value
private inline fun <U> uniffiRustCall(callback: (UniffiRustCallStatus) -> U): U {
    return uniffiRustCallWithError(UniffiNullRustCallStatusErrorHandler, callback)
}

internal inline fun<T> uniffiTraitInterfaceCall(
    callStatus: UniffiRustCallStatus,
    makeCall: () -> T,
    writeReturn: (T) -> Unit,
) {
    try {
        writeReturn(makeCall())
    } catch(e: Throwable) {
        val err = e.javaClass.name
        callStatus.code = UNIFFI_CALL_UNEXPECTED_ERROR
        callStatus.error_buf = FfiConverterString.lower(err)
    }
}

internal inline fun<T, reified E: Throwable> uniffiTraitInterfaceCallWithError(
    callStatus: UniffiRustCallStatus,
    makeCall: () -> T,
    writeReturn: (T) -> Unit,
    lowerError: (E) -> RustBuffer.ByValue
) {
    try {
        writeReturn(makeCall())
    } catch(e: Throwable) {
        if (e is E) {
            callStatus.code = UNIFFI_CALL_ERROR
            callStatus.error_buf = lowerError(e)
        } else {
            val err = e.javaClass.name
            callStatus.code = UNIFFI_CALL_UNEXPECTED_ERROR
            callStatus.error_buf = FfiConverterString.lower(err)
        }
    }
}
// Initial value and increment amount for handles.
// These ensure that Kotlin-generated handles always have the lowest bit set
private const val UNIFFI_HANDLEMAP_INITIAL = 1.toLong()
private const val UNIFFI_HANDLEMAP_DELTA = 2.toLong()

// Map handles to objects
//
// This is used pass an opaque 64-bit handle representing a foreign object to the Rust code.
internal class UniffiHandleMap<T: Any> {
    private val map = ConcurrentHashMap<Long, T>()
    // Start
    private val counter = java.util.concurrent.atomic.AtomicLong(UNIFFI_HANDLEMAP_INITIAL)

    val size: Int
        get() = map.size

    // Insert a new object into the handle map and get a handle for it
    fun insert(obj: T): Long {
        val handle = counter.getAndAdd(UNIFFI_HANDLEMAP_DELTA)
        map.put(handle, obj)
        return handle
    }

    // Clone a handle, creating a new one
    fun clone(handle: Long): Long {
        val obj = map.get(handle) ?: throw InternalException("UniffiHandleMap.clone: Invalid handle")
        return insert(obj)
    }

    // Get an object from the handle map
    fun get(handle: Long): T {
        return map.get(handle) ?: throw InternalException("UniffiHandleMap.get: Invalid handle")
    }

    // Remove an entry from the handlemap and get the Kotlin object back
    fun remove(handle: Long): T {
        return map.remove(handle) ?: throw InternalException("UniffiHandleMap: Invalid handle")
    }
}

// Contains loading, initialization code,
// and the FFI Function declarations in a com.sun.jna.Library.
internal val uniffiLibraryName: String by lazy { findLibraryName("switchback") }

@Synchronized
private fun findLibraryName(componentName: String): String {
    val libOverride = System.getProperty("uniffi.component.$componentName.libraryOverride")
    if (libOverride != null) {
        return libOverride
    }
    return "switchback_bindings"
}

// Define FFI callback types
internal interface UniffiRustFutureContinuationCallback : com.sun.jna.Callback {
    fun callback(`data`: Long,`pollResult`: Byte,)
}
internal interface UniffiForeignFutureDroppedCallback : com.sun.jna.Callback {
    fun callback(`handle`: Long,)
}
internal interface UniffiCallbackInterfaceFree : com.sun.jna.Callback {
    fun callback(`handle`: Long,)
}
internal interface UniffiCallbackInterfaceClone : com.sun.jna.Callback {
    fun callback(`handle`: Long,)
    : Long
}
@Structure.FieldOrder("handle", "free")
internal open class UniffiForeignFutureDroppedCallbackStruct(
    @JvmField internal var `handle`: Long = 0.toLong(),
    @JvmField internal var `free`: UniffiForeignFutureDroppedCallback? = null,
) : Structure() {
    class UniffiByValue(
        `handle`: Long = 0.toLong(),
        `free`: UniffiForeignFutureDroppedCallback? = null,
    ): UniffiForeignFutureDroppedCallbackStruct(`handle`,`free`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureDroppedCallbackStruct) {
        `handle` = other.`handle`
        `free` = other.`free`
    }

}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultU8(
    @JvmField internal var `returnValue`: Byte = 0.toByte(),
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: Byte = 0.toByte(),
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultU8(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultU8) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteU8 : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultU8.UniffiByValue,)
}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultI8(
    @JvmField internal var `returnValue`: Byte = 0.toByte(),
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: Byte = 0.toByte(),
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultI8(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultI8) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteI8 : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultI8.UniffiByValue,)
}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultU16(
    @JvmField internal var `returnValue`: Short = 0.toShort(),
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: Short = 0.toShort(),
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultU16(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultU16) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteU16 : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultU16.UniffiByValue,)
}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultI16(
    @JvmField internal var `returnValue`: Short = 0.toShort(),
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: Short = 0.toShort(),
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultI16(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultI16) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteI16 : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultI16.UniffiByValue,)
}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultU32(
    @JvmField internal var `returnValue`: Int = 0,
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: Int = 0,
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultU32(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultU32) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteU32 : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultU32.UniffiByValue,)
}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultI32(
    @JvmField internal var `returnValue`: Int = 0,
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: Int = 0,
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultI32(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultI32) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteI32 : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultI32.UniffiByValue,)
}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultU64(
    @JvmField internal var `returnValue`: Long = 0.toLong(),
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: Long = 0.toLong(),
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultU64(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultU64) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteU64 : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultU64.UniffiByValue,)
}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultI64(
    @JvmField internal var `returnValue`: Long = 0.toLong(),
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: Long = 0.toLong(),
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultI64(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultI64) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteI64 : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultI64.UniffiByValue,)
}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultF32(
    @JvmField internal var `returnValue`: Float = 0.0f,
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: Float = 0.0f,
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultF32(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultF32) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteF32 : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultF32.UniffiByValue,)
}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultF64(
    @JvmField internal var `returnValue`: Double = 0.0,
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: Double = 0.0,
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultF64(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultF64) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteF64 : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultF64.UniffiByValue,)
}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultRustBuffer(
    @JvmField internal var `returnValue`: RustBuffer.ByValue = RustBuffer.ByValue(),
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: RustBuffer.ByValue = RustBuffer.ByValue(),
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultRustBuffer(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultRustBuffer) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteRustBuffer : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultRustBuffer.UniffiByValue,)
}
@Structure.FieldOrder("callStatus")
internal open class UniffiForeignFutureResultVoid(
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultVoid(`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultVoid) {
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteVoid : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultVoid.UniffiByValue,)
}
internal interface UniffiCallbackInterfaceHttpTransportMethod0 : com.sun.jna.Callback {
    fun callback(`uniffiHandle`: Long,`request`: RustBuffer.ByValue,`completion`: Long,`uniffiOutReturn`: Pointer,uniffiCallStatus: UniffiRustCallStatus,)
}
internal interface UniffiCallbackInterfaceLogSinkMethod0 : com.sun.jna.Callback {
    fun callback(`uniffiHandle`: Long,`line`: RustBuffer.ByValue,`uniffiOutReturn`: Pointer,uniffiCallStatus: UniffiRustCallStatus,)
}
internal interface UniffiCallbackInterfaceBackgroundTasksMethod0 : com.sun.jna.Callback {
    fun callback(`uniffiHandle`: Long,`expiry`: Long,`uniffiOutReturn`: LongByReference,uniffiCallStatus: UniffiRustCallStatus,)
}
internal interface UniffiCallbackInterfaceBackgroundTasksMethod1 : com.sun.jna.Callback {
    fun callback(`uniffiHandle`: Long,`task`: Long,`uniffiOutReturn`: Pointer,uniffiCallStatus: UniffiRustCallStatus,)
}
internal interface UniffiCallbackInterfaceProcessLockMethod0 : com.sun.jna.Callback {
    fun callback(`uniffiHandle`: Long,`uniffiOutReturn`: Pointer,uniffiCallStatus: UniffiRustCallStatus,)
}
internal interface UniffiCallbackInterfaceProcessLockMethod1 : com.sun.jna.Callback {
    fun callback(`uniffiHandle`: Long,`uniffiOutReturn`: Pointer,uniffiCallStatus: UniffiRustCallStatus,)
}
internal interface UniffiCallbackInterfaceProcessLockMethod2 : com.sun.jna.Callback {
    fun callback(`uniffiHandle`: Long,`owner`: RustBuffer.ByValue,`uniffiOutReturn`: Pointer,uniffiCallStatus: UniffiRustCallStatus,)
}
internal interface UniffiCallbackInterfaceProcessLockMethod3 : com.sun.jna.Callback {
    fun callback(`uniffiHandle`: Long,`owner`: RustBuffer.ByValue,`uniffiOutReturn`: Pointer,uniffiCallStatus: UniffiRustCallStatus,)
}
internal interface UniffiCallbackInterfaceProcessLockMethod4 : com.sun.jna.Callback {
    fun callback(`uniffiHandle`: Long,`owner`: RustBuffer.ByValue,`uniffiOutReturn`: ByteByReference,uniffiCallStatus: UniffiRustCallStatus,)
}
internal interface UniffiCallbackInterfaceSecureStoreMethod0 : com.sun.jna.Callback {
    fun callback(`uniffiHandle`: Long,`key`: RustBuffer.ByValue,`uniffiOutReturn`: RustBuffer,uniffiCallStatus: UniffiRustCallStatus,)
}
internal interface UniffiCallbackInterfaceSecureStoreMethod1 : com.sun.jna.Callback {
    fun callback(`uniffiHandle`: Long,`key`: RustBuffer.ByValue,`value`: RustBuffer.ByValue,`uniffiOutReturn`: Pointer,uniffiCallStatus: UniffiRustCallStatus,)
}
internal interface UniffiCallbackInterfaceSecureStoreMethod2 : com.sun.jna.Callback {
    fun callback(`uniffiHandle`: Long,`key`: RustBuffer.ByValue,`uniffiOutReturn`: Pointer,uniffiCallStatus: UniffiRustCallStatus,)
}
internal interface UniffiCallbackInterfaceSecureStoreMethod3 : com.sun.jna.Callback {
    fun callback(`uniffiHandle`: Long,`prefix`: RustBuffer.ByValue,`uniffiOutReturn`: RustBuffer,uniffiCallStatus: UniffiRustCallStatus,)
}
@Structure.FieldOrder("uniffiFree", "uniffiClone", "start")
internal open class UniffiVTableCallbackInterfaceHttpTransport(
    @JvmField internal var `uniffiFree`: UniffiCallbackInterfaceFree? = null,
    @JvmField internal var `uniffiClone`: UniffiCallbackInterfaceClone? = null,
    @JvmField internal var `start`: UniffiCallbackInterfaceHttpTransportMethod0? = null,
) : Structure() {
    class UniffiByValue(
        `uniffiFree`: UniffiCallbackInterfaceFree? = null,
        `uniffiClone`: UniffiCallbackInterfaceClone? = null,
        `start`: UniffiCallbackInterfaceHttpTransportMethod0? = null,
    ): UniffiVTableCallbackInterfaceHttpTransport(`uniffiFree`,`uniffiClone`,`start`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiVTableCallbackInterfaceHttpTransport) {
        `uniffiFree` = other.`uniffiFree`
        `uniffiClone` = other.`uniffiClone`
        `start` = other.`start`
    }

}
@Structure.FieldOrder("uniffiFree", "uniffiClone", "log")
internal open class UniffiVTableCallbackInterfaceLogSink(
    @JvmField internal var `uniffiFree`: UniffiCallbackInterfaceFree? = null,
    @JvmField internal var `uniffiClone`: UniffiCallbackInterfaceClone? = null,
    @JvmField internal var `log`: UniffiCallbackInterfaceLogSinkMethod0? = null,
) : Structure() {
    class UniffiByValue(
        `uniffiFree`: UniffiCallbackInterfaceFree? = null,
        `uniffiClone`: UniffiCallbackInterfaceClone? = null,
        `log`: UniffiCallbackInterfaceLogSinkMethod0? = null,
    ): UniffiVTableCallbackInterfaceLogSink(`uniffiFree`,`uniffiClone`,`log`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiVTableCallbackInterfaceLogSink) {
        `uniffiFree` = other.`uniffiFree`
        `uniffiClone` = other.`uniffiClone`
        `log` = other.`log`
    }

}
@Structure.FieldOrder("uniffiFree", "uniffiClone", "begin", "end")
internal open class UniffiVTableCallbackInterfaceBackgroundTasks(
    @JvmField internal var `uniffiFree`: UniffiCallbackInterfaceFree? = null,
    @JvmField internal var `uniffiClone`: UniffiCallbackInterfaceClone? = null,
    @JvmField internal var `begin`: UniffiCallbackInterfaceBackgroundTasksMethod0? = null,
    @JvmField internal var `end`: UniffiCallbackInterfaceBackgroundTasksMethod1? = null,
) : Structure() {
    class UniffiByValue(
        `uniffiFree`: UniffiCallbackInterfaceFree? = null,
        `uniffiClone`: UniffiCallbackInterfaceClone? = null,
        `begin`: UniffiCallbackInterfaceBackgroundTasksMethod0? = null,
        `end`: UniffiCallbackInterfaceBackgroundTasksMethod1? = null,
    ): UniffiVTableCallbackInterfaceBackgroundTasks(`uniffiFree`,`uniffiClone`,`begin`,`end`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiVTableCallbackInterfaceBackgroundTasks) {
        `uniffiFree` = other.`uniffiFree`
        `uniffiClone` = other.`uniffiClone`
        `begin` = other.`begin`
        `end` = other.`end`
    }

}
@Structure.FieldOrder("uniffiFree", "uniffiClone", "enter", "leave", "announce", "withdraw", "isGone")
internal open class UniffiVTableCallbackInterfaceProcessLock(
    @JvmField internal var `uniffiFree`: UniffiCallbackInterfaceFree? = null,
    @JvmField internal var `uniffiClone`: UniffiCallbackInterfaceClone? = null,
    @JvmField internal var `enter`: UniffiCallbackInterfaceProcessLockMethod0? = null,
    @JvmField internal var `leave`: UniffiCallbackInterfaceProcessLockMethod1? = null,
    @JvmField internal var `announce`: UniffiCallbackInterfaceProcessLockMethod2? = null,
    @JvmField internal var `withdraw`: UniffiCallbackInterfaceProcessLockMethod3? = null,
    @JvmField internal var `isGone`: UniffiCallbackInterfaceProcessLockMethod4? = null,
) : Structure() {
    class UniffiByValue(
        `uniffiFree`: UniffiCallbackInterfaceFree? = null,
        `uniffiClone`: UniffiCallbackInterfaceClone? = null,
        `enter`: UniffiCallbackInterfaceProcessLockMethod0? = null,
        `leave`: UniffiCallbackInterfaceProcessLockMethod1? = null,
        `announce`: UniffiCallbackInterfaceProcessLockMethod2? = null,
        `withdraw`: UniffiCallbackInterfaceProcessLockMethod3? = null,
        `isGone`: UniffiCallbackInterfaceProcessLockMethod4? = null,
    ): UniffiVTableCallbackInterfaceProcessLock(`uniffiFree`,`uniffiClone`,`enter`,`leave`,`announce`,`withdraw`,`isGone`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiVTableCallbackInterfaceProcessLock) {
        `uniffiFree` = other.`uniffiFree`
        `uniffiClone` = other.`uniffiClone`
        `enter` = other.`enter`
        `leave` = other.`leave`
        `announce` = other.`announce`
        `withdraw` = other.`withdraw`
        `isGone` = other.`isGone`
    }

}
@Structure.FieldOrder("uniffiFree", "uniffiClone", "get", "put", "delete", "list")
internal open class UniffiVTableCallbackInterfaceSecureStore(
    @JvmField internal var `uniffiFree`: UniffiCallbackInterfaceFree? = null,
    @JvmField internal var `uniffiClone`: UniffiCallbackInterfaceClone? = null,
    @JvmField internal var `get`: UniffiCallbackInterfaceSecureStoreMethod0? = null,
    @JvmField internal var `put`: UniffiCallbackInterfaceSecureStoreMethod1? = null,
    @JvmField internal var `delete`: UniffiCallbackInterfaceSecureStoreMethod2? = null,
    @JvmField internal var `list`: UniffiCallbackInterfaceSecureStoreMethod3? = null,
) : Structure() {
    class UniffiByValue(
        `uniffiFree`: UniffiCallbackInterfaceFree? = null,
        `uniffiClone`: UniffiCallbackInterfaceClone? = null,
        `get`: UniffiCallbackInterfaceSecureStoreMethod0? = null,
        `put`: UniffiCallbackInterfaceSecureStoreMethod1? = null,
        `delete`: UniffiCallbackInterfaceSecureStoreMethod2? = null,
        `list`: UniffiCallbackInterfaceSecureStoreMethod3? = null,
    ): UniffiVTableCallbackInterfaceSecureStore(`uniffiFree`,`uniffiClone`,`get`,`put`,`delete`,`list`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiVTableCallbackInterfaceSecureStore) {
        `uniffiFree` = other.`uniffiFree`
        `uniffiClone` = other.`uniffiClone`
        `get` = other.`get`
        `put` = other.`put`
        `delete` = other.`delete`
        `list` = other.`list`
    }

}

// A JNA Library to expose the extern-C FFI definitions.
// This is an implementation detail which will be called internally by the public API.

// For large crates we prevent `MethodTooLargeException` (see #2340)
// N.B. the name of the extension is very misleading, since it is
// rather `InterfaceTooLargeException`, caused by too many methods
// in the interface for large crates.
//
// By splitting the otherwise huge interface into two parts
// * UniffiLib (this)
// * IntegrityCheckingUniffiLib
// And all checksum methods are put into `IntegrityCheckingUniffiLib`
// we allow for ~2x as many methods in the UniffiLib interface.
//
// Note: above all written when we used JNA's `loadIndirect` etc.
// We now use JNA's "direct mapping" - unclear if same considerations apply exactly.
internal object IntegrityCheckingUniffiLib {
    init {
        Native.register(IntegrityCheckingUniffiLib::class.java, uniffiLibraryName)
        uniffiCheckContractApiVersion(this)
    }

    internal fun ensureInitialized() = Unit
    external fun ffi_switchback_bindings_uniffi_contract_version(
    ): Int


}

internal object UniffiLib {

    // The Cleaner for the whole library
    internal val CLEANER: UniffiCleaner by lazy {
        UniffiCleaner.create()
    }


    init {
        Native.register(UniffiLib::class.java, uniffiLibraryName)
        if (uniffi_switchback_bindings_fn_func_fingerprint(UniffiRustCallStatus()) != 358180005250293146L) {
            throw RuntimeException("the native library of Switchback is another than the one that this Kotlin was made for: use both from the same release")
        }
        uniffiCallbackInterfaceBackgroundTasks.register(this)
        uniffiCallbackInterfaceHttpTransport.register(this)
        uniffiCallbackInterfaceLogSink.register(this)
        uniffiCallbackInterfaceProcessLock.register(this)
        uniffiCallbackInterfaceSecureStore.register(this)

    }

    internal fun ensureInitialized() = Unit
    external fun uniffi_switchback_bindings_fn_clone_client(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_switchback_bindings_fn_free_client(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_constructor_client_new(`config`: RustBuffer.ByValue,`platform`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_client_accepts(`ptr`: Long,`url`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Byte
    external fun uniffi_switchback_bindings_fn_method_client_attempt_of(`ptr`: Long,`url`: RustBuffer.ByValue,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_client_begin(`ptr`: Long,`request`: RustBuffer.ByValue,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_client_cancel_login(`ptr`: Long,`attempt`: RustBuffer.ByValue,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_client_clock_offset(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_client_complete(`ptr`: Long,`url`: RustBuffer.ByValue,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_client_pending_logins(`ptr`: Long,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_client_remove_session(`ptr`: Long,`id`: RustBuffer.ByValue,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_client_reopen(`ptr`: Long,`attempt`: RustBuffer.ByValue,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_client_session(`ptr`: Long,`id`: RustBuffer.ByValue,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_client_sessions(`ptr`: Long,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_client_timeline(`ptr`: Long,`attempt`: RustBuffer.ByValue,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_client_uniffi_trait_display(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_clone_httpcompletion(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_switchback_bindings_fn_free_httpcompletion(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_method_httpcompletion_fail(`ptr`: Long,`error`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_method_httpcompletion_is_wanted(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Byte
    external fun uniffi_switchback_bindings_fn_method_httpcompletion_succeed(`ptr`: Long,`response`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_clone_httptransport(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_switchback_bindings_fn_free_httptransport(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_init_callback_vtable_httptransport(`vtable`: UniffiVTableCallbackInterfaceHttpTransport,
    ): Unit
    external fun uniffi_switchback_bindings_fn_method_httptransport_start(`ptr`: Long,`request`: RustBuffer.ByValue,`completion`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_clone_presentation(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_switchback_bindings_fn_free_presentation(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_method_presentation_claims(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_presentation_get(`ptr`: Long,`claim`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_presentation_more(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_presentation_sub(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_presentation_text(`ptr`: Long,`claim`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_presentation_uniffi_trait_display(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_clone_logsink(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_switchback_bindings_fn_free_logsink(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_init_callback_vtable_logsink(`vtable`: UniffiVTableCallbackInterfaceLogSink,
    ): Unit
    external fun uniffi_switchback_bindings_fn_method_logsink_log(`ptr`: Long,`line`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_clone_backgroundtasks(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_switchback_bindings_fn_free_backgroundtasks(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_init_callback_vtable_backgroundtasks(`vtable`: UniffiVTableCallbackInterfaceBackgroundTasks,
    ): Unit
    external fun uniffi_switchback_bindings_fn_method_backgroundtasks_begin(`ptr`: Long,`expiry`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_backgroundtasks_end(`ptr`: Long,`task`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_clone_expiry(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_switchback_bindings_fn_free_expiry(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_method_expiry_expired(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_clone_processlock(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_switchback_bindings_fn_free_processlock(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_init_callback_vtable_processlock(`vtable`: UniffiVTableCallbackInterfaceProcessLock,
    ): Unit
    external fun uniffi_switchback_bindings_fn_method_processlock_enter(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_method_processlock_leave(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_method_processlock_announce(`ptr`: Long,`owner`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_method_processlock_withdraw(`ptr`: Long,`owner`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_method_processlock_is_gone(`ptr`: Long,`owner`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Byte
    external fun uniffi_switchback_bindings_fn_clone_secret(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_switchback_bindings_fn_free_secret(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_method_secret_expose(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_secret_uniffi_trait_display(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_clone_authorization(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_switchback_bindings_fn_free_authorization(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_method_authorization_headers(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_authorization_url(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_authorization_uniffi_trait_display(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_clone_session(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_switchback_bindings_fn_free_session(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_method_session_access_token(`ptr`: Long,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_session_access_token_after(`ptr`: Long,`refused`: RustBuffer.ByValue,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_session_answered(`ptr`: Long,`sent`: Long,`status`: Int,`setCookie`: RustBuffer.ByValue,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_session_authorize(`ptr`: Long,`url`: RustBuffer.ByValue,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_session_begin(`ptr`: Long,`request`: RustBuffer.ByValue,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_session_denied_scopes(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_session_ended(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_session_events(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_session_expires_at(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_session_id(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_session_log_out(`ptr`: Long,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_session_logged_in_at(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_session_presentation(`ptr`: Long,`claims`: RustBuffer.ByValue,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_session_purpose(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_session_scope(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_session_subject(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_session_user_info(`ptr`: Long,
    ): Long
    external fun uniffi_switchback_bindings_fn_method_session_uniffi_trait_display(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_clone_sessionevents(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_switchback_bindings_fn_free_sessionevents(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_method_sessionevents_last(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_sessionevents_next(`ptr`: Long,`after`: Long,
    ): Long
    external fun uniffi_switchback_bindings_fn_clone_securestore(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_switchback_bindings_fn_free_securestore(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_init_callback_vtable_securestore(`vtable`: UniffiVTableCallbackInterfaceSecureStore,
    ): Unit
    external fun uniffi_switchback_bindings_fn_method_securestore_get(`ptr`: Long,`key`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_securestore_put(`ptr`: Long,`key`: RustBuffer.ByValue,`value`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_method_securestore_delete(`ptr`: Long,`key`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_method_securestore_list(`ptr`: Long,`prefix`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_switchbackerror_describe(`ptr`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_transporterror_describe(`ptr`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_claimvalue_uniffi_trait_display(`ptr`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_logerror_describe(`ptr`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_storeerror_describe(`ptr`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_truidclaimtype_key(`ptr`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_truiddatapoint_key(`ptr`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_header_uniffi_trait_display(`ptr`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_httprequest_uniffi_trait_display(`ptr`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_httpresponse_uniffi_trait_display(`ptr`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_claim_uniffi_trait_display(`ptr`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_userinfo_uniffi_trait_display(`ptr`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_loginattempt_uniffi_trait_display(`ptr`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_loginrequest_uniffi_trait_display(`ptr`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_logout_uniffi_trait_display(`ptr`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_truidportraitimage_uniffi_trait_display(`ptr`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_method_truidstructuredname_uniffi_trait_display(`ptr`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_func_fingerprint(uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_switchback_bindings_fn_func_set_log(`sink`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_switchback_bindings_fn_func_truid_portrait_image(`presentation`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_switchback_bindings_fn_func_truid_structured_name(`presentation`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun ffi_switchback_bindings_rustbuffer_alloc(`size`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun ffi_switchback_bindings_rustbuffer_free(`buf`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun ffi_switchback_bindings_rust_future_poll_u64(`handle`: Long,`callback`: UniffiRustFutureContinuationCallback,`callbackData`: Long,
    ): Unit
    external fun ffi_switchback_bindings_rust_future_free_u64(`handle`: Long,
    ): Unit
    external fun ffi_switchback_bindings_rust_future_complete_u64(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun ffi_switchback_bindings_rust_future_poll_rust_buffer(`handle`: Long,`callback`: UniffiRustFutureContinuationCallback,`callbackData`: Long,
    ): Unit
    external fun ffi_switchback_bindings_rust_future_free_rust_buffer(`handle`: Long,
    ): Unit
    external fun ffi_switchback_bindings_rust_future_complete_rust_buffer(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun ffi_switchback_bindings_rust_future_poll_void(`handle`: Long,`callback`: UniffiRustFutureContinuationCallback,`callbackData`: Long,
    ): Unit
    external fun ffi_switchback_bindings_rust_future_free_void(`handle`: Long,
    ): Unit
    external fun ffi_switchback_bindings_rust_future_complete_void(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit


}

private fun uniffiCheckContractApiVersion(lib: IntegrityCheckingUniffiLib) {
    // Get the bindings contract version from our ComponentInterface
    val bindings_contract_version = 30
    // Get the scaffolding contract version by calling the into the dylib
    val scaffolding_contract_version = lib.ffi_switchback_bindings_uniffi_contract_version()
    if (bindings_contract_version != scaffolding_contract_version) {
        throw RuntimeException("UniFFI contract version mismatch: try cleaning and rebuilding your project")
    }
}

/**
 * @suppress
 */
internal fun uniffiEnsureInitialized() {
    // Call arbitrary methods on IntegrityCheckingUniffiLib and UniffiLib to ensure that
    // their init blocks run. This ensures initialization across crates works as expected.
    IntegrityCheckingUniffiLib.ensureInitialized()
    UniffiLib.ensureInitialized()
}

// Async support
// Async return type handlers

internal val uniffiThreads = com.sun.jna.CallbackThreadInitializer(true, false, "switchback")

internal const val UNIFFI_RUST_FUTURE_POLL_READY = 0.toByte()
internal const val UNIFFI_RUST_FUTURE_POLL_WAKE = 1.toByte()

internal val uniffiContinuationHandleMap = UniffiHandleMap<CancellableContinuation<Byte>>()

// FFI type for Rust future continuations
internal object uniffiRustFutureContinuationCallbackImpl: UniffiRustFutureContinuationCallback {
    init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
    override fun callback(data: Long, pollResult: Byte) {
        uniffiContinuationHandleMap.remove(data).resume(pollResult)
    }
}

internal suspend fun<T, F, E: kotlin.Exception> uniffiRustCallAsync(
    rustFuture: Long,
    pollFunc: (Long, UniffiRustFutureContinuationCallback, Long) -> Unit,
    completeFunc: (Long, UniffiRustCallStatus) -> F,
    freeFunc: (Long) -> Unit,
    liftFunc: (F) -> T,
    errorHandler: UniffiRustCallStatusErrorHandler<E>
): T {
    try {
        return app.switchback.internal.offRust {
            try {
        do {
            val pollResult = suspendCancellableCoroutine<Byte> { continuation ->
                pollFunc(
                    rustFuture,
                    uniffiRustFutureContinuationCallbackImpl,
                    uniffiContinuationHandleMap.insert(continuation)
                )
            }
        } while (pollResult != UNIFFI_RUST_FUTURE_POLL_READY);

        liftFunc(
            uniffiRustCallWithError(errorHandler, { status -> completeFunc(rustFuture, status) })
        )
            } catch (cancelled: CancellationException) {
                runCatching { liftFunc(uniffiRustCallWithError(errorHandler, { status -> completeFunc(rustFuture, status) })) }
                throw cancelled
            }
        }
    } finally {
        freeFunc(rustFuture)
    }
}

// Public interface members begin here.


// Interface implemented by anything that can contain an object reference.
//
// Such types expose a `destroy()` method that must be called to cleanly
// dispose of the contained objects. Failure to call this method may result
// in memory leaks.
//
// The easiest way to ensure this method is called is to use the `.use`
// helper method to execute a block and destroy the object at the end.
internal interface Disposable {
    fun destroy()
    companion object {
        fun destroy(vararg args: Any?) {
            for (arg in args) {
                when (arg) {
                    is Disposable -> arg.destroy()
                    is ArrayList<*> -> {
                        for (idx in arg.indices) {
                            val element = arg[idx]
                            if (element is Disposable) {
                                element.destroy()
                            }
                        }
                    }
                    is Map<*, *> -> {
                        for (element in arg.values) {
                            if (element is Disposable) {
                                element.destroy()
                            }
                        }
                    }
                    is Iterable<*> -> {
                        for (element in arg) {
                            if (element is Disposable) {
                                element.destroy()
                            }
                        }
                    }
                }
            }
        }
    }
}

/**
 * @suppress
 */
internal inline fun <T : Disposable?, R> T.use(block: (T) -> R) =
    try {
        block(this)
    } finally {
        try {
            // N.B. our implementation is on the nullable type `Disposable?`.
            this?.destroy()
        } catch (e: Throwable) {
            // swallow
        }
    }

/**
 * Placeholder object used to signal that we're constructing an interface with a FFI handle.
 *
 * This is the first argument for interface constructors that input a raw handle. It exists is that
 * so we can avoid signature conflicts when an interface has a regular constructor than inputs a
 * Long.
 *
 * @suppress
 * */
internal object UniffiWithHandle

/**
 * Used to instantiate an interface without an actual pointer, for fakes in tests, mostly.
 *
 * @suppress
 * */
internal object NoHandle// Magic number for the Rust proxy to call using the same mechanism as every other method,
// to free the callback once it's dropped by Rust.
internal const val IDX_CALLBACK_FREE = 0
// Callback return codes
internal const val UNIFFI_CALLBACK_SUCCESS = 0
internal const val UNIFFI_CALLBACK_ERROR = 1
internal const val UNIFFI_CALLBACK_UNEXPECTED_ERROR = 2

/**
 * @suppress
 */
internal abstract class FfiConverterCallbackInterface<CallbackInterface: Any>: FfiConverter<CallbackInterface, Long> {
    internal val handleMap = UniffiHandleMap<CallbackInterface>()

    internal fun drop(handle: Long) {
        handleMap.remove(handle)
    }

    override fun lift(value: Long): CallbackInterface {
        return handleMap.get(value)
    }

    override fun read(buf: ByteBuffer) = lift(buf.getLong())

    override fun lower(value: CallbackInterface) = handleMap.insert(value)

    override fun allocationSize(value: CallbackInterface) = 8UL

    override fun write(value: CallbackInterface, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}
/**
 * The cleaner interface for Object finalization code to run.
 * This is the entry point to any implementation that we're using.
 *
 * The cleaner registers objects and returns cleanables, so now we are
 * defining a `UniffiCleaner` with a `UniffiClenaer.Cleanable` to abstract the
 * different implmentations available at compile time.
 *
 * @suppress
 */
internal interface UniffiCleaner {
    interface Cleanable {
        fun clean()
    }

    fun register(value: Any, cleanUpTask: Runnable): UniffiCleaner.Cleanable

    companion object
}

// The fallback Jna cleaner, which is available for both Android, and the JVM.
private class UniffiJnaCleaner : UniffiCleaner {
    private val cleaner = com.sun.jna.internal.Cleaner.getCleaner()

    override fun register(value: Any, cleanUpTask: Runnable): UniffiCleaner.Cleanable =
        UniffiJnaCleanable(cleaner.register(value, cleanUpTask))
}

private class UniffiJnaCleanable(
    private val cleanable: com.sun.jna.internal.Cleaner.Cleanable,
) : UniffiCleaner.Cleanable {
    override fun clean() = cleanable.clean()
}


// We decide at uniffi binding generation time whether we were
// using Android or not.
// There are further runtime checks to chose the correct implementation
// of the cleaner.
private fun UniffiCleaner.Companion.create(): UniffiCleaner =
    try {
        // For safety's sake: if the library hasn't been run in android_cleaner = true
        // mode, but is being run on Android, then we still need to think about
        // Android API versions.
        // So we check if java.lang.ref.Cleaner is there, and use that…
        java.lang.Class.forName("java.lang.ref.Cleaner")
        JavaLangRefCleaner()
    } catch (e: ClassNotFoundException) {
        // … otherwise, fallback to the JNA cleaner.
        UniffiJnaCleaner()
    }

private class JavaLangRefCleaner : UniffiCleaner {
    val cleaner = java.lang.ref.Cleaner.create()

    override fun register(value: Any, cleanUpTask: Runnable): UniffiCleaner.Cleanable =
        JavaLangRefCleanable(cleaner.register(value, cleanUpTask))
}

private class JavaLangRefCleanable(
    val cleanable: java.lang.ref.Cleaner.Cleanable
) : UniffiCleaner.Cleanable {
    override fun clean() = cleanable.clean()
}

/**
 * @suppress
 */
internal object FfiConverterInt: FfiConverter<Int, Int> {
    override fun lift(value: Int): Int {
        return value
    }

    override fun read(buf: ByteBuffer): Int {
        return buf.getInt()
    }

    override fun lower(value: Int): Int {
        return value
    }

    override fun allocationSize(value: Int) = 4UL

    override fun write(value: Int, buf: ByteBuffer) {
        buf.putInt(value)
    }
}

/**
 * @suppress
 */
internal object FfiConverterLong: FfiConverter<Long, Long> {
    override fun lift(value: Long): Long {
        return value
    }

    override fun read(buf: ByteBuffer): Long {
        return buf.getLong()
    }

    override fun lower(value: Long): Long {
        return value
    }

    override fun allocationSize(value: Long) = 8UL

    override fun write(value: Long, buf: ByteBuffer) {
        buf.putLong(value)
    }
}

/**
 * @suppress
 */
internal object FfiConverterBoolean: FfiConverter<Boolean, Byte> {
    override fun lift(value: Byte): Boolean {
        return value.toInt() != 0
    }

    override fun read(buf: ByteBuffer): Boolean {
        return lift(buf.get())
    }

    override fun lower(value: Boolean): Byte {
        return if (value) 1.toByte() else 0.toByte()
    }

    override fun allocationSize(value: Boolean) = 1UL

    override fun write(value: Boolean, buf: ByteBuffer) {
        buf.put(lower(value))
    }
}

/**
 * @suppress
 */
internal object FfiConverterString: FfiConverter<String, RustBuffer.ByValue> {
    // Note: we don't inherit from FfiConverterRustBuffer, because we use a
    // special encoding when lowering/lifting.  We can use `RustBuffer.len` to
    // store our length and avoid writing it out to the buffer.
    override fun lift(value: RustBuffer.ByValue): String {
        try {
            val byteArr = ByteArray(value.len.toInt())
            value.asByteBuffer()!!.get(byteArr)
            return byteArr.toString(Charsets.UTF_8)
        } finally {
            RustBuffer.free(value)
        }
    }

    override fun read(buf: ByteBuffer): String {
        val len = buf.getInt()
        val byteArr = ByteArray(len)
        buf.get(byteArr)
        return byteArr.toString(Charsets.UTF_8)
    }

    fun toUtf8(value: String): ByteBuffer {
        // Make sure we don't have invalid UTF-16, check for lone surrogates.
        return Charsets.UTF_8.newEncoder().run {
            onMalformedInput(CodingErrorAction.REPLACE)
            encode(CharBuffer.wrap(value))
        }
    }

    override fun lower(value: String): RustBuffer.ByValue {
        val byteBuf = toUtf8(value)
        // Ideally we'd pass these bytes to `ffi_bytebuffer_from_bytes`, but doing so would require us
        // to copy them into a JNA `Memory`. So we might as well directly copy them into a `RustBuffer`.
        val rbuf = RustBuffer.alloc(byteBuf.limit().toULong())
        rbuf.asByteBuffer()!!.put(byteBuf)
        return rbuf
    }

    // We aren't sure exactly how many bytes our string will be once it's UTF-8
    // encoded.  Allocate 3 bytes per UTF-16 code unit which will always be
    // enough.
    override fun allocationSize(value: String): ULong {
        val sizeForLength = 4UL
        val sizeForString = value.length.toULong() * 3UL
        return sizeForLength + sizeForString
    }

    override fun write(value: String, buf: ByteBuffer) {
        val byteBuf = toUtf8(value)
        buf.putInt(byteBuf.limit())
        buf.put(byteBuf)
    }
}

/**
 * @suppress
 */
internal object FfiConverterByteArray: FfiConverterRustBuffer<ByteArray> {
    override fun read(buf: ByteBuffer): ByteArray {
        val len = buf.getInt()
        val byteArr = ByteArray(len)
        buf.get(byteArr)
        return byteArr
    }
    override fun allocationSize(value: ByteArray): ULong {
        return 4UL + value.size.toULong()
    }
    override fun write(value: ByteArray, buf: ByteBuffer) {
        buf.putInt(value.size)
        buf.put(value)
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * The headers for one request. Its text form shows no header value.
 */
internal interface AuthorizationInterface {

    /**
     * The headers to add to the request: `authorization` or `cookie`, or none if no cookie belongs
     * to this URL.
     */
    fun `headers`(): List<Header>

    /**
     * The URL of the request. The headers must not be sent to any other URL.
     */
    fun `url`(): kotlin.String

    companion object
}

/**
 * The headers for one request. Its text form shows no header value.
 */
internal open class Authorization: Disposable, AutoCloseable, AuthorizationInterface
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneOpen())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_switchback_bindings_fn_free_authorization(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long = callWithHandle { it }

    private fun uniffiCloneOpen(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_switchback_bindings_fn_clone_authorization(handle, status)
        }
    }


    /**
     * The headers to add to the request: `authorization` or `cookie`, or none if no cookie belongs
     * to this URL.
     */override fun `headers`(): List<Header> {
            return FfiConverterSequenceTypeHeader.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_authorization_headers(
        it,
        _status)
}
    }
    )
    }



    /**
     * The URL of the request. The headers must not be sent to any other URL.
     */override fun `url`(): kotlin.String {
            return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_authorization_url(
        it,
        _status)
}
    }
    )
    }






    // The local Rust `Display`/`Debug` implementation.
    override fun toString(): String {
        if (callCounter.get() == 0L) return "${javaClass.simpleName}(closed)"
        return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_authorization_uniffi_trait_display(
        it,
        _status)
}
    }
    )
    }



    /**
     * @suppress
     */
    companion object

}


/**
 * @suppress
 */
internal object FfiConverterTypeAuthorization: FfiConverter<Authorization, Long> {
    override fun lower(value: Authorization): Long {
        return value.uniffiCloneHandle()
    }

    override fun lift(value: Long): Authorization {
        return Authorization(UniffiWithHandle, value)
    }

    override fun read(buf: ByteBuffer): Authorization {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: Authorization) = 8UL

    override fun write(value: Authorization, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * Keeps the app running during a refresh or a login: by `UIApplication.beginBackgroundTask` on
 * iOS.
 *
 * **Threads.** Calls come from threads that may block, several at a time. No method may wait for
 * a call of Switchback, nor for the main thread if the main thread may wait for such a call.
 */
internal interface BackgroundTasks {

    /**
     * Begins a background task and returns its number. Call `expired` of `expiry` when the system
     * wants this process to stop. If this throws, Switchback works without a background task.
     */
    fun `begin`(`expiry`: Expiry): kotlin.Long

    /**
     * Ends the background task of this number.
     */
    fun `end`(`task`: kotlin.Long)

    companion object
}

/**
 * Keeps the app running during a refresh or a login: by `UIApplication.beginBackgroundTask` on
 * iOS.
 *
 * **Threads.** Calls come from threads that may block, several at a time. No method may wait for
 * a call of Switchback, nor for the main thread if the main thread may wait for such a call.
 */
internal open class BackgroundTasksImpl: Disposable, AutoCloseable, BackgroundTasks
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneOpen())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_switchback_bindings_fn_free_backgroundtasks(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long = callWithHandle { it }

    private fun uniffiCloneOpen(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_switchback_bindings_fn_clone_backgroundtasks(handle, status)
        }
    }


    /**
     * Begins a background task and returns its number. Call `expired` of `expiry` when the system
     * wants this process to stop. If this throws, Switchback works without a background task.
     */
    @Throws(StoreException::class)override fun `begin`(`expiry`: Expiry): kotlin.Long {
            return FfiConverterLong.lift(
    callWithHandle {
    uniffiRustCallWithError(StoreException) { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_backgroundtasks_begin(
        it,

        FfiConverterTypeExpiry.lower(`expiry`),_status)
}
    }
    )
    }



    /**
     * Ends the background task of this number.
     */
    @Throws(StoreException::class)override fun `end`(`task`: kotlin.Long)
        =
    callWithHandle {
    uniffiRustCallWithError(StoreException) { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_backgroundtasks_end(
        it,

        FfiConverterLong.lower(`task`),_status)
}
    }










    /**
     * @suppress
     */
    companion object

}



// Put the implementation in an object so we don't pollute the top-level namespace
internal object uniffiCallbackInterfaceBackgroundTasks {
    internal object `begin`: UniffiCallbackInterfaceBackgroundTasksMethod0 {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(`uniffiHandle`: Long,`expiry`: Long,`uniffiOutReturn`: LongByReference,uniffiCallStatus: UniffiRustCallStatus,) {
            val uniffiObj = FfiConverterTypeBackgroundTasks.handleMap.get(uniffiHandle)
            val makeCall = { ->
                uniffiObj.`begin`(
                    FfiConverterTypeExpiry.lift(`expiry`),
                )
            }
            val writeReturn = { value: kotlin.Long -> uniffiOutReturn.setValue(FfiConverterLong.lower(value)) }
            uniffiTraitInterfaceCallWithError(
                uniffiCallStatus,
                makeCall,
                writeReturn,
                { e: StoreException -> FfiConverterTypeStoreError.lower(e) }
            )
        }
    }
    internal object `end`: UniffiCallbackInterfaceBackgroundTasksMethod1 {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(`uniffiHandle`: Long,`task`: Long,`uniffiOutReturn`: Pointer,uniffiCallStatus: UniffiRustCallStatus,) {
            val uniffiObj = FfiConverterTypeBackgroundTasks.handleMap.get(uniffiHandle)
            val makeCall = { ->
                uniffiObj.`end`(
                    FfiConverterLong.lift(`task`),
                )
            }
            val writeReturn = { _: Unit -> Unit }
            uniffiTraitInterfaceCallWithError(
                uniffiCallStatus,
                makeCall,
                writeReturn,
                { e: StoreException -> FfiConverterTypeStoreError.lower(e) }
            )
        }
    }

    internal object uniffiFree: UniffiCallbackInterfaceFree {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(handle: Long) {
            FfiConverterTypeBackgroundTasks.handleMap.remove(handle)
        }
    }

    internal object uniffiClone: UniffiCallbackInterfaceClone {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(handle: Long): Long {
            return FfiConverterTypeBackgroundTasks.handleMap.clone(handle)
        }
    }

    internal var vtable = UniffiVTableCallbackInterfaceBackgroundTasks.UniffiByValue(
        uniffiFree,
        uniffiClone,
        `begin`,
        `end`,
    )

    // Registers the foreign callback with the Rust side.
    // This method is generated for each callback interface.
    internal fun register(lib: UniffiLib) {
        lib.uniffi_switchback_bindings_fn_init_callback_vtable_backgroundtasks(vtable)
    }
}

/**
 * @suppress
 */
internal object FfiConverterTypeBackgroundTasks: FfiConverter<BackgroundTasks, Long> {
    internal val handleMap = UniffiHandleMap<BackgroundTasks>()

    override fun lower(value: BackgroundTasks): Long {
        if (value is BackgroundTasksImpl) {
             // Rust-implemented object.  Clone the handle and return it
            return value.uniffiCloneHandle()
         } else {
            // Kotlin object, generate a new vtable handle and return that.
            return handleMap.insert(value)
         }
    }

    override fun lift(value: Long): BackgroundTasks {
        if ((value and 1.toLong()) == 0.toLong()) {
            // Rust-generated handle, construct a new class that uses the handle to implement the
            // interface
            return BackgroundTasksImpl(UniffiWithHandle, value)
        } else {
            // Kotlin-generated handle, get the object from the handle map
            return handleMap.remove(value)
        }
    }

    override fun read(buf: ByteBuffer): BackgroundTasks {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: BackgroundTasks) = 8UL

    override fun write(value: BackgroundTasks, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * Logs people in at one service, and stores their sessions. Make one client for each store in a
 * process. It can be used from any thread.
 */
internal interface ClientInterface {

    /**
     * Whether a link leads to this client's redirect URI. For a link handler that must decide
     * at once.
     */
    fun `accepts`(`url`: kotlin.String): kotlin.Boolean

    /**
     * The login attempt that a link belongs to, for an app that waits for several logins at once.
     * Returns nothing if the link does not lead to this client or cannot be read, and in mediated
     * mode if no stored attempt waits for the link.
     */
    suspend fun `attemptOf`(`url`: kotlin.String): AttemptId?

    /**
     * Begins a login. When this function returns, the attempt is stored and the app may open the
     * URL; the callback is found even if this process ends. In mediated mode the backend returns
     * the URL.
     */
    suspend fun `begin`(`request`: LoginRequest): LoginAttempt

    /**
     * Cancels an attempt: a later callback for it is `Unknown`. An attempt that does not exist is
     * no error. A callback that is being completed at this moment is still completed.
     */
    suspend fun `cancelLogin`(`attempt`: AttemptId)

    /**
     * By how many seconds the service's clock is ahead of this device's clock (negative: behind),
     * as of its last answer. Nothing before the first answer.
     */
    fun `clockOffset`(): kotlin.Long?

    /**
     * Completes a login with the callback link. Another call with the same link, concurrent or
     * in a later process, returns the same session.
     *
     * `TryAgain`: the service was not reached or did not answer. The app may try the same link
     * again until the code expires (after half a minute, at most services).
     */
    suspend fun `complete`(`url`: kotlin.String): LoginOutcome

    /**
     * The logins that wait for their callback, oldest first.
     */
    suspend fun `pendingLogins`(): List<PendingLogin>

    /**
     * Removes a session from the store, whatever its state, and revokes it at the service if the
     * service offers that. A session that does not exist is no error.
     */
    suspend fun `removeSession`(`id`: SessionId)

    /**
     * The URL of a pending login again, for example because the identity app did not open.
     * Returns nothing if the login is no longer pending, or if its code is being exchanged at
     * this moment.
     */
    suspend fun `reopen`(`attempt`: AttemptId): LoginAttempt?

    /**
     * Opens a session, including one that has ended: `ended` says so.
     *
     * `LoginRequired`: the store has no such session, or its entry is damaged.
     */
    suspend fun `session`(`id`: SessionId): Session

    /**
     * The sessions in the store, without those that are known to have ended.
     */
    suspend fun `sessions`(): List<SessionId>

    /**
     * What happened to a login so far, oldest first: for the app to show, or to send to
     * support. Returns nothing if the store no longer has the login.
     */
    suspend fun `timeline`(`attempt`: AttemptId): List<TimelineEntry>?

    companion object
}

/**
 * Logs people in at one service, and stores their sessions. Make one client for each store in a
 * process. It can be used from any thread.
 */
internal open class Client: Disposable, AutoCloseable, ClientInterface
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }
    /**
     * Checks the configuration. Reads, writes and sends nothing.
     */
    constructor(`config`: Config, `platform`: Platform) :
        this(UniffiWithHandle,
    uniffiRustCallWithError(SwitchbackException) { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_constructor_client_new(


        FfiConverterTypeConfig.lower(`config`),
        FfiConverterTypePlatform.lower(`platform`),_status)
}
    )

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneOpen())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_switchback_bindings_fn_free_client(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long = callWithHandle { it }

    private fun uniffiCloneOpen(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_switchback_bindings_fn_clone_client(handle, status)
        }
    }


    /**
     * Whether a link leads to this client's redirect URI. For a link handler that must decide
     * at once.
     */override fun `accepts`(`url`: kotlin.String): kotlin.Boolean {
            return FfiConverterBoolean.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_client_accepts(
        it,

        FfiConverterString.lower(`url`),_status)
}
    }
    )
    }



    /**
     * The login attempt that a link belongs to, for an app that waits for several logins at once.
     * Returns nothing if the link does not lead to this client or cannot be read, and in mediated
     * mode if no stored attempt waits for the link.
     */
    @Throws(SwitchbackException::class)
    @Suppress("ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE")
    override suspend fun `attemptOf`(`url`: kotlin.String) : AttemptId? {
        return uniffiRustCallAsync(
        callWithHandle { uniffiHandle ->
            UniffiLib.uniffi_switchback_bindings_fn_method_client_attempt_of(
                uniffiHandle,

        FfiConverterString.lower(`url`),
            )
        },
        { future, callback, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_poll_rust_buffer(future, callback, continuation) },
        { future, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_complete_rust_buffer(future, continuation) },
        { future -> UniffiLib.ffi_switchback_bindings_rust_future_free_rust_buffer(future) },
        // lift function
        { FfiConverterOptionalTypeAttemptId.lift(it) },
        // Error FFI converter
        SwitchbackException.ErrorHandler,
    )
    }


    /**
     * Begins a login. When this function returns, the attempt is stored and the app may open the
     * URL; the callback is found even if this process ends. In mediated mode the backend returns
     * the URL.
     */
    @Throws(SwitchbackException::class)
    @Suppress("ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE")
    override suspend fun `begin`(`request`: LoginRequest) : LoginAttempt {
        return uniffiRustCallAsync(
        callWithHandle { uniffiHandle ->
            UniffiLib.uniffi_switchback_bindings_fn_method_client_begin(
                uniffiHandle,

        FfiConverterTypeLoginRequest.lower(`request`),
            )
        },
        { future, callback, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_poll_rust_buffer(future, callback, continuation) },
        { future, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_complete_rust_buffer(future, continuation) },
        { future -> UniffiLib.ffi_switchback_bindings_rust_future_free_rust_buffer(future) },
        // lift function
        { FfiConverterTypeLoginAttempt.lift(it) },
        // Error FFI converter
        SwitchbackException.ErrorHandler,
    )
    }


    /**
     * Cancels an attempt: a later callback for it is `Unknown`. An attempt that does not exist is
     * no error. A callback that is being completed at this moment is still completed.
     */
    @Throws(SwitchbackException::class)
    @Suppress("ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE")
    override suspend fun `cancelLogin`(`attempt`: AttemptId) {
        return uniffiRustCallAsync(
        callWithHandle { uniffiHandle ->
            UniffiLib.uniffi_switchback_bindings_fn_method_client_cancel_login(
                uniffiHandle,

        FfiConverterTypeAttemptId.lower(`attempt`),
            )
        },
        { future, callback, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_poll_void(future, callback, continuation) },
        { future, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_complete_void(future, continuation) },
        { future -> UniffiLib.ffi_switchback_bindings_rust_future_free_void(future) },
        // lift function
        { },

        // Error FFI converter
        SwitchbackException.ErrorHandler,
    )
    }


    /**
     * By how many seconds the service's clock is ahead of this device's clock (negative: behind),
     * as of its last answer. Nothing before the first answer.
     */override fun `clockOffset`(): kotlin.Long? {
            return FfiConverterOptionalLong.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_client_clock_offset(
        it,
        _status)
}
    }
    )
    }



    /**
     * Completes a login with the callback link. Another call with the same link, concurrent or
     * in a later process, returns the same session.
     *
     * `TryAgain`: the service was not reached or did not answer. The app may try the same link
     * again until the code expires (after half a minute, at most services).
     */
    @Throws(SwitchbackException::class)
    @Suppress("ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE")
    override suspend fun `complete`(`url`: kotlin.String) : LoginOutcome {
        return uniffiRustCallAsync(
        callWithHandle { uniffiHandle ->
            UniffiLib.uniffi_switchback_bindings_fn_method_client_complete(
                uniffiHandle,

        FfiConverterString.lower(`url`),
            )
        },
        { future, callback, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_poll_rust_buffer(future, callback, continuation) },
        { future, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_complete_rust_buffer(future, continuation) },
        { future -> UniffiLib.ffi_switchback_bindings_rust_future_free_rust_buffer(future) },
        // lift function
        { FfiConverterTypeLoginOutcome.lift(it) },
        // Error FFI converter
        SwitchbackException.ErrorHandler,
    )
    }


    /**
     * The logins that wait for their callback, oldest first.
     */
    @Throws(SwitchbackException::class)
    @Suppress("ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE")
    override suspend fun `pendingLogins`() : List<PendingLogin> {
        return uniffiRustCallAsync(
        callWithHandle { uniffiHandle ->
            UniffiLib.uniffi_switchback_bindings_fn_method_client_pending_logins(
                uniffiHandle,

            )
        },
        { future, callback, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_poll_rust_buffer(future, callback, continuation) },
        { future, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_complete_rust_buffer(future, continuation) },
        { future -> UniffiLib.ffi_switchback_bindings_rust_future_free_rust_buffer(future) },
        // lift function
        { FfiConverterSequenceTypePendingLogin.lift(it) },
        // Error FFI converter
        SwitchbackException.ErrorHandler,
    )
    }


    /**
     * Removes a session from the store, whatever its state, and revokes it at the service if the
     * service offers that. A session that does not exist is no error.
     */
    @Throws(SwitchbackException::class)
    @Suppress("ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE")
    override suspend fun `removeSession`(`id`: SessionId) {
        return uniffiRustCallAsync(
        callWithHandle { uniffiHandle ->
            UniffiLib.uniffi_switchback_bindings_fn_method_client_remove_session(
                uniffiHandle,

        FfiConverterTypeSessionId.lower(`id`),
            )
        },
        { future, callback, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_poll_void(future, callback, continuation) },
        { future, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_complete_void(future, continuation) },
        { future -> UniffiLib.ffi_switchback_bindings_rust_future_free_void(future) },
        // lift function
        { },

        // Error FFI converter
        SwitchbackException.ErrorHandler,
    )
    }


    /**
     * The URL of a pending login again, for example because the identity app did not open.
     * Returns nothing if the login is no longer pending, or if its code is being exchanged at
     * this moment.
     */
    @Throws(SwitchbackException::class)
    @Suppress("ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE")
    override suspend fun `reopen`(`attempt`: AttemptId) : LoginAttempt? {
        return uniffiRustCallAsync(
        callWithHandle { uniffiHandle ->
            UniffiLib.uniffi_switchback_bindings_fn_method_client_reopen(
                uniffiHandle,

        FfiConverterTypeAttemptId.lower(`attempt`),
            )
        },
        { future, callback, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_poll_rust_buffer(future, callback, continuation) },
        { future, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_complete_rust_buffer(future, continuation) },
        { future -> UniffiLib.ffi_switchback_bindings_rust_future_free_rust_buffer(future) },
        // lift function
        { FfiConverterOptionalTypeLoginAttempt.lift(it) },
        // Error FFI converter
        SwitchbackException.ErrorHandler,
    )
    }


    /**
     * Opens a session, including one that has ended: `ended` says so.
     *
     * `LoginRequired`: the store has no such session, or its entry is damaged.
     */
    @Throws(SwitchbackException::class)
    @Suppress("ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE")
    override suspend fun `session`(`id`: SessionId) : Session {
        return uniffiRustCallAsync(
        callWithHandle { uniffiHandle ->
            UniffiLib.uniffi_switchback_bindings_fn_method_client_session(
                uniffiHandle,

        FfiConverterTypeSessionId.lower(`id`),
            )
        },
        { future, callback, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_poll_u64(future, callback, continuation) },
        { future, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_complete_u64(future, continuation) },
        { future -> UniffiLib.ffi_switchback_bindings_rust_future_free_u64(future) },
        // lift function
        { FfiConverterTypeSession.lift(it) },
        // Error FFI converter
        SwitchbackException.ErrorHandler,
    )
    }


    /**
     * The sessions in the store, without those that are known to have ended.
     */
    @Throws(SwitchbackException::class)
    @Suppress("ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE")
    override suspend fun `sessions`() : List<SessionId> {
        return uniffiRustCallAsync(
        callWithHandle { uniffiHandle ->
            UniffiLib.uniffi_switchback_bindings_fn_method_client_sessions(
                uniffiHandle,

            )
        },
        { future, callback, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_poll_rust_buffer(future, callback, continuation) },
        { future, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_complete_rust_buffer(future, continuation) },
        { future -> UniffiLib.ffi_switchback_bindings_rust_future_free_rust_buffer(future) },
        // lift function
        { FfiConverterSequenceTypeSessionId.lift(it) },
        // Error FFI converter
        SwitchbackException.ErrorHandler,
    )
    }


    /**
     * What happened to a login so far, oldest first: for the app to show, or to send to
     * support. Returns nothing if the store no longer has the login.
     */
    @Throws(SwitchbackException::class)
    @Suppress("ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE")
    override suspend fun `timeline`(`attempt`: AttemptId) : List<TimelineEntry>? {
        return uniffiRustCallAsync(
        callWithHandle { uniffiHandle ->
            UniffiLib.uniffi_switchback_bindings_fn_method_client_timeline(
                uniffiHandle,

        FfiConverterTypeAttemptId.lower(`attempt`),
            )
        },
        { future, callback, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_poll_rust_buffer(future, callback, continuation) },
        { future, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_complete_rust_buffer(future, continuation) },
        { future -> UniffiLib.ffi_switchback_bindings_rust_future_free_rust_buffer(future) },
        // lift function
        { FfiConverterOptionalSequenceTypeTimelineEntry.lift(it) },
        // Error FFI converter
        SwitchbackException.ErrorHandler,
    )
    }





    // The local Rust `Display`/`Debug` implementation.
    override fun toString(): String {
        if (callCounter.get() == 0L) return "${javaClass.simpleName}(closed)"
        return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_client_uniffi_trait_display(
        it,
        _status)
}
    }
    )
    }



    /**
     * @suppress
     */
    companion object

}


/**
 * @suppress
 */
internal object FfiConverterTypeClient: FfiConverter<Client, Long> {
    override fun lower(value: Client): Long {
        return value.uniffiCloneHandle()
    }

    override fun lift(value: Long): Client {
        return Client(UniffiWithHandle, value)
    }

    override fun read(buf: ByteBuffer): Client {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: Client) = 8UL

    override fun write(value: Client, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * Reports to Switchback that the system wants this process to stop.
 */
internal interface ExpiryInterface {

    /**
     * The system wants this process to stop: Switchback stops its work and marks it within
     * milliseconds.
     */
    fun `expired`()

    companion object
}

/**
 * Reports to Switchback that the system wants this process to stop.
 */
internal open class Expiry: Disposable, AutoCloseable, ExpiryInterface
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneOpen())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_switchback_bindings_fn_free_expiry(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long = callWithHandle { it }

    private fun uniffiCloneOpen(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_switchback_bindings_fn_clone_expiry(handle, status)
        }
    }


    /**
     * The system wants this process to stop: Switchback stops its work and marks it within
     * milliseconds.
     */override fun `expired`()
        =
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_expiry_expired(
        it,
        _status)
}
    }










    /**
     * @suppress
     */
    companion object

}


/**
 * @suppress
 */
internal object FfiConverterTypeExpiry: FfiConverter<Expiry, Long> {
    override fun lower(value: Expiry): Long {
        return value.uniffiCloneHandle()
    }

    override fun lift(value: Long): Expiry {
        return Expiry(UniffiWithHandle, value)
    }

    override fun read(buf: ByteBuffer): Expiry {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: Expiry) = 8UL

    override fun write(value: Expiry, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * Receives the answer of one request. Only the first call of `succeed` or `fail` counts. If it is
 * released without a call, the answer counts as lost.
 */
internal interface HttpCompletionInterface {

    /**
     * Reports that no answer came.
     */
    fun `fail`(`error`: TransportException)

    /**
     * Whether the caller still waits for the answer. If not, do not send a request that was not
     * sent yet.
     */
    fun `isWanted`(): kotlin.Boolean

    /**
     * Reports an answer, whatever its status.
     */
    fun `succeed`(`response`: HttpResponse)

    companion object
}

/**
 * Receives the answer of one request. Only the first call of `succeed` or `fail` counts. If it is
 * released without a call, the answer counts as lost.
 */
internal open class HttpCompletion: Disposable, AutoCloseable, HttpCompletionInterface
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneOpen())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_switchback_bindings_fn_free_httpcompletion(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long = callWithHandle { it }

    private fun uniffiCloneOpen(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_switchback_bindings_fn_clone_httpcompletion(handle, status)
        }
    }


    /**
     * Reports that no answer came.
     */override fun `fail`(`error`: TransportException)
        =
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_httpcompletion_fail(
        it,

        FfiConverterTypeTransportError.lower(`error`),_status)
}
    }




    /**
     * Whether the caller still waits for the answer. If not, do not send a request that was not
     * sent yet.
     */override fun `isWanted`(): kotlin.Boolean {
            return FfiConverterBoolean.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_httpcompletion_is_wanted(
        it,
        _status)
}
    }
    )
    }



    /**
     * Reports an answer, whatever its status.
     */override fun `succeed`(`response`: HttpResponse)
        =
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_httpcompletion_succeed(
        it,

        FfiConverterTypeHttpResponse.lower(`response`),_status)
}
    }










    /**
     * @suppress
     */
    companion object

}


/**
 * @suppress
 */
internal object FfiConverterTypeHttpCompletion: FfiConverter<HttpCompletion, Long> {
    override fun lower(value: HttpCompletion): Long {
        return value.uniffiCloneHandle()
    }

    override fun lift(value: Long): HttpCompletion {
        return HttpCompletion(UniffiWithHandle, value)
    }

    override fun read(buf: ByteBuffer): HttpCompletion {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: HttpCompletion) = 8UL

    override fun write(value: HttpCompletion, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


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
 * - distinguish a request that was certainly not sent (`TransportError.NotSent`) from a request
 * that may have arrived (`TransportError.Lost`). If in doubt, it may have arrived,
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
internal interface HttpTransport {

    /**
     * Sends the request, and reports the answer or the error to the completion.
     */
    fun `start`(`request`: HttpRequest, `completion`: HttpCompletion)

    companion object
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
 * - distinguish a request that was certainly not sent (`TransportError.NotSent`) from a request
 * that may have arrived (`TransportError.Lost`). If in doubt, it may have arrived,
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
internal open class HttpTransportImpl: Disposable, AutoCloseable, HttpTransport
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneOpen())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_switchback_bindings_fn_free_httptransport(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long = callWithHandle { it }

    private fun uniffiCloneOpen(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_switchback_bindings_fn_clone_httptransport(handle, status)
        }
    }


    /**
     * Sends the request, and reports the answer or the error to the completion.
     */
    @Throws(TransportException::class)override fun `start`(`request`: HttpRequest, `completion`: HttpCompletion)
        =
    callWithHandle {
    uniffiRustCallWithError(TransportException) { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_httptransport_start(
        it,

        FfiConverterTypeHttpRequest.lower(`request`),
        FfiConverterTypeHttpCompletion.lower(`completion`),_status)
}
    }










    /**
     * @suppress
     */
    companion object

}



// Put the implementation in an object so we don't pollute the top-level namespace
internal object uniffiCallbackInterfaceHttpTransport {
    internal object `start`: UniffiCallbackInterfaceHttpTransportMethod0 {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(`uniffiHandle`: Long,`request`: RustBuffer.ByValue,`completion`: Long,`uniffiOutReturn`: Pointer,uniffiCallStatus: UniffiRustCallStatus,) {
            val uniffiObj = FfiConverterTypeHttpTransport.handleMap.get(uniffiHandle)
            val makeCall = { ->
                uniffiObj.`start`(
                    FfiConverterTypeHttpRequest.lift(`request`),
                    FfiConverterTypeHttpCompletion.lift(`completion`),
                )
            }
            val writeReturn = { _: Unit -> Unit }
            uniffiTraitInterfaceCallWithError(
                uniffiCallStatus,
                makeCall,
                writeReturn,
                { e: TransportException -> FfiConverterTypeTransportError.lower(e) }
            )
        }
    }

    internal object uniffiFree: UniffiCallbackInterfaceFree {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(handle: Long) {
            FfiConverterTypeHttpTransport.handleMap.remove(handle)
        }
    }

    internal object uniffiClone: UniffiCallbackInterfaceClone {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(handle: Long): Long {
            return FfiConverterTypeHttpTransport.handleMap.clone(handle)
        }
    }

    internal var vtable = UniffiVTableCallbackInterfaceHttpTransport.UniffiByValue(
        uniffiFree,
        uniffiClone,
        `start`,
    )

    // Registers the foreign callback with the Rust side.
    // This method is generated for each callback interface.
    internal fun register(lib: UniffiLib) {
        lib.uniffi_switchback_bindings_fn_init_callback_vtable_httptransport(vtable)
    }
}

/**
 * @suppress
 */
internal object FfiConverterTypeHttpTransport: FfiConverter<HttpTransport, Long> {
    internal val handleMap = UniffiHandleMap<HttpTransport>()

    override fun lower(value: HttpTransport): Long {
        if (value is HttpTransportImpl) {
             // Rust-implemented object.  Clone the handle and return it
            return value.uniffiCloneHandle()
         } else {
            // Kotlin object, generate a new vtable handle and return that.
            return handleMap.insert(value)
         }
    }

    override fun lift(value: Long): HttpTransport {
        if ((value and 1.toLong()) == 0.toLong()) {
            // Rust-generated handle, construct a new class that uses the handle to implement the
            // interface
            return HttpTransportImpl(UniffiWithHandle, value)
        } else {
            // Kotlin-generated handle, get the object from the handle map
            return handleMap.remove(value)
        }
    }

    override fun read(buf: ByteBuffer): HttpTransport {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: HttpTransport) = 8UL

    override fun write(value: HttpTransport, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * Receives the log: writes it to `os_log` on iOS, to Logcat on Android, or to the app's own log.
 *
 * **Threads.** One thread of Switchback makes all calls, one at a time, and does nothing else. A
 * sink that is slow or hangs therefore delays only the log, and lines that result from a sink's
 * call of Switchback come later. Errors of the sink are ignored.
 */
internal interface LogSink {

    /**
     * Writes a line.
     */
    fun `log`(`line`: LogLine)

    companion object
}

/**
 * Receives the log: writes it to `os_log` on iOS, to Logcat on Android, or to the app's own log.
 *
 * **Threads.** One thread of Switchback makes all calls, one at a time, and does nothing else. A
 * sink that is slow or hangs therefore delays only the log, and lines that result from a sink's
 * call of Switchback come later. Errors of the sink are ignored.
 */
internal open class LogSinkImpl: Disposable, AutoCloseable, LogSink
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneOpen())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_switchback_bindings_fn_free_logsink(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long = callWithHandle { it }

    private fun uniffiCloneOpen(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_switchback_bindings_fn_clone_logsink(handle, status)
        }
    }


    /**
     * Writes a line.
     */
    @Throws(LogException::class)override fun `log`(`line`: LogLine)
        =
    callWithHandle {
    uniffiRustCallWithError(LogException) { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_logsink_log(
        it,

        FfiConverterTypeLogLine.lower(`line`),_status)
}
    }










    /**
     * @suppress
     */
    companion object

}



// Put the implementation in an object so we don't pollute the top-level namespace
internal object uniffiCallbackInterfaceLogSink {
    internal object `log`: UniffiCallbackInterfaceLogSinkMethod0 {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(`uniffiHandle`: Long,`line`: RustBuffer.ByValue,`uniffiOutReturn`: Pointer,uniffiCallStatus: UniffiRustCallStatus,) {
            val uniffiObj = FfiConverterTypeLogSink.handleMap.get(uniffiHandle)
            val makeCall = { ->
                uniffiObj.`log`(
                    FfiConverterTypeLogLine.lift(`line`),
                )
            }
            val writeReturn = { _: Unit -> Unit }
            uniffiTraitInterfaceCallWithError(
                uniffiCallStatus,
                makeCall,
                writeReturn,
                { e: LogException -> FfiConverterTypeLogError.lower(e) }
            )
        }
    }

    internal object uniffiFree: UniffiCallbackInterfaceFree {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(handle: Long) {
            FfiConverterTypeLogSink.handleMap.remove(handle)
        }
    }

    internal object uniffiClone: UniffiCallbackInterfaceClone {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(handle: Long): Long {
            return FfiConverterTypeLogSink.handleMap.clone(handle)
        }
    }

    internal var vtable = UniffiVTableCallbackInterfaceLogSink.UniffiByValue(
        uniffiFree,
        uniffiClone,
        `log`,
    )

    // Registers the foreign callback with the Rust side.
    // This method is generated for each callback interface.
    internal fun register(lib: UniffiLib) {
        lib.uniffi_switchback_bindings_fn_init_callback_vtable_logsink(vtable)
    }
}

/**
 * @suppress
 */
internal object FfiConverterTypeLogSink: FfiConverter<LogSink, Long> {
    internal val handleMap = UniffiHandleMap<LogSink>()

    override fun lower(value: LogSink): Long {
        if (value is LogSinkImpl) {
             // Rust-implemented object.  Clone the handle and return it
            return value.uniffiCloneHandle()
         } else {
            // Kotlin object, generate a new vtable handle and return that.
            return handleMap.insert(value)
         }
    }

    override fun lift(value: Long): LogSink {
        if ((value and 1.toLong()) == 0.toLong()) {
            // Rust-generated handle, construct a new class that uses the handle to implement the
            // interface
            return LogSinkImpl(UniffiWithHandle, value)
        } else {
            // Kotlin-generated handle, get the object from the handle map
            return handleMap.remove(value)
        }
    }

    override fun read(buf: ByteBuffer): LogSink {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: LogSink) = 8UL

    override fun write(value: LogSink, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * Who the person is, as a presentation of the requested claims. The values stay in Rust until
 * the app reads them. Its text form shows the keys of the claims.
 */
internal interface PresentationInterface {

    /**
     * All claims, in the order of the answer.
     */
    fun `claims`(): List<Claim>

    /**
     * The value of a claim, by its key. Nothing if the claim is absent.
     */
    fun `get`(`claim`: kotlin.String): ClaimValue?

    /**
     * All other fields of the answer, as a JSON object.
     */
    fun `more`(): kotlin.String

    /**
     * The subject identifier, as in `UserInfo`.
     */
    fun `sub`(): kotlin.String

    /**
     * The text of a claim, by its key. Nothing if the claim is absent or not a text.
     */
    fun `text`(`claim`: kotlin.String): kotlin.String?

    companion object
}

/**
 * Who the person is, as a presentation of the requested claims. The values stay in Rust until
 * the app reads them. Its text form shows the keys of the claims.
 */
internal open class Presentation: Disposable, AutoCloseable, PresentationInterface
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneOpen())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_switchback_bindings_fn_free_presentation(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long = callWithHandle { it }

    private fun uniffiCloneOpen(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_switchback_bindings_fn_clone_presentation(handle, status)
        }
    }


    /**
     * All claims, in the order of the answer.
     */override fun `claims`(): List<Claim> {
            return FfiConverterSequenceTypeClaim.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_presentation_claims(
        it,
        _status)
}
    }
    )
    }



    /**
     * The value of a claim, by its key. Nothing if the claim is absent.
     */override fun `get`(`claim`: kotlin.String): ClaimValue? {
            return FfiConverterOptionalTypeClaimValue.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_presentation_get(
        it,

        FfiConverterString.lower(`claim`),_status)
}
    }
    )
    }



    /**
     * All other fields of the answer, as a JSON object.
     */override fun `more`(): kotlin.String {
            return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_presentation_more(
        it,
        _status)
}
    }
    )
    }



    /**
     * The subject identifier, as in `UserInfo`.
     */override fun `sub`(): kotlin.String {
            return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_presentation_sub(
        it,
        _status)
}
    }
    )
    }



    /**
     * The text of a claim, by its key. Nothing if the claim is absent or not a text.
     */override fun `text`(`claim`: kotlin.String): kotlin.String? {
            return FfiConverterOptionalString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_presentation_text(
        it,

        FfiConverterString.lower(`claim`),_status)
}
    }
    )
    }






    // The local Rust `Display`/`Debug` implementation.
    override fun toString(): String {
        if (callCounter.get() == 0L) return "${javaClass.simpleName}(closed)"
        return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_presentation_uniffi_trait_display(
        it,
        _status)
}
    }
    )
    }



    /**
     * @suppress
     */
    companion object

}


/**
 * @suppress
 */
internal object FfiConverterTypePresentation: FfiConverter<Presentation, Long> {
    override fun lower(value: Presentation): Long {
        return value.uniffiCloneHandle()
    }

    override fun lift(value: Long): Presentation {
        return Presentation(UniffiWithHandle, value)
    }

    override fun read(buf: ByteBuffer): Presentation {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: Presentation) = 8UL

    override fun write(value: Presentation, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * A critical section for all processes of an app. An app of one process needs no implementation;
 * for an app of several processes `Platform.lock_file` is usually
 * enough.
 *
 * **Threads.** Calls come from threads that may block, several at a time. `leave` comes from the
 * thread of its `enter`. `withdraw` comes from any thread, and must return at once. No method may
 * wait for a call of Switchback. An error other than `StoreError` becomes `Unavailable`.
 */
internal interface ProcessLock {

    /**
     * Enters the critical section. If another process does not leave it, throws `Unavailable`
     * after some seconds.
     */
    fun `enter`()

    /**
     * Leaves the critical section.
     */
    fun `leave`()

    /**
     * Registers this owner as running, until `withdraw` or the end of the process. On iOS, in a
     * container that is shared with extensions, do nothing: the system kills an app that is
     * suspended while it holds a lock there.
     */
    fun `announce`(`owner`: kotlin.String)

    /**
     * Removes the registration of this owner.
     */
    fun `withdraw`(`owner`: kotlin.String)

    /**
     * Whether an owner is certainly no longer running. False if that cannot be known.
     */
    fun `isGone`(`owner`: kotlin.String): kotlin.Boolean

    companion object
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
internal open class ProcessLockImpl: Disposable, AutoCloseable, ProcessLock
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneOpen())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_switchback_bindings_fn_free_processlock(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long = callWithHandle { it }

    private fun uniffiCloneOpen(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_switchback_bindings_fn_clone_processlock(handle, status)
        }
    }


    /**
     * Enters the critical section. If another process does not leave it, throws `Unavailable`
     * after some seconds.
     */
    @Throws(StoreException::class)override fun `enter`()
        =
    callWithHandle {
    uniffiRustCallWithError(StoreException) { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_processlock_enter(
        it,
        _status)
}
    }




    /**
     * Leaves the critical section.
     */
    @Throws(StoreException::class)override fun `leave`()
        =
    callWithHandle {
    uniffiRustCallWithError(StoreException) { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_processlock_leave(
        it,
        _status)
}
    }




    /**
     * Registers this owner as running, until `withdraw` or the end of the process. On iOS, in a
     * container that is shared with extensions, do nothing: the system kills an app that is
     * suspended while it holds a lock there.
     */
    @Throws(StoreException::class)override fun `announce`(`owner`: kotlin.String)
        =
    callWithHandle {
    uniffiRustCallWithError(StoreException) { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_processlock_announce(
        it,

        FfiConverterString.lower(`owner`),_status)
}
    }




    /**
     * Removes the registration of this owner.
     */
    @Throws(StoreException::class)override fun `withdraw`(`owner`: kotlin.String)
        =
    callWithHandle {
    uniffiRustCallWithError(StoreException) { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_processlock_withdraw(
        it,

        FfiConverterString.lower(`owner`),_status)
}
    }




    /**
     * Whether an owner is certainly no longer running. False if that cannot be known.
     */
    @Throws(StoreException::class)override fun `isGone`(`owner`: kotlin.String): kotlin.Boolean {
            return FfiConverterBoolean.lift(
    callWithHandle {
    uniffiRustCallWithError(StoreException) { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_processlock_is_gone(
        it,

        FfiConverterString.lower(`owner`),_status)
}
    }
    )
    }









    /**
     * @suppress
     */
    companion object

}



// Put the implementation in an object so we don't pollute the top-level namespace
internal object uniffiCallbackInterfaceProcessLock {
    internal object `enter`: UniffiCallbackInterfaceProcessLockMethod0 {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(`uniffiHandle`: Long,`uniffiOutReturn`: Pointer,uniffiCallStatus: UniffiRustCallStatus,) {
            val uniffiObj = FfiConverterTypeProcessLock.handleMap.get(uniffiHandle)
            val makeCall = { ->
                uniffiObj.`enter`(
                )
            }
            val writeReturn = { _: Unit -> Unit }
            uniffiTraitInterfaceCallWithError(
                uniffiCallStatus,
                makeCall,
                writeReturn,
                { e: StoreException -> FfiConverterTypeStoreError.lower(e) }
            )
        }
    }
    internal object `leave`: UniffiCallbackInterfaceProcessLockMethod1 {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(`uniffiHandle`: Long,`uniffiOutReturn`: Pointer,uniffiCallStatus: UniffiRustCallStatus,) {
            val uniffiObj = FfiConverterTypeProcessLock.handleMap.get(uniffiHandle)
            val makeCall = { ->
                uniffiObj.`leave`(
                )
            }
            val writeReturn = { _: Unit -> Unit }
            uniffiTraitInterfaceCallWithError(
                uniffiCallStatus,
                makeCall,
                writeReturn,
                { e: StoreException -> FfiConverterTypeStoreError.lower(e) }
            )
        }
    }
    internal object `announce`: UniffiCallbackInterfaceProcessLockMethod2 {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(`uniffiHandle`: Long,`owner`: RustBuffer.ByValue,`uniffiOutReturn`: Pointer,uniffiCallStatus: UniffiRustCallStatus,) {
            val uniffiObj = FfiConverterTypeProcessLock.handleMap.get(uniffiHandle)
            val makeCall = { ->
                uniffiObj.`announce`(
                    FfiConverterString.lift(`owner`),
                )
            }
            val writeReturn = { _: Unit -> Unit }
            uniffiTraitInterfaceCallWithError(
                uniffiCallStatus,
                makeCall,
                writeReturn,
                { e: StoreException -> FfiConverterTypeStoreError.lower(e) }
            )
        }
    }
    internal object `withdraw`: UniffiCallbackInterfaceProcessLockMethod3 {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(`uniffiHandle`: Long,`owner`: RustBuffer.ByValue,`uniffiOutReturn`: Pointer,uniffiCallStatus: UniffiRustCallStatus,) {
            val uniffiObj = FfiConverterTypeProcessLock.handleMap.get(uniffiHandle)
            val makeCall = { ->
                uniffiObj.`withdraw`(
                    FfiConverterString.lift(`owner`),
                )
            }
            val writeReturn = { _: Unit -> Unit }
            uniffiTraitInterfaceCallWithError(
                uniffiCallStatus,
                makeCall,
                writeReturn,
                { e: StoreException -> FfiConverterTypeStoreError.lower(e) }
            )
        }
    }
    internal object `isGone`: UniffiCallbackInterfaceProcessLockMethod4 {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(`uniffiHandle`: Long,`owner`: RustBuffer.ByValue,`uniffiOutReturn`: ByteByReference,uniffiCallStatus: UniffiRustCallStatus,) {
            val uniffiObj = FfiConverterTypeProcessLock.handleMap.get(uniffiHandle)
            val makeCall = { ->
                uniffiObj.`isGone`(
                    FfiConverterString.lift(`owner`),
                )
            }
            val writeReturn = { value: kotlin.Boolean -> uniffiOutReturn.setValue(FfiConverterBoolean.lower(value)) }
            uniffiTraitInterfaceCallWithError(
                uniffiCallStatus,
                makeCall,
                writeReturn,
                { e: StoreException -> FfiConverterTypeStoreError.lower(e) }
            )
        }
    }

    internal object uniffiFree: UniffiCallbackInterfaceFree {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(handle: Long) {
            FfiConverterTypeProcessLock.handleMap.remove(handle)
        }
    }

    internal object uniffiClone: UniffiCallbackInterfaceClone {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(handle: Long): Long {
            return FfiConverterTypeProcessLock.handleMap.clone(handle)
        }
    }

    internal var vtable = UniffiVTableCallbackInterfaceProcessLock.UniffiByValue(
        uniffiFree,
        uniffiClone,
        `enter`,
        `leave`,
        `announce`,
        `withdraw`,
        `isGone`,
    )

    // Registers the foreign callback with the Rust side.
    // This method is generated for each callback interface.
    internal fun register(lib: UniffiLib) {
        lib.uniffi_switchback_bindings_fn_init_callback_vtable_processlock(vtable)
    }
}

/**
 * @suppress
 */
internal object FfiConverterTypeProcessLock: FfiConverter<ProcessLock, Long> {
    internal val handleMap = UniffiHandleMap<ProcessLock>()

    override fun lower(value: ProcessLock): Long {
        if (value is ProcessLockImpl) {
             // Rust-implemented object.  Clone the handle and return it
            return value.uniffiCloneHandle()
         } else {
            // Kotlin object, generate a new vtable handle and return that.
            return handleMap.insert(value)
         }
    }

    override fun lift(value: Long): ProcessLock {
        if ((value and 1.toLong()) == 0.toLong()) {
            // Rust-generated handle, construct a new class that uses the handle to implement the
            // interface
            return ProcessLockImpl(UniffiWithHandle, value)
        } else {
            // Kotlin-generated handle, get the object from the handle map
            return handleMap.remove(value)
        }
    }

    override fun read(buf: ByteBuffer): ProcessLock {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: ProcessLock) = 8UL

    override fun write(value: ProcessLock, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * A token, or a header that contains a token. Its text stays in Rust until the app calls
 * `expose`. Printed, it shows `[redacted]`.
 */
internal interface SecretInterface {

    /**
     * The text itself. A review should look at every call.
     */
    fun `expose`(): kotlin.String

    companion object
}

/**
 * A token, or a header that contains a token. Its text stays in Rust until the app calls
 * `expose`. Printed, it shows `[redacted]`.
 */
internal open class Secret: Disposable, AutoCloseable, SecretInterface
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneOpen())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_switchback_bindings_fn_free_secret(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long = callWithHandle { it }

    private fun uniffiCloneOpen(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_switchback_bindings_fn_clone_secret(handle, status)
        }
    }


    /**
     * The text itself. A review should look at every call.
     */override fun `expose`(): kotlin.String {
            return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_secret_expose(
        it,
        _status)
}
    }
    )
    }






    // The local Rust `Display`/`Debug` implementation.
    override fun toString(): String {
        if (callCounter.get() == 0L) return "${javaClass.simpleName}(closed)"
        return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_secret_uniffi_trait_display(
        it,
        _status)
}
    }
    )
    }



    /**
     * @suppress
     */
    companion object

}


/**
 * @suppress
 */
internal object FfiConverterTypeSecret: FfiConverter<Secret, Long> {
    override fun lower(value: Secret): Long {
        return value.uniffiCloneHandle()
    }

    override fun lift(value: Long): Secret {
        return Secret(UniffiWithHandle, value)
    }

    override fun read(buf: ByteBuffer): Secret {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: Secret) = 8UL

    override fun write(value: Secret, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


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
internal interface SecureStore {

    /**
     * The value of a key.
     */
    fun `get`(`key`: kotlin.String): kotlin.ByteArray?

    /**
     * Writes a value, and replaces an earlier one.
     */
    fun `put`(`key`: kotlin.String, `value`: kotlin.ByteArray)

    /**
     * Removes a key. A key that does not exist is not an error.
     */
    fun `delete`(`key`: kotlin.String)

    /**
     * All keys that start with this prefix, in any order.
     */
    fun `list`(`prefix`: kotlin.String): List<kotlin.String>

    companion object
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
internal open class SecureStoreImpl: Disposable, AutoCloseable, SecureStore
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneOpen())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_switchback_bindings_fn_free_securestore(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long = callWithHandle { it }

    private fun uniffiCloneOpen(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_switchback_bindings_fn_clone_securestore(handle, status)
        }
    }


    /**
     * The value of a key.
     */
    @Throws(StoreException::class)override fun `get`(`key`: kotlin.String): kotlin.ByteArray? {
            return FfiConverterOptionalByteArray.lift(
    callWithHandle {
    uniffiRustCallWithError(StoreException) { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_securestore_get(
        it,

        FfiConverterString.lower(`key`),_status)
}
    }
    )
    }



    /**
     * Writes a value, and replaces an earlier one.
     */
    @Throws(StoreException::class)override fun `put`(`key`: kotlin.String, `value`: kotlin.ByteArray)
        =
    callWithHandle {
    uniffiRustCallWithError(StoreException) { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_securestore_put(
        it,

        FfiConverterString.lower(`key`),
        FfiConverterByteArray.lower(`value`),_status)
}
    }




    /**
     * Removes a key. A key that does not exist is not an error.
     */
    @Throws(StoreException::class)override fun `delete`(`key`: kotlin.String)
        =
    callWithHandle {
    uniffiRustCallWithError(StoreException) { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_securestore_delete(
        it,

        FfiConverterString.lower(`key`),_status)
}
    }




    /**
     * All keys that start with this prefix, in any order.
     */
    @Throws(StoreException::class)override fun `list`(`prefix`: kotlin.String): List<kotlin.String> {
            return FfiConverterSequenceString.lift(
    callWithHandle {
    uniffiRustCallWithError(StoreException) { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_securestore_list(
        it,

        FfiConverterString.lower(`prefix`),_status)
}
    }
    )
    }









    /**
     * @suppress
     */
    companion object

}



// Put the implementation in an object so we don't pollute the top-level namespace
internal object uniffiCallbackInterfaceSecureStore {
    internal object `get`: UniffiCallbackInterfaceSecureStoreMethod0 {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(`uniffiHandle`: Long,`key`: RustBuffer.ByValue,`uniffiOutReturn`: RustBuffer,uniffiCallStatus: UniffiRustCallStatus,) {
            val uniffiObj = FfiConverterTypeSecureStore.handleMap.get(uniffiHandle)
            val makeCall = { ->
                uniffiObj.`get`(
                    FfiConverterString.lift(`key`),
                )
            }
            val writeReturn = { value: kotlin.ByteArray? -> uniffiOutReturn.setValue(FfiConverterOptionalByteArray.lower(value)) }
            uniffiTraitInterfaceCallWithError(
                uniffiCallStatus,
                makeCall,
                writeReturn,
                { e: StoreException -> FfiConverterTypeStoreError.lower(e) }
            )
        }
    }
    internal object `put`: UniffiCallbackInterfaceSecureStoreMethod1 {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(`uniffiHandle`: Long,`key`: RustBuffer.ByValue,`value`: RustBuffer.ByValue,`uniffiOutReturn`: Pointer,uniffiCallStatus: UniffiRustCallStatus,) {
            val uniffiObj = FfiConverterTypeSecureStore.handleMap.get(uniffiHandle)
            val makeCall = { ->
                uniffiObj.`put`(
                    FfiConverterString.lift(`key`),
                    FfiConverterByteArray.lift(`value`),
                )
            }
            val writeReturn = { _: Unit -> Unit }
            uniffiTraitInterfaceCallWithError(
                uniffiCallStatus,
                makeCall,
                writeReturn,
                { e: StoreException -> FfiConverterTypeStoreError.lower(e) }
            )
        }
    }
    internal object `delete`: UniffiCallbackInterfaceSecureStoreMethod2 {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(`uniffiHandle`: Long,`key`: RustBuffer.ByValue,`uniffiOutReturn`: Pointer,uniffiCallStatus: UniffiRustCallStatus,) {
            val uniffiObj = FfiConverterTypeSecureStore.handleMap.get(uniffiHandle)
            val makeCall = { ->
                uniffiObj.`delete`(
                    FfiConverterString.lift(`key`),
                )
            }
            val writeReturn = { _: Unit -> Unit }
            uniffiTraitInterfaceCallWithError(
                uniffiCallStatus,
                makeCall,
                writeReturn,
                { e: StoreException -> FfiConverterTypeStoreError.lower(e) }
            )
        }
    }
    internal object `list`: UniffiCallbackInterfaceSecureStoreMethod3 {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(`uniffiHandle`: Long,`prefix`: RustBuffer.ByValue,`uniffiOutReturn`: RustBuffer,uniffiCallStatus: UniffiRustCallStatus,) {
            val uniffiObj = FfiConverterTypeSecureStore.handleMap.get(uniffiHandle)
            val makeCall = { ->
                uniffiObj.`list`(
                    FfiConverterString.lift(`prefix`),
                )
            }
            val writeReturn = { value: List<kotlin.String> -> uniffiOutReturn.setValue(FfiConverterSequenceString.lower(value)) }
            uniffiTraitInterfaceCallWithError(
                uniffiCallStatus,
                makeCall,
                writeReturn,
                { e: StoreException -> FfiConverterTypeStoreError.lower(e) }
            )
        }
    }

    internal object uniffiFree: UniffiCallbackInterfaceFree {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(handle: Long) {
            FfiConverterTypeSecureStore.handleMap.remove(handle)
        }
    }

    internal object uniffiClone: UniffiCallbackInterfaceClone {
        init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }
        override fun callback(handle: Long): Long {
            return FfiConverterTypeSecureStore.handleMap.clone(handle)
        }
    }

    internal var vtable = UniffiVTableCallbackInterfaceSecureStore.UniffiByValue(
        uniffiFree,
        uniffiClone,
        `get`,
        `put`,
        `delete`,
        `list`,
    )

    // Registers the foreign callback with the Rust side.
    // This method is generated for each callback interface.
    internal fun register(lib: UniffiLib) {
        lib.uniffi_switchback_bindings_fn_init_callback_vtable_securestore(vtable)
    }
}

/**
 * @suppress
 */
internal object FfiConverterTypeSecureStore: FfiConverter<SecureStore, Long> {
    internal val handleMap = UniffiHandleMap<SecureStore>()

    override fun lower(value: SecureStore): Long {
        if (value is SecureStoreImpl) {
             // Rust-implemented object.  Clone the handle and return it
            return value.uniffiCloneHandle()
         } else {
            // Kotlin object, generate a new vtable handle and return that.
            return handleMap.insert(value)
         }
    }

    override fun lift(value: Long): SecureStore {
        if ((value and 1.toLong()) == 0.toLong()) {
            // Rust-generated handle, construct a new class that uses the handle to implement the
            // interface
            return SecureStoreImpl(UniffiWithHandle, value)
        } else {
            // Kotlin-generated handle, get the object from the handle map
            return handleMap.remove(value)
        }
    }

    override fun read(buf: ByteBuffer): SecureStore {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: SecureStore) = 8UL

    override fun write(value: SecureStore, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * One person's session with one service. A session that is opened twice is the same session in
 * two objects: compare their ids.
 */
internal interface SessionInterface {

    /**
     * A valid access token, refreshed if necessary. Concurrent callers share one refresh, which
     * continues if they are cancelled.
     */
    suspend fun `accessToken`(): Secret

    /**
     * Another access token, after a resource has rejected the token `refused` (401). All callers
     * share one refresh.
     */
    suspend fun `accessTokenAfter`(`refused`: kotlin.String): Secret

    /**
     * Reports the answer to a request that was sent with an `Authorization`: its status, and its
     * `Set-Cookie` headers, which are stored. Returns nothing if the answer is for the app. If it
     * returns an authorization, send the request again with it, and report that answer, too.
     */
    suspend fun `answered`(`sent`: Authorization, `status`: kotlin.Int, `setCookie`: List<kotlin.String>): Authorization?

    /**
     * The headers for a request of the app to its backend (in direct mode: to the provider): a
     * valid access token, refreshed if necessary, or the backend's cookies. They are for this URL
     * only. Report the answer to `answered`.
     */
    suspend fun `authorize`(`url`: kotlin.String): Authorization

    /**
     * Begins a login under this session, in mediated mode: for identity verification, or for
     * another purpose of the backend for a known person. The login has a separate session.
     */
    suspend fun `begin`(`request`: LoginRequest): LoginAttempt

    /**
     * The scopes that were requested and not granted.
     */
    fun `deniedScopes`(): List<kotlin.String>

    /**
     * Why the session has ended, if that is known. `null` or `nil` does not mean that the service
     * still accepts it; `accessToken` finds out.
     */
    fun `ended`(): SessionEnd?

    /**
     * The events of this session: the last one, and all from now on. Use it to show whether the
     * person is logged in.
     */
    fun `events`(): SessionEvents

    /**
     * When the access token expires, in seconds since the epoch. Nothing if that is unknown.
     */
    fun `expiresAt`(): kotlin.Long?

    /**
     * The id, with which the app can open the session later.
     */
    fun `id`(): SessionId

    /**
     * Logs out: removes the tokens or cookies from the store, and revokes them at the provider or
     * logs out at the backend, if they offer that. It is final: the result of a refresh in
     * progress, also in another process, is discarded.
     *
     * If it throws, the person is **still logged in**.
     */
    suspend fun `logOut`(): LogOut

    /**
     * When the person logged in, in seconds since the epoch.
     */
    fun `loggedInAt`(): kotlin.Long

    /**
     * The identity of the person as a presentation of these claims, named by their keys. A claim
     * that the person did not share, or does not have, is not in the result. `Configuration` if
     * the service has no presentations.
     */
    suspend fun `presentation`(`claims`: List<kotlin.String>): Presentation

    /**
     * The purpose of the login.
     */
    fun `purpose`(): Purpose

    /**
     * The scope that was granted.
     */
    fun `scope`(): List<kotlin.String>

    /**
     * The `sub` of the person, if it was read before: for `LoginRequest.subject` of the next
     * login.
     */
    fun `subject`(): kotlin.String?

    /**
     * The identity of the person as OpenID user info, from the provider or the backend.
     */
    suspend fun `userInfo`(): UserInfo

    companion object
}

/**
 * One person's session with one service. A session that is opened twice is the same session in
 * two objects: compare their ids.
 */
internal open class Session: Disposable, AutoCloseable, SessionInterface
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneOpen())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_switchback_bindings_fn_free_session(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long = callWithHandle { it }

    private fun uniffiCloneOpen(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_switchback_bindings_fn_clone_session(handle, status)
        }
    }


    /**
     * A valid access token, refreshed if necessary. Concurrent callers share one refresh, which
     * continues if they are cancelled.
     */
    @Throws(SwitchbackException::class)
    @Suppress("ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE")
    override suspend fun `accessToken`() : Secret {
        return uniffiRustCallAsync(
        callWithHandle { uniffiHandle ->
            UniffiLib.uniffi_switchback_bindings_fn_method_session_access_token(
                uniffiHandle,

            )
        },
        { future, callback, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_poll_u64(future, callback, continuation) },
        { future, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_complete_u64(future, continuation) },
        { future -> UniffiLib.ffi_switchback_bindings_rust_future_free_u64(future) },
        // lift function
        { FfiConverterTypeSecret.lift(it) },
        // Error FFI converter
        SwitchbackException.ErrorHandler,
    )
    }


    /**
     * Another access token, after a resource has rejected the token `refused` (401). All callers
     * share one refresh.
     */
    @Throws(SwitchbackException::class)
    @Suppress("ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE")
    override suspend fun `accessTokenAfter`(`refused`: kotlin.String) : Secret {
        return uniffiRustCallAsync(
        callWithHandle { uniffiHandle ->
            UniffiLib.uniffi_switchback_bindings_fn_method_session_access_token_after(
                uniffiHandle,

        FfiConverterString.lower(`refused`),
            )
        },
        { future, callback, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_poll_u64(future, callback, continuation) },
        { future, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_complete_u64(future, continuation) },
        { future -> UniffiLib.ffi_switchback_bindings_rust_future_free_u64(future) },
        // lift function
        { FfiConverterTypeSecret.lift(it) },
        // Error FFI converter
        SwitchbackException.ErrorHandler,
    )
    }


    /**
     * Reports the answer to a request that was sent with an `Authorization`: its status, and its
     * `Set-Cookie` headers, which are stored. Returns nothing if the answer is for the app. If it
     * returns an authorization, send the request again with it, and report that answer, too.
     */
    @Throws(SwitchbackException::class)
    @Suppress("ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE")
    override suspend fun `answered`(`sent`: Authorization, `status`: kotlin.Int, `setCookie`: List<kotlin.String>) : Authorization? {
        return uniffiRustCallAsync(
        callWithHandle { uniffiHandle ->
            UniffiLib.uniffi_switchback_bindings_fn_method_session_answered(
                uniffiHandle,

        FfiConverterTypeAuthorization.lower(`sent`),
        FfiConverterInt.lower(`status`),
        FfiConverterSequenceString.lower(`setCookie`),
            )
        },
        { future, callback, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_poll_rust_buffer(future, callback, continuation) },
        { future, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_complete_rust_buffer(future, continuation) },
        { future -> UniffiLib.ffi_switchback_bindings_rust_future_free_rust_buffer(future) },
        // lift function
        { FfiConverterOptionalTypeAuthorization.lift(it) },
        // Error FFI converter
        SwitchbackException.ErrorHandler,
    )
    }


    /**
     * The headers for a request of the app to its backend (in direct mode: to the provider): a
     * valid access token, refreshed if necessary, or the backend's cookies. They are for this URL
     * only. Report the answer to `answered`.
     */
    @Throws(SwitchbackException::class)
    @Suppress("ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE")
    override suspend fun `authorize`(`url`: kotlin.String) : Authorization {
        return uniffiRustCallAsync(
        callWithHandle { uniffiHandle ->
            UniffiLib.uniffi_switchback_bindings_fn_method_session_authorize(
                uniffiHandle,

        FfiConverterString.lower(`url`),
            )
        },
        { future, callback, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_poll_u64(future, callback, continuation) },
        { future, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_complete_u64(future, continuation) },
        { future -> UniffiLib.ffi_switchback_bindings_rust_future_free_u64(future) },
        // lift function
        { FfiConverterTypeAuthorization.lift(it) },
        // Error FFI converter
        SwitchbackException.ErrorHandler,
    )
    }


    /**
     * Begins a login under this session, in mediated mode: for identity verification, or for
     * another purpose of the backend for a known person. The login has a separate session.
     */
    @Throws(SwitchbackException::class)
    @Suppress("ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE")
    override suspend fun `begin`(`request`: LoginRequest) : LoginAttempt {
        return uniffiRustCallAsync(
        callWithHandle { uniffiHandle ->
            UniffiLib.uniffi_switchback_bindings_fn_method_session_begin(
                uniffiHandle,

        FfiConverterTypeLoginRequest.lower(`request`),
            )
        },
        { future, callback, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_poll_rust_buffer(future, callback, continuation) },
        { future, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_complete_rust_buffer(future, continuation) },
        { future -> UniffiLib.ffi_switchback_bindings_rust_future_free_rust_buffer(future) },
        // lift function
        { FfiConverterTypeLoginAttempt.lift(it) },
        // Error FFI converter
        SwitchbackException.ErrorHandler,
    )
    }


    /**
     * The scopes that were requested and not granted.
     */override fun `deniedScopes`(): List<kotlin.String> {
            return FfiConverterSequenceString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_session_denied_scopes(
        it,
        _status)
}
    }
    )
    }



    /**
     * Why the session has ended, if that is known. `null` or `nil` does not mean that the service
     * still accepts it; `accessToken` finds out.
     */override fun `ended`(): SessionEnd? {
            return FfiConverterOptionalTypeSessionEnd.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_session_ended(
        it,
        _status)
}
    }
    )
    }



    /**
     * The events of this session: the last one, and all from now on. Use it to show whether the
     * person is logged in.
     */override fun `events`(): SessionEvents {
            return FfiConverterTypeSessionEvents.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_session_events(
        it,
        _status)
}
    }
    )
    }



    /**
     * When the access token expires, in seconds since the epoch. Nothing if that is unknown.
     */override fun `expiresAt`(): kotlin.Long? {
            return FfiConverterOptionalLong.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_session_expires_at(
        it,
        _status)
}
    }
    )
    }



    /**
     * The id, with which the app can open the session later.
     */override fun `id`(): SessionId {
            return FfiConverterTypeSessionId.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_session_id(
        it,
        _status)
}
    }
    )
    }



    /**
     * Logs out: removes the tokens or cookies from the store, and revokes them at the provider or
     * logs out at the backend, if they offer that. It is final: the result of a refresh in
     * progress, also in another process, is discarded.
     *
     * If it throws, the person is **still logged in**.
     */
    @Throws(SwitchbackException::class)
    @Suppress("ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE")
    override suspend fun `logOut`() : LogOut {
        return uniffiRustCallAsync(
        callWithHandle { uniffiHandle ->
            UniffiLib.uniffi_switchback_bindings_fn_method_session_log_out(
                uniffiHandle,

            )
        },
        { future, callback, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_poll_rust_buffer(future, callback, continuation) },
        { future, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_complete_rust_buffer(future, continuation) },
        { future -> UniffiLib.ffi_switchback_bindings_rust_future_free_rust_buffer(future) },
        // lift function
        { FfiConverterTypeLogOut.lift(it) },
        // Error FFI converter
        SwitchbackException.ErrorHandler,
    )
    }


    /**
     * When the person logged in, in seconds since the epoch.
     */override fun `loggedInAt`(): kotlin.Long {
            return FfiConverterLong.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_session_logged_in_at(
        it,
        _status)
}
    }
    )
    }



    /**
     * The identity of the person as a presentation of these claims, named by their keys. A claim
     * that the person did not share, or does not have, is not in the result. `Configuration` if
     * the service has no presentations.
     */
    @Throws(SwitchbackException::class)
    @Suppress("ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE")
    override suspend fun `presentation`(`claims`: List<kotlin.String>) : Presentation {
        return uniffiRustCallAsync(
        callWithHandle { uniffiHandle ->
            UniffiLib.uniffi_switchback_bindings_fn_method_session_presentation(
                uniffiHandle,

        FfiConverterSequenceString.lower(`claims`),
            )
        },
        { future, callback, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_poll_u64(future, callback, continuation) },
        { future, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_complete_u64(future, continuation) },
        { future -> UniffiLib.ffi_switchback_bindings_rust_future_free_u64(future) },
        // lift function
        { FfiConverterTypePresentation.lift(it) },
        // Error FFI converter
        SwitchbackException.ErrorHandler,
    )
    }


    /**
     * The purpose of the login.
     */override fun `purpose`(): Purpose {
            return FfiConverterTypePurpose.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_session_purpose(
        it,
        _status)
}
    }
    )
    }



    /**
     * The scope that was granted.
     */override fun `scope`(): List<kotlin.String> {
            return FfiConverterSequenceString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_session_scope(
        it,
        _status)
}
    }
    )
    }



    /**
     * The `sub` of the person, if it was read before: for `LoginRequest.subject` of the next
     * login.
     */override fun `subject`(): kotlin.String? {
            return FfiConverterOptionalString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_session_subject(
        it,
        _status)
}
    }
    )
    }



    /**
     * The identity of the person as OpenID user info, from the provider or the backend.
     */
    @Throws(SwitchbackException::class)
    @Suppress("ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE")
    override suspend fun `userInfo`() : UserInfo {
        return uniffiRustCallAsync(
        callWithHandle { uniffiHandle ->
            UniffiLib.uniffi_switchback_bindings_fn_method_session_user_info(
                uniffiHandle,

            )
        },
        { future, callback, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_poll_rust_buffer(future, callback, continuation) },
        { future, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_complete_rust_buffer(future, continuation) },
        { future -> UniffiLib.ffi_switchback_bindings_rust_future_free_rust_buffer(future) },
        // lift function
        { FfiConverterTypeUserInfo.lift(it) },
        // Error FFI converter
        SwitchbackException.ErrorHandler,
    )
    }





    // The local Rust `Display`/`Debug` implementation.
    override fun toString(): String {
        if (callCounter.get() == 0L) return "${javaClass.simpleName}(closed)"
        return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_session_uniffi_trait_display(
        it,
        _status)
}
    }
    )
    }



    /**
     * @suppress
     */
    companion object

}


/**
 * @suppress
 */
internal object FfiConverterTypeSession: FfiConverter<Session, Long> {
    override fun lower(value: Session): Long {
        return value.uniffiCloneHandle()
    }

    override fun lift(value: Long): Session {
        return Session(UniffiWithHandle, value)
    }

    override fun read(buf: ByteBuffer): Session {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: Session) = 8UL

    override fun write(value: Session, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * The events of one session, for one listener or several. A slow listener gets the latest event
 * and misses earlier ones.
 */
internal interface SessionEventsInterface {

    /**
     * The last event since the session was opened, if there was one.
     */
    fun `last`(): SessionEvent?

    /**
     * The next event after the event with this number. Begin with 0, which returns the last event
     * at once if there was one. A cancelled call loses no event: call again with the same number.
     */
    suspend fun `next`(`after`: kotlin.Long): Changed

    companion object
}

/**
 * The events of one session, for one listener or several. A slow listener gets the latest event
 * and misses earlier ones.
 */
internal open class SessionEvents: Disposable, AutoCloseable, SessionEventsInterface
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneOpen())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_switchback_bindings_fn_free_sessionevents(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long = callWithHandle { it }

    private fun uniffiCloneOpen(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_switchback_bindings_fn_clone_sessionevents(handle, status)
        }
    }


    /**
     * The last event since the session was opened, if there was one.
     */override fun `last`(): SessionEvent? {
            return FfiConverterOptionalTypeSessionEvent.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_sessionevents_last(
        it,
        _status)
}
    }
    )
    }



    /**
     * The next event after the event with this number. Begin with 0, which returns the last event
     * at once if there was one. A cancelled call loses no event: call again with the same number.
     */
    @Throws(SwitchbackException::class)
    @Suppress("ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE")
    override suspend fun `next`(`after`: kotlin.Long) : Changed {
        return uniffiRustCallAsync(
        callWithHandle { uniffiHandle ->
            UniffiLib.uniffi_switchback_bindings_fn_method_sessionevents_next(
                uniffiHandle,

        FfiConverterLong.lower(`after`),
            )
        },
        { future, callback, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_poll_rust_buffer(future, callback, continuation) },
        { future, continuation -> UniffiLib.ffi_switchback_bindings_rust_future_complete_rust_buffer(future, continuation) },
        { future -> UniffiLib.ffi_switchback_bindings_rust_future_free_rust_buffer(future) },
        // lift function
        { FfiConverterTypeChanged.lift(it) },
        // Error FFI converter
        SwitchbackException.ErrorHandler,
    )
    }








    /**
     * @suppress
     */
    companion object

}


/**
 * @suppress
 */
internal object FfiConverterTypeSessionEvents: FfiConverter<SessionEvents, Long> {
    override fun lower(value: SessionEvents): Long {
        return value.uniffiCloneHandle()
    }

    override fun lift(value: Long): SessionEvents {
        return SessionEvents(UniffiWithHandle, value)
    }

    override fun read(buf: ByteBuffer): SessionEvents {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: SessionEvents) = 8UL

    override fun write(value: SessionEvents, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}



/**
 * An event with its number.
 */
internal data class Changed (
    /**
     * The number to pass to the next call of `next`.
     */
    val `number`: kotlin.Long
    ,
    /**
     * What happened.
     */
    val `event`: SessionEvent

){





    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeChanged: FfiConverterRustBuffer<Changed> {
    override fun read(buf: ByteBuffer): Changed {
        return Changed(
            FfiConverterLong.read(buf),
            FfiConverterTypeSessionEvent.read(buf),
        )
    }

    override fun allocationSize(value: Changed) = (
            FfiConverterLong.allocationSize(value.`number`) +
            FfiConverterTypeSessionEvent.allocationSize(value.`event`)
    )

    override fun write(value: Changed, buf: ByteBuffer) {
            FfiConverterLong.write(value.`number`, buf)
            FfiConverterTypeSessionEvent.write(value.`event`, buf)
    }
}



/**
 * One claim. Its text form shows its key.
 */
internal data class Claim (
    /**
     * The service's key: compare it with `TruidClaimType.EMAIL.key()` for example.
     */
    val `key`: kotlin.String
    ,
    /**
     * The value.
     */
    val `value`: ClaimValue
    ,
    /**
     * All other fields of the claim, as a JSON object.
     */
    val `more`: kotlin.String

){




    // The local Rust `Display`/`Debug` implementation.
    override fun toString(): String {
        return FfiConverterString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_claim_uniffi_trait_display(FfiConverterTypeClaim.lower(this),
        _status)
}
    )
    }

    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeClaim: FfiConverterRustBuffer<Claim> {
    override fun read(buf: ByteBuffer): Claim {
        return Claim(
            FfiConverterString.read(buf),
            FfiConverterTypeClaimValue.read(buf),
            FfiConverterString.read(buf),
        )
    }

    override fun allocationSize(value: Claim) = (
            FfiConverterString.allocationSize(value.`key`) +
            FfiConverterTypeClaimValue.allocationSize(value.`value`) +
            FfiConverterString.allocationSize(value.`more`)
    )

    override fun write(value: Claim, buf: ByteBuffer) {
            FfiConverterString.write(value.`key`, buf)
            FfiConverterTypeClaimValue.write(value.`value`, buf)
            FfiConverterString.write(value.`more`, buf)
    }
}



/**
 * The configuration of an app. The client's constructor checks it, and every error says what to
 * change.
 *
 * It has no field for a client secret: every person who has the app can read all that ships in
 * it. A provider that requires a client secret needs the service's backend in between (RFC 8252
 * §8.5): `Mode.Mediated`.
 */
internal data class Config (
    /**
     * The service that the person logs in with.
     */
    val `provider`: Provider
    ,
    /**
     * Whether the app or the service's backend talks to the provider.
     */
    val `mode`: Mode
    ,
    /**
     * The registered redirect URI, character by character: a universal link or App Link of this
     * app. In mediated mode it is on the backend's origin.
     */
    val `redirectUri`: kotlin.String
    ,
    /**
     * Whether this client is registered as a test service. A test service may use `http` and
     * custom schemes in its redirect URI. In mediated mode the callback of a custom scheme is
     * forwarded to its path at the backend. Provider and backend may then also use `http` at a
     * private address or `*.local`: on the developer's machine.
     */
    val `testService`: kotlin.Boolean = false
    ,
    /**
     * How long a login may take, in seconds: at most a day. A later callback is `Expired`.
     */
    val `loginTimeout`: kotlin.Long = 600L
    ,
    /**
     * An access token that expires in less than this many seconds is refreshed before it is
     * returned, but not before three quarters of its lifetime have passed.
     */
    val `refreshSkew`: kotlin.Long = 30L
    ,
    /**
     * The redirect URIs of purposes that have a separate one (Truid has one for each function).
     * The other purposes use `redirectUri`.
     */
    val `redirectUris`: Map<Purpose, kotlin.String> = mapOf()

){





    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeConfig: FfiConverterRustBuffer<Config> {
    override fun read(buf: ByteBuffer): Config {
        return Config(
            FfiConverterTypeProvider.read(buf),
            FfiConverterTypeMode.read(buf),
            FfiConverterString.read(buf),
            FfiConverterBoolean.read(buf),
            FfiConverterLong.read(buf),
            FfiConverterLong.read(buf),
            FfiConverterMapTypePurposeString.read(buf),
        )
    }

    override fun allocationSize(value: Config) = (
            FfiConverterTypeProvider.allocationSize(value.`provider`) +
            FfiConverterTypeMode.allocationSize(value.`mode`) +
            FfiConverterString.allocationSize(value.`redirectUri`) +
            FfiConverterBoolean.allocationSize(value.`testService`) +
            FfiConverterLong.allocationSize(value.`loginTimeout`) +
            FfiConverterLong.allocationSize(value.`refreshSkew`) +
            FfiConverterMapTypePurposeString.allocationSize(value.`redirectUris`)
    )

    override fun write(value: Config, buf: ByteBuffer) {
            FfiConverterTypeProvider.write(value.`provider`, buf)
            FfiConverterTypeMode.write(value.`mode`, buf)
            FfiConverterString.write(value.`redirectUri`, buf)
            FfiConverterBoolean.write(value.`testService`, buf)
            FfiConverterLong.write(value.`loginTimeout`, buf)
            FfiConverterLong.write(value.`refreshSkew`, buf)
            FfiConverterMapTypePurposeString.write(value.`redirectUris`, buf)
    }
}



/**
 * How Switchback recognizes the first run after an installation, and what it then does. iOS keeps
 * the keychain when an app is deleted, so a new installation finds the sessions of the old one.
 *
 * The first update that adds this to an existing app counts as a first run: begin with `Keep`, so
 * that persons stay logged in.
 */
internal data class FirstRun (
    /**
     * A folder that the system deletes with the app, that no backup restores on another device,
     * and that all processes that use the store share. It is created if it does not exist.
     */
    val `markerFolder`: kotlin.String
    ,
    /**
     * What happens to sessions of an earlier installation.
     */
    val `sessions`: AfterReinstall

){





    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeFirstRun: FfiConverterRustBuffer<FirstRun> {
    override fun read(buf: ByteBuffer): FirstRun {
        return FirstRun(
            FfiConverterString.read(buf),
            FfiConverterTypeAfterReinstall.read(buf),
        )
    }

    override fun allocationSize(value: FirstRun) = (
            FfiConverterString.allocationSize(value.`markerFolder`) +
            FfiConverterTypeAfterReinstall.allocationSize(value.`sessions`)
    )

    override fun write(value: FirstRun, buf: ByteBuffer) {
            FfiConverterString.write(value.`markerFolder`, buf)
            FfiConverterTypeAfterReinstall.write(value.`sessions`, buf)
    }
}



/**
 * One header of a request or an answer. Its text form shows its name.
 */
internal data class Header (
    /**
     * The name, in lower case.
     */
    val `name`: kotlin.String
    ,
    /**
     * The value, often a secret.
     */
    val `value`: kotlin.String

){




    // The local Rust `Display`/`Debug` implementation.
    override fun toString(): String {
        return FfiConverterString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_header_uniffi_trait_display(FfiConverterTypeHeader.lower(this),
        _status)
}
    )
    }

    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeHeader: FfiConverterRustBuffer<Header> {
    override fun read(buf: ByteBuffer): Header {
        return Header(
            FfiConverterString.read(buf),
            FfiConverterString.read(buf),
        )
    }

    override fun allocationSize(value: Header) = (
            FfiConverterString.allocationSize(value.`name`) +
            FfiConverterString.allocationSize(value.`value`)
    )

    override fun write(value: Header, buf: ByteBuffer) {
            FfiConverterString.write(value.`name`, buf)
            FfiConverterString.write(value.`value`, buf)
    }
}



/**
 * A request to send. Its text form shows the method, and the URL without the query.
 */
internal data class HttpRequest (
    /**
     * `GET` or `POST`.
     */
    val `method`: kotlin.String
    ,
    /**
     * An absolute https URL, or http on loopback. Redirects are never followed.
     */
    val `url`: kotlin.String
    ,
    /**
     * The headers, with names in lower case.
     */
    val `headers`: List<Header>
    ,
    /**
     * The body of a `POST`: a form.
     */
    val `body`: kotlin.String?
    ,
    /**
     * Whether the request must reach the server at most once.
     */
    val `once`: kotlin.Boolean
    ,
    /**
     * The seconds after which the transport must give up.
     */
    val `timeout`: kotlin.Long

){




    // The local Rust `Display`/`Debug` implementation.
    override fun toString(): String {
        return FfiConverterString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_httprequest_uniffi_trait_display(FfiConverterTypeHttpRequest.lower(this),
        _status)
}
    )
    }

    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeHttpRequest: FfiConverterRustBuffer<HttpRequest> {
    override fun read(buf: ByteBuffer): HttpRequest {
        return HttpRequest(
            FfiConverterString.read(buf),
            FfiConverterString.read(buf),
            FfiConverterSequenceTypeHeader.read(buf),
            FfiConverterOptionalString.read(buf),
            FfiConverterBoolean.read(buf),
            FfiConverterLong.read(buf),
        )
    }

    override fun allocationSize(value: HttpRequest) = (
            FfiConverterString.allocationSize(value.`method`) +
            FfiConverterString.allocationSize(value.`url`) +
            FfiConverterSequenceTypeHeader.allocationSize(value.`headers`) +
            FfiConverterOptionalString.allocationSize(value.`body`) +
            FfiConverterBoolean.allocationSize(value.`once`) +
            FfiConverterLong.allocationSize(value.`timeout`)
    )

    override fun write(value: HttpRequest, buf: ByteBuffer) {
            FfiConverterString.write(value.`method`, buf)
            FfiConverterString.write(value.`url`, buf)
            FfiConverterSequenceTypeHeader.write(value.`headers`, buf)
            FfiConverterOptionalString.write(value.`body`, buf)
            FfiConverterBoolean.write(value.`once`, buf)
            FfiConverterLong.write(value.`timeout`, buf)
    }
}



/**
 * The answer. Its text form shows the status and the length of the body.
 */
internal data class HttpResponse (
    /**
     * The status code.
     */
    val `status`: kotlin.Int
    ,
    /**
     * The headers in the order of the answer, each `set-cookie` as a separate header.
     */
    val `headers`: List<Header>
    ,
    /**
     * The decoded body: at most 1 MiB.
     */
    val `body`: kotlin.ByteArray

){




    // The local Rust `Display`/`Debug` implementation.
    override fun toString(): String {
        return FfiConverterString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_httpresponse_uniffi_trait_display(FfiConverterTypeHttpResponse.lower(this),
        _status)
}
    )
    }

    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeHttpResponse: FfiConverterRustBuffer<HttpResponse> {
    override fun read(buf: ByteBuffer): HttpResponse {
        return HttpResponse(
            FfiConverterInt.read(buf),
            FfiConverterSequenceTypeHeader.read(buf),
            FfiConverterByteArray.read(buf),
        )
    }

    override fun allocationSize(value: HttpResponse) = (
            FfiConverterInt.allocationSize(value.`status`) +
            FfiConverterSequenceTypeHeader.allocationSize(value.`headers`) +
            FfiConverterByteArray.allocationSize(value.`body`)
    )

    override fun write(value: HttpResponse, buf: ByteBuffer) {
            FfiConverterInt.write(value.`status`, buf)
            FfiConverterSequenceTypeHeader.write(value.`headers`, buf)
            FfiConverterByteArray.write(value.`body`, buf)
    }
}



/**
 * A lock on a file, in a folder of this device that all processes of the app share.
 */
internal data class LockFile (
    /**
     * The folder, which must exist.
     */
    val `folder`: kotlin.String
    ,
    /**
     * The name of the file without its extension: letters, digits, `-`, `_` and `.`.
     */
    val `name`: kotlin.String

){





    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeLockFile: FfiConverterRustBuffer<LockFile> {
    override fun read(buf: ByteBuffer): LockFile {
        return LockFile(
            FfiConverterString.read(buf),
            FfiConverterString.read(buf),
        )
    }

    override fun allocationSize(value: LockFile) = (
            FfiConverterString.allocationSize(value.`folder`) +
            FfiConverterString.allocationSize(value.`name`)
    )

    override fun write(value: LockFile, buf: ByteBuffer) {
            FfiConverterString.write(value.`folder`, buf)
            FfiConverterString.write(value.`name`, buf)
    }
}



/**
 * One line of the log. It never contains a token, code, verifier, state or claim.
 */
internal data class LogLine (
    /**
     * When it happened, in seconds since the epoch.
     */
    val `at`: kotlin.Long
    ,
    /**
     * A stable name, `login.begun` for example: see `docs/diagnostics.md`.
     */
    val `event`: kotlin.String
    ,
    /**
     * The id of the attempt, which is also the id of the session.
     */
    val `id`: kotlin.String?
    ,
    /**
     * Details, for people.
     */
    val `note`: kotlin.String?

){





    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeLogLine: FfiConverterRustBuffer<LogLine> {
    override fun read(buf: ByteBuffer): LogLine {
        return LogLine(
            FfiConverterLong.read(buf),
            FfiConverterString.read(buf),
            FfiConverterOptionalString.read(buf),
            FfiConverterOptionalString.read(buf),
        )
    }

    override fun allocationSize(value: LogLine) = (
            FfiConverterLong.allocationSize(value.`at`) +
            FfiConverterString.allocationSize(value.`event`) +
            FfiConverterOptionalString.allocationSize(value.`id`) +
            FfiConverterOptionalString.allocationSize(value.`note`)
    )

    override fun write(value: LogLine, buf: ByteBuffer) {
            FfiConverterLong.write(value.`at`, buf)
            FfiConverterString.write(value.`event`, buf)
            FfiConverterOptionalString.write(value.`id`, buf)
            FfiConverterOptionalString.write(value.`note`, buf)
    }
}



/**
 * The result of a log-out. The tokens were removed from the store in any case.
 */
internal data class LogOut (
    /**
     * Whether the service ended the session.
     */
    val `revocation`: Revocation
    ,
    /**
     * If the provider has a logout page: open this URL in a browser to end the person's session
     * with the provider (OpenID Connect RP-Initiated Logout 1.0). It identifies the person: do
     * not log it.
     */
    val `endSessionUrl`: kotlin.String?

){




    // The local Rust `Display`/`Debug` implementation.
    override fun toString(): String {
        return FfiConverterString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_logout_uniffi_trait_display(FfiConverterTypeLogOut.lower(this),
        _status)
}
    )
    }

    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeLogOut: FfiConverterRustBuffer<LogOut> {
    override fun read(buf: ByteBuffer): LogOut {
        return LogOut(
            FfiConverterTypeRevocation.read(buf),
            FfiConverterOptionalString.read(buf),
        )
    }

    override fun allocationSize(value: LogOut) = (
            FfiConverterTypeRevocation.allocationSize(value.`revocation`) +
            FfiConverterOptionalString.allocationSize(value.`endSessionUrl`)
    )

    override fun write(value: LogOut, buf: ByteBuffer) {
            FfiConverterTypeRevocation.write(value.`revocation`, buf)
            FfiConverterOptionalString.write(value.`endSessionUrl`, buf)
    }
}



/**
 * A started login: the URL to open, and until when it is valid.
 */
internal data class LoginAttempt (
    /**
     * Names the attempt, here and in every log.
     */
    val `id`: AttemptId
    ,
    /**
     * The authorization URL: open it in the identity app (as a universal link or App
     * Link) or in a browser, never in a web view. It contains `state`: do not log it.
     */
    val `url`: kotlin.String
    ,
    /**
     * From when a callback is `Expired`, in seconds since the epoch.
     */
    val `expiresAt`: kotlin.Long
    ,
    /**
     * Until when the URL must be opened, in seconds since the epoch, if the service limits that:
     * `reopen` returns a new URL afterwards.
     */
    val `openBefore`: kotlin.Long?

){




    // The local Rust `Display`/`Debug` implementation.
    override fun toString(): String {
        return FfiConverterString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_loginattempt_uniffi_trait_display(FfiConverterTypeLoginAttempt.lower(this),
        _status)
}
    )
    }

    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeLoginAttempt: FfiConverterRustBuffer<LoginAttempt> {
    override fun read(buf: ByteBuffer): LoginAttempt {
        return LoginAttempt(
            FfiConverterTypeAttemptId.read(buf),
            FfiConverterString.read(buf),
            FfiConverterLong.read(buf),
            FfiConverterOptionalLong.read(buf),
        )
    }

    override fun allocationSize(value: LoginAttempt) = (
            FfiConverterTypeAttemptId.allocationSize(value.`id`) +
            FfiConverterString.allocationSize(value.`url`) +
            FfiConverterLong.allocationSize(value.`expiresAt`) +
            FfiConverterOptionalLong.allocationSize(value.`openBefore`)
    )

    override fun write(value: LoginAttempt, buf: ByteBuffer) {
            FfiConverterTypeAttemptId.write(value.`id`, buf)
            FfiConverterString.write(value.`url`, buf)
            FfiConverterLong.write(value.`expiresAt`, buf)
            FfiConverterOptionalLong.write(value.`openBefore`, buf)
    }
}



/**
 * What a login requests.
 */
internal data class LoginRequest (
    /**
     * What the login is for.
     */
    val `purpose`: Purpose
    ,
    /**
     * The requested scopes, for example the keys of Truid's data points. Must be empty in
     * mediated mode, where the backend decides.
     */
    val `scope`: List<kotlin.String> = listOf()
    ,
    /**
     * Whether to send a `nonce` (OpenID Connect Core §3.1.2.1). An ID token without this nonce
     * fails the login. Must be false in mediated mode.
     */
    val `nonce`: kotlin.Boolean = false
    ,
    /**
     * More parameters for the authorization request; in mediated mode for the backend.
     */
    val `extra`: Map<kotlin.String, kotlin.String> = mapOf()
    ,
    /**
     * The subject of an earlier session, if the same person must log in again. If another person
     * logs in, that login is dropped and does not replace the session.
     */
    val `subject`: kotlin.String? = null

){




    // The local Rust `Display`/`Debug` implementation.
    override fun toString(): String {
        return FfiConverterString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_loginrequest_uniffi_trait_display(FfiConverterTypeLoginRequest.lower(this),
        _status)
}
    )
    }

    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeLoginRequest: FfiConverterRustBuffer<LoginRequest> {
    override fun read(buf: ByteBuffer): LoginRequest {
        return LoginRequest(
            FfiConverterTypePurpose.read(buf),
            FfiConverterSequenceString.read(buf),
            FfiConverterBoolean.read(buf),
            FfiConverterMapStringString.read(buf),
            FfiConverterOptionalString.read(buf),
        )
    }

    override fun allocationSize(value: LoginRequest) = (
            FfiConverterTypePurpose.allocationSize(value.`purpose`) +
            FfiConverterSequenceString.allocationSize(value.`scope`) +
            FfiConverterBoolean.allocationSize(value.`nonce`) +
            FfiConverterMapStringString.allocationSize(value.`extra`) +
            FfiConverterOptionalString.allocationSize(value.`subject`)
    )

    override fun write(value: LoginRequest, buf: ByteBuffer) {
            FfiConverterTypePurpose.write(value.`purpose`, buf)
            FfiConverterSequenceString.write(value.`scope`, buf)
            FfiConverterBoolean.write(value.`nonce`, buf)
            FfiConverterMapStringString.write(value.`extra`, buf)
            FfiConverterOptionalString.write(value.`subject`, buf)
    }
}



/**
 * An OAuth error (RFC 6749 §4.1.2.1 and §5.2): a code, and the server's description.
 */
internal data class OAuthError (
    /**
     * The code, `invalid_scope` for example.
     */
    val `code`: kotlin.String
    ,
    /**
     * The server's description, for a developer and not for the person.
     */
    val `description`: kotlin.String?

){





    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeOAuthError: FfiConverterRustBuffer<OAuthError> {
    override fun read(buf: ByteBuffer): OAuthError {
        return OAuthError(
            FfiConverterString.read(buf),
            FfiConverterOptionalString.read(buf),
        )
    }

    override fun allocationSize(value: OAuthError) = (
            FfiConverterString.allocationSize(value.`code`) +
            FfiConverterOptionalString.allocationSize(value.`description`)
    )

    override fun write(value: OAuthError, buf: ByteBuffer) {
            FfiConverterString.write(value.`code`, buf)
            FfiConverterOptionalString.write(value.`description`, buf)
    }
}



/**
 * A login that waits for its callback.
 */
internal data class PendingLogin (
    /**
     * The id of the attempt.
     */
    val `id`: AttemptId
    ,
    /**
     * What the login is for.
     */
    val `purpose`: Purpose
    ,
    /**
     * When the login began, in seconds since the epoch.
     */
    val `startedAt`: kotlin.Long
    ,
    /**
     * From when a callback is `Expired`, in seconds since the epoch.
     */
    val `expiresAt`: kotlin.Long

){





    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypePendingLogin: FfiConverterRustBuffer<PendingLogin> {
    override fun read(buf: ByteBuffer): PendingLogin {
        return PendingLogin(
            FfiConverterTypeAttemptId.read(buf),
            FfiConverterTypePurpose.read(buf),
            FfiConverterLong.read(buf),
            FfiConverterLong.read(buf),
        )
    }

    override fun allocationSize(value: PendingLogin) = (
            FfiConverterTypeAttemptId.allocationSize(value.`id`) +
            FfiConverterTypePurpose.allocationSize(value.`purpose`) +
            FfiConverterLong.allocationSize(value.`startedAt`) +
            FfiConverterLong.allocationSize(value.`expiresAt`)
    )

    override fun write(value: PendingLogin, buf: ByteBuffer) {
            FfiConverterTypeAttemptId.write(value.`id`, buf)
            FfiConverterTypePurpose.write(value.`purpose`, buf)
            FfiConverterLong.write(value.`startedAt`, buf)
            FfiConverterLong.write(value.`expiresAt`, buf)
    }
}



/**
 * The store, HTTP transport and locks that the app gives to Switchback.
 */
internal data class Platform (
    /**
     * The store of the tokens.
     */
    val `store`: SecureStore
    ,
    /**
     * The HTTP transport. If absent, Switchback uses its built-in transport, which the library
     * must be built with (`full`).
     */
    val `http`: HttpTransport? = null
    ,
    /**
     * For an app of several processes: a lock on a file that its processes share. Not together
     * with `processLock`. On iOS set `background`, too: the system kills an app that is
     * suspended while it holds such a lock.
     */
    val `lockFile`: LockFile? = null
    ,
    /**
     * A process lock that the app implements.
     */
    val `processLock`: ProcessLock? = null
    ,
    /**
     * Keeps the app running during a refresh or a login, on iOS.
     */
    val `background`: BackgroundTasks? = null
    ,
    /**
     * What the first run after an installation does. If absent, sessions are kept.
     */
    val `firstRun`: FirstRun? = null

): Disposable{





    @Suppress("UNNECESSARY_SAFE_CALL") // codegen is much simpler if we unconditionally emit safe calls here
    override fun destroy() {

    Disposable.destroy(
        this.`store`,
        this.`http`,
        this.`lockFile`,
        this.`processLock`,
        this.`background`,
        this.`firstRun`
    )
    }

    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypePlatform: FfiConverterRustBuffer<Platform> {
    override fun read(buf: ByteBuffer): Platform {
        return Platform(
            FfiConverterTypeSecureStore.read(buf),
            FfiConverterOptionalTypeHttpTransport.read(buf),
            FfiConverterOptionalTypeLockFile.read(buf),
            FfiConverterOptionalTypeProcessLock.read(buf),
            FfiConverterOptionalTypeBackgroundTasks.read(buf),
            FfiConverterOptionalTypeFirstRun.read(buf),
        )
    }

    override fun allocationSize(value: Platform) = (
            FfiConverterTypeSecureStore.allocationSize(value.`store`) +
            FfiConverterOptionalTypeHttpTransport.allocationSize(value.`http`) +
            FfiConverterOptionalTypeLockFile.allocationSize(value.`lockFile`) +
            FfiConverterOptionalTypeProcessLock.allocationSize(value.`processLock`) +
            FfiConverterOptionalTypeBackgroundTasks.allocationSize(value.`background`) +
            FfiConverterOptionalTypeFirstRun.allocationSize(value.`firstRun`)
    )

    override fun write(value: Platform, buf: ByteBuffer) {
            FfiConverterTypeSecureStore.write(value.`store`, buf)
            FfiConverterOptionalTypeHttpTransport.write(value.`http`, buf)
            FfiConverterOptionalTypeLockFile.write(value.`lockFile`, buf)
            FfiConverterOptionalTypeProcessLock.write(value.`processLock`, buf)
            FfiConverterOptionalTypeBackgroundTasks.write(value.`background`, buf)
            FfiConverterOptionalTypeFirstRun.write(value.`firstRun`, buf)
    }
}



/**
 * The service that a person logs in with. Each service has a function that returns its
 * `Provider`: `Provider.truid()`. A field that is set replaces what the service documents.
 */
internal data class Provider (
    /**
     * The service's stable name, `truid` for example.
     */
    val `id`: kotlin.String
    ,
    /**
     * The base URL of another environment than production: a test environment, or a sandbox on
     * loopback.
     */
    val `baseUrl`: kotlin.String? = null
    ,
    /**
     * The issuer that every callback must name (RFC 9207). Without an issuer here, a callback may
     * omit `iss`, or name an issuer on the service's own host.
     */
    val `issuer`: kotlin.String? = null
    ,
    /**
     * The path of the revocation endpoint below the base URL (RFC 7009).
     */
    val `revocation`: kotlin.String? = null
    ,
    /**
     * The path of the end-session endpoint below the base URL (OpenID Connect RP-Initiated Logout
     * 1.0).
     */
    val `endSession`: kotlin.String? = null

){





    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeProvider: FfiConverterRustBuffer<Provider> {
    override fun read(buf: ByteBuffer): Provider {
        return Provider(
            FfiConverterString.read(buf),
            FfiConverterOptionalString.read(buf),
            FfiConverterOptionalString.read(buf),
            FfiConverterOptionalString.read(buf),
            FfiConverterOptionalString.read(buf),
        )
    }

    override fun allocationSize(value: Provider) = (
            FfiConverterString.allocationSize(value.`id`) +
            FfiConverterOptionalString.allocationSize(value.`baseUrl`) +
            FfiConverterOptionalString.allocationSize(value.`issuer`) +
            FfiConverterOptionalString.allocationSize(value.`revocation`) +
            FfiConverterOptionalString.allocationSize(value.`endSession`)
    )

    override fun write(value: Provider, buf: ByteBuffer) {
            FfiConverterString.write(value.`id`, buf)
            FfiConverterOptionalString.write(value.`baseUrl`, buf)
            FfiConverterOptionalString.write(value.`issuer`, buf)
            FfiConverterOptionalString.write(value.`revocation`, buf)
            FfiConverterOptionalString.write(value.`endSession`, buf)
    }
}



/**
 * One line of a login's timeline: for the app to show, or to send to support.
 */
internal data class TimelineEntry (
    /**
     * Seconds since the epoch.
     */
    val `at`: kotlin.Long
    ,
    /**
     * A stable name, `callback.received` for example: see `docs/diagnostics.md`.
     */
    val `event`: kotlin.String
    ,
    /**
     * Details, for people.
     */
    val `note`: kotlin.String?

){





    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeTimelineEntry: FfiConverterRustBuffer<TimelineEntry> {
    override fun read(buf: ByteBuffer): TimelineEntry {
        return TimelineEntry(
            FfiConverterLong.read(buf),
            FfiConverterString.read(buf),
            FfiConverterOptionalString.read(buf),
        )
    }

    override fun allocationSize(value: TimelineEntry) = (
            FfiConverterLong.allocationSize(value.`at`) +
            FfiConverterString.allocationSize(value.`event`) +
            FfiConverterOptionalString.allocationSize(value.`note`)
    )

    override fun write(value: TimelineEntry, buf: ByteBuffer) {
            FfiConverterLong.write(value.`at`, buf)
            FfiConverterString.write(value.`event`, buf)
            FfiConverterOptionalString.write(value.`note`, buf)
    }
}



/**
 * A portrait, in Truid's format. Its text form shows no data.
 */
internal data class TruidPortraitImage (
    /**
     * The media type, `image/png` for example.
     */
    val `format`: kotlin.String
    ,
    /**
     * The picture itself; absent if it is not base64.
     */
    val `image`: kotlin.ByteArray?
    ,
    /**
     * All other fields, as a JSON object.
     */
    val `more`: kotlin.String

){




    // The local Rust `Display`/`Debug` implementation.
    override fun toString(): String {
        return FfiConverterString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_truidportraitimage_uniffi_trait_display(FfiConverterTypeTruidPortraitImage.lower(this),
        _status)
}
    )
    }

    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeTruidPortraitImage: FfiConverterRustBuffer<TruidPortraitImage> {
    override fun read(buf: ByteBuffer): TruidPortraitImage {
        return TruidPortraitImage(
            FfiConverterString.read(buf),
            FfiConverterOptionalByteArray.read(buf),
            FfiConverterString.read(buf),
        )
    }

    override fun allocationSize(value: TruidPortraitImage) = (
            FfiConverterString.allocationSize(value.`format`) +
            FfiConverterOptionalByteArray.allocationSize(value.`image`) +
            FfiConverterString.allocationSize(value.`more`)
    )

    override fun write(value: TruidPortraitImage, buf: ByteBuffer) {
            FfiConverterString.write(value.`format`, buf)
            FfiConverterOptionalByteArray.write(value.`image`, buf)
            FfiConverterString.write(value.`more`, buf)
    }
}



/**
 * A name in parts, in Truid's format. To show the name, use the full name: not every country
 * writes the given name first. *The field names are a guess.* Its text form shows no data.
 */
internal data class TruidStructuredName (
    /**
     * The full name in its right order.
     */
    val `fullName`: kotlin.String?
    ,
    /**
     * Given names.
     */
    val `givenName`: kotlin.String?
    ,
    /**
     * Family names.
     */
    val `familyName`: kotlin.String?
    ,
    /**
     * All other fields, as a JSON object.
     */
    val `more`: kotlin.String

){




    // The local Rust `Display`/`Debug` implementation.
    override fun toString(): String {
        return FfiConverterString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_truidstructuredname_uniffi_trait_display(FfiConverterTypeTruidStructuredName.lower(this),
        _status)
}
    )
    }

    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeTruidStructuredName: FfiConverterRustBuffer<TruidStructuredName> {
    override fun read(buf: ByteBuffer): TruidStructuredName {
        return TruidStructuredName(
            FfiConverterOptionalString.read(buf),
            FfiConverterOptionalString.read(buf),
            FfiConverterOptionalString.read(buf),
            FfiConverterString.read(buf),
        )
    }

    override fun allocationSize(value: TruidStructuredName) = (
            FfiConverterOptionalString.allocationSize(value.`fullName`) +
            FfiConverterOptionalString.allocationSize(value.`givenName`) +
            FfiConverterOptionalString.allocationSize(value.`familyName`) +
            FfiConverterString.allocationSize(value.`more`)
    )

    override fun write(value: TruidStructuredName, buf: ByteBuffer) {
            FfiConverterOptionalString.write(value.`fullName`, buf)
            FfiConverterOptionalString.write(value.`givenName`, buf)
            FfiConverterOptionalString.write(value.`familyName`, buf)
            FfiConverterString.write(value.`more`, buf)
    }
}



/**
 * Who the person is, as OpenID user info. Every field except `sub` may be absent. Its text form
 * shows no data of the person.
 */
internal data class UserInfo (
    /**
     * The subject identifier: stable for this person at this service, and different at every
     * other service (a pairwise identifier, OpenID Connect Core §8.1).
     */
    val `sub`: kotlin.String
    ,
    /**
     * The issuer.
     */
    val `iss`: kotlin.String?
    ,
    /**
     * The audience.
     */
    val `aud`: kotlin.String?
    ,
    /**
     * The full name.
     */
    val `name`: kotlin.String?
    ,
    /**
     * Given names.
     */
    val `givenName`: kotlin.String?
    ,
    /**
     * Family names.
     */
    val `familyName`: kotlin.String?
    ,
    /**
     * `YYYY-MM-DD`.
     */
    val `birthdate`: kotlin.String?
    ,
    /**
     * `female`, `male` or `other`.
     */
    val `gender`: kotlin.String?
    ,
    /**
     * E-mail address.
     */
    val `email`: kotlin.String?
    ,
    /**
     * Whether the service verified the e-mail address.
     */
    val `emailVerified`: kotlin.Boolean?
    ,
    /**
     * Telephone number, E.164.
     */
    val `phoneNumber`: kotlin.String?
    ,
    /**
     * Whether the service verified the telephone number.
     */
    val `phoneNumberVerified`: kotlin.Boolean?
    ,
    /**
     * The postal address as one text.
     */
    val `address`: kotlin.String?
    ,
    /**
     * All other fields of the answer, as a JSON object.
     */
    val `more`: kotlin.String

){




    // The local Rust `Display`/`Debug` implementation.
    override fun toString(): String {
        return FfiConverterString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_userinfo_uniffi_trait_display(FfiConverterTypeUserInfo.lower(this),
        _status)
}
    )
    }

    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeUserInfo: FfiConverterRustBuffer<UserInfo> {
    override fun read(buf: ByteBuffer): UserInfo {
        return UserInfo(
            FfiConverterString.read(buf),
            FfiConverterOptionalString.read(buf),
            FfiConverterOptionalString.read(buf),
            FfiConverterOptionalString.read(buf),
            FfiConverterOptionalString.read(buf),
            FfiConverterOptionalString.read(buf),
            FfiConverterOptionalString.read(buf),
            FfiConverterOptionalString.read(buf),
            FfiConverterOptionalString.read(buf),
            FfiConverterOptionalBoolean.read(buf),
            FfiConverterOptionalString.read(buf),
            FfiConverterOptionalBoolean.read(buf),
            FfiConverterOptionalString.read(buf),
            FfiConverterString.read(buf),
        )
    }

    override fun allocationSize(value: UserInfo) = (
            FfiConverterString.allocationSize(value.`sub`) +
            FfiConverterOptionalString.allocationSize(value.`iss`) +
            FfiConverterOptionalString.allocationSize(value.`aud`) +
            FfiConverterOptionalString.allocationSize(value.`name`) +
            FfiConverterOptionalString.allocationSize(value.`givenName`) +
            FfiConverterOptionalString.allocationSize(value.`familyName`) +
            FfiConverterOptionalString.allocationSize(value.`birthdate`) +
            FfiConverterOptionalString.allocationSize(value.`gender`) +
            FfiConverterOptionalString.allocationSize(value.`email`) +
            FfiConverterOptionalBoolean.allocationSize(value.`emailVerified`) +
            FfiConverterOptionalString.allocationSize(value.`phoneNumber`) +
            FfiConverterOptionalBoolean.allocationSize(value.`phoneNumberVerified`) +
            FfiConverterOptionalString.allocationSize(value.`address`) +
            FfiConverterString.allocationSize(value.`more`)
    )

    override fun write(value: UserInfo, buf: ByteBuffer) {
            FfiConverterString.write(value.`sub`, buf)
            FfiConverterOptionalString.write(value.`iss`, buf)
            FfiConverterOptionalString.write(value.`aud`, buf)
            FfiConverterOptionalString.write(value.`name`, buf)
            FfiConverterOptionalString.write(value.`givenName`, buf)
            FfiConverterOptionalString.write(value.`familyName`, buf)
            FfiConverterOptionalString.write(value.`birthdate`, buf)
            FfiConverterOptionalString.write(value.`gender`, buf)
            FfiConverterOptionalString.write(value.`email`, buf)
            FfiConverterOptionalBoolean.write(value.`emailVerified`, buf)
            FfiConverterOptionalString.write(value.`phoneNumber`, buf)
            FfiConverterOptionalBoolean.write(value.`phoneNumberVerified`, buf)
            FfiConverterOptionalString.write(value.`address`, buf)
            FfiConverterString.write(value.`more`, buf)
    }
}



/**
 * What happens to sessions of an earlier installation.
 */

internal enum class AfterReinstall {

    /**
     * They are kept: the person who has the device is still logged in.
     */
    KEEP,
    /**
     * They are removed: a new installation begins without a session.
     */
    WIPE;




    companion object
}


/**
 * @suppress
 */
internal object FfiConverterTypeAfterReinstall: FfiConverterRustBuffer<AfterReinstall> {
    override fun read(buf: ByteBuffer) = try {

        AfterReinstall.entries[buf.getInt() - 1]

    } catch (e: IndexOutOfBoundsException) {
        throw RuntimeException("invalid enum value, something is very wrong!!", e)
    }

    override fun allocationSize(value: AfterReinstall) = 4UL

    override fun write(value: AfterReinstall, buf: ByteBuffer) {
        buf.putInt(value.ordinal + 1)
    }
}





/**
 * The service's backend.
 */
internal sealed class Backend {

    /**
     * A backend that is made with Switchback.
     */
    data class Switchback(
        /**
         * The base URL of its routes.
         */
        val `baseUrl`: kotlin.String) : Backend()

    {


        companion object
    }

    /**
     * A backend that is made without Switchback.
     */
    data class Custom(
        /**
         * The URL that starts a login.
         */
        val `startUrl`: kotlin.String,
        /**
         * The URL of the user info, if there is one.
         */
        val `userInfo`: kotlin.String? = null ,
        /**
         * The URL of the presentation, if there is one.
         */
        val `presentation`: kotlin.String? = null ,
        /**
         * The URL that logs the person out, if there is one.
         */
        val `logOut`: kotlin.String? = null ) : Backend()

    {


        companion object
    }








    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeBackend : FfiConverterRustBuffer<Backend>{
    override fun read(buf: ByteBuffer): Backend {
        return when(buf.getInt()) {
            1 -> Backend.Switchback(
                FfiConverterString.read(buf),
                )
            2 -> Backend.Custom(
                FfiConverterString.read(buf),
                FfiConverterOptionalString.read(buf),
                FfiConverterOptionalString.read(buf),
                FfiConverterOptionalString.read(buf),
                )
            else -> throw RuntimeException("invalid enum value, something is very wrong!!")
        }
    }

    override fun allocationSize(value: Backend): ULong = when(value) {
        is Backend.Switchback -> {
            // Add the size for the Int that specifies the variant plus the size needed for all fields
            (
                4UL
                + FfiConverterString.allocationSize(value.`baseUrl`)
            )
        }
        is Backend.Custom -> {
            // Add the size for the Int that specifies the variant plus the size needed for all fields
            (
                4UL
                + FfiConverterString.allocationSize(value.`startUrl`)
                + FfiConverterOptionalString.allocationSize(value.`userInfo`)
                + FfiConverterOptionalString.allocationSize(value.`presentation`)
                + FfiConverterOptionalString.allocationSize(value.`logOut`)
            )
        }
    }

    override fun write(value: Backend, buf: ByteBuffer) {
        when(value) {
            is Backend.Switchback -> {
                buf.putInt(1)
                FfiConverterString.write(value.`baseUrl`, buf)
                Unit
            }
            is Backend.Custom -> {
                buf.putInt(2)
                FfiConverterString.write(value.`startUrl`, buf)
                FfiConverterOptionalString.write(value.`userInfo`, buf)
                FfiConverterOptionalString.write(value.`presentation`, buf)
                FfiConverterOptionalString.write(value.`logOut`, buf)
                Unit
            }
        }.let { /* this makes the `when` an expression, which ensures it is exhaustive */ }
    }
}





/**
 * The value of a claim. A function of the service's reads a value in the service's own format
 * (`truidPortraitImage` for example). Its text form shows no data.
 */
internal sealed class ClaimValue {

    /**
     * A text.
     */
    data class Text(
        /**
         * The text.
         */
        val `text`: kotlin.String) : ClaimValue()

    {


    // The local Rust `Display`/`Debug` implementation.
    override fun toString(): String {
        return FfiConverterString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_claimvalue_uniffi_trait_display(FfiConverterTypeClaimValue.lower(this),
        _status)
}
    )
    }
        companion object
    }

    /**
     * Anything else, as JSON.
     */
    data class Other(
        /**
         * The JSON of the answer.
         */
        val `json`: kotlin.String) : ClaimValue()

    {


    // The local Rust `Display`/`Debug` implementation.
    override fun toString(): String {
        return FfiConverterString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_claimvalue_uniffi_trait_display(FfiConverterTypeClaimValue.lower(this),
        _status)
}
    )
    }
        companion object
    }







    // The local Rust `Display`/`Debug` implementation.
    override fun toString(): String {
        return FfiConverterString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_claimvalue_uniffi_trait_display(FfiConverterTypeClaimValue.lower(this),
        _status)
}
    )
    }

    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeClaimValue : FfiConverterRustBuffer<ClaimValue>{
    override fun read(buf: ByteBuffer): ClaimValue {
        return when(buf.getInt()) {
            1 -> ClaimValue.Text(
                FfiConverterString.read(buf),
                )
            2 -> ClaimValue.Other(
                FfiConverterString.read(buf),
                )
            else -> throw RuntimeException("invalid enum value, something is very wrong!!")
        }
    }

    override fun allocationSize(value: ClaimValue): ULong = when(value) {
        is ClaimValue.Text -> {
            // Add the size for the Int that specifies the variant plus the size needed for all fields
            (
                4UL
                + FfiConverterString.allocationSize(value.`text`)
            )
        }
        is ClaimValue.Other -> {
            // Add the size for the Int that specifies the variant plus the size needed for all fields
            (
                4UL
                + FfiConverterString.allocationSize(value.`json`)
            )
        }
    }

    override fun write(value: ClaimValue, buf: ByteBuffer) {
        when(value) {
            is ClaimValue.Text -> {
                buf.putInt(1)
                FfiConverterString.write(value.`text`, buf)
                Unit
            }
            is ClaimValue.Other -> {
                buf.putInt(2)
                FfiConverterString.write(value.`json`, buf)
                Unit
            }
        }.let { /* this makes the `when` an expression, which ensures it is exhaustive */ }
    }
}







/**
 * A sink did not write a line.
 */
internal sealed class LogException: kotlin.Exception() {
    abstract override val message: kotlin.String


    /**
     * The sink failed.
     */
    class Failed(

        /**
         * Why.
         */
        val `reason`: kotlin.String
        ) : LogException() {
        override val message
            get() = describe()
    }



        /**
         * What happened, in English.
         */ internal fun `describe`(): kotlin.String {
            return FfiConverterString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_logerror_describe(FfiConverterTypeLogError.lower(this),
        _status)
}
    )
    }





    companion object ErrorHandler : UniffiRustCallStatusErrorHandler<LogException> {
        override fun lift(error_buf: RustBuffer.ByValue): LogException = FfiConverterTypeLogError.lift(error_buf)
    }


}

/**
 * @suppress
 */
internal object FfiConverterTypeLogError : FfiConverterRustBuffer<LogException> {
    override fun read(buf: ByteBuffer): LogException {


        return when(buf.getInt()) {
            1 -> LogException.Failed(
                FfiConverterString.read(buf),
                )
            else -> throw RuntimeException("invalid error enum value, something is very wrong!!")
        }
    }

    override fun allocationSize(value: LogException): ULong {
        return when(value) {
            is LogException.Failed -> (
                // Add the size for the Int that specifies the variant plus the size needed for all fields
                4UL
                + FfiConverterString.allocationSize(value.`reason`)
            )
        }
    }

    override fun write(value: LogException, buf: ByteBuffer) {
        when(value) {
            is LogException.Failed -> {
                buf.putInt(1)
                FfiConverterString.write(value.`reason`, buf)
                Unit
            }
        }.let { /* this makes the `when` an expression, which ensures it is exhaustive */ }
    }

}



/**
 * The outcome of a login. An app meets all of these in normal use: they are not errors.
 */
internal sealed class LoginOutcome {

    /**
     * The person is logged in. Completing the same link again returns the same session.
     */
    data class LoggedIn(
        /**
         * The session: open it with the client's `session`.
         */
        val `session`: app.switchback.internal.SessionId,
        /**
         * The scopes that were requested and not granted.
         */
        val `deniedScopes`: List<kotlin.String>) : LoginOutcome()

    {


        companion object
    }

    /**
     * The person declined in the identity app, as the link itself says.
     */
    data object Declined : LoginOutcome()


    /**
     * The provider or the backend refused.
     */
    data class Refused(
        /**
         * The service's error, for a developer.
         */
        val `error`: app.switchback.internal.OAuthError,
        /**
         * Whether the code was probably used by an earlier request: its process ended, or its
         * answer was lost. A new login is all that is needed.
         */
        val `interrupted`: kotlin.Boolean) : LoginOutcome()

    {


        companion object
    }

    /**
     * The link does not lead to a redirect URI of this client: pass it to the app's other link
     * handlers.
     */
    data object NotOurs : LoginOutcome()


    /**
     * The link leads to this client's redirect URI but cannot be read.
     */
    data class Malformed(
        /**
         * What is wrong with the link.
         */
        val `reason`: app.switchback.internal.MalformedLink) : LoginOutcome()

    {


        companion object
    }

    /**
     * No attempt has this link's `state`: the login was cancelled, was begun on another device, is
     * too old, or the link is forged.
     */
    data object Unknown : LoginOutcome()


    /**
     * The callback came after the deadline.
     */
    data object Expired : LoginOutcome()


    /**
     * The login was completed before, and its session has ended.
     */
    data object Replayed : LoginOutcome()


    /**
     * The person approved, but the backend no longer knows this login (mediated mode). Begin
     * again.
     */
    data object Forgotten : LoginOutcome()


    /**
     * Another person logged in than `subject` requested. The new session was removed; the
     * previous session is unchanged.
     */
    data object OtherPerson : LoginOutcome()









    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeLoginOutcome : FfiConverterRustBuffer<LoginOutcome>{
    override fun read(buf: ByteBuffer): LoginOutcome {
        return when(buf.getInt()) {
            1 -> LoginOutcome.LoggedIn(
                FfiConverterTypeSessionId.read(buf),
                FfiConverterSequenceString.read(buf),
                )
            2 -> LoginOutcome.Declined
            3 -> LoginOutcome.Refused(
                FfiConverterTypeOAuthError.read(buf),
                FfiConverterBoolean.read(buf),
                )
            4 -> LoginOutcome.NotOurs
            5 -> LoginOutcome.Malformed(
                FfiConverterTypeMalformedLink.read(buf),
                )
            6 -> LoginOutcome.Unknown
            7 -> LoginOutcome.Expired
            8 -> LoginOutcome.Replayed
            9 -> LoginOutcome.Forgotten
            10 -> LoginOutcome.OtherPerson
            else -> throw RuntimeException("invalid enum value, something is very wrong!!")
        }
    }

    override fun allocationSize(value: LoginOutcome): ULong = when(value) {
        is LoginOutcome.LoggedIn -> {
            // Add the size for the Int that specifies the variant plus the size needed for all fields
            (
                4UL
                + FfiConverterTypeSessionId.allocationSize(value.`session`)
                + FfiConverterSequenceString.allocationSize(value.`deniedScopes`)
            )
        }
        is LoginOutcome.Declined -> {
            // Add the size for the Int that specifies the variant plus the size needed for all fields
            (
                4UL
            )
        }
        is LoginOutcome.Refused -> {
            // Add the size for the Int that specifies the variant plus the size needed for all fields
            (
                4UL
                + FfiConverterTypeOAuthError.allocationSize(value.`error`)
                + FfiConverterBoolean.allocationSize(value.`interrupted`)
            )
        }
        is LoginOutcome.NotOurs -> {
            // Add the size for the Int that specifies the variant plus the size needed for all fields
            (
                4UL
            )
        }
        is LoginOutcome.Malformed -> {
            // Add the size for the Int that specifies the variant plus the size needed for all fields
            (
                4UL
                + FfiConverterTypeMalformedLink.allocationSize(value.`reason`)
            )
        }
        is LoginOutcome.Unknown -> {
            // Add the size for the Int that specifies the variant plus the size needed for all fields
            (
                4UL
            )
        }
        is LoginOutcome.Expired -> {
            // Add the size for the Int that specifies the variant plus the size needed for all fields
            (
                4UL
            )
        }
        is LoginOutcome.Replayed -> {
            // Add the size for the Int that specifies the variant plus the size needed for all fields
            (
                4UL
            )
        }
        is LoginOutcome.Forgotten -> {
            // Add the size for the Int that specifies the variant plus the size needed for all fields
            (
                4UL
            )
        }
        is LoginOutcome.OtherPerson -> {
            // Add the size for the Int that specifies the variant plus the size needed for all fields
            (
                4UL
            )
        }
    }

    override fun write(value: LoginOutcome, buf: ByteBuffer) {
        when(value) {
            is LoginOutcome.LoggedIn -> {
                buf.putInt(1)
                FfiConverterTypeSessionId.write(value.`session`, buf)
                FfiConverterSequenceString.write(value.`deniedScopes`, buf)
                Unit
            }
            is LoginOutcome.Declined -> {
                buf.putInt(2)
                Unit
            }
            is LoginOutcome.Refused -> {
                buf.putInt(3)
                FfiConverterTypeOAuthError.write(value.`error`, buf)
                FfiConverterBoolean.write(value.`interrupted`, buf)
                Unit
            }
            is LoginOutcome.NotOurs -> {
                buf.putInt(4)
                Unit
            }
            is LoginOutcome.Malformed -> {
                buf.putInt(5)
                FfiConverterTypeMalformedLink.write(value.`reason`, buf)
                Unit
            }
            is LoginOutcome.Unknown -> {
                buf.putInt(6)
                Unit
            }
            is LoginOutcome.Expired -> {
                buf.putInt(7)
                Unit
            }
            is LoginOutcome.Replayed -> {
                buf.putInt(8)
                Unit
            }
            is LoginOutcome.Forgotten -> {
                buf.putInt(9)
                Unit
            }
            is LoginOutcome.OtherPerson -> {
                buf.putInt(10)
                Unit
            }
        }.let { /* this makes the `when` an expression, which ensures it is exhaustive */ }
    }
}





/**
 * What is wrong with a link.
 */

internal enum class MalformedLink {

    /**
     * The link is longer than 16 KiB.
     */
    TOO_LONG,
    /**
     * The percent-encoding is invalid.
     */
    ENCODING,
    /**
     * A parameter is not UTF-8.
     */
    NOT_UTF8,
    /**
     * The link has a parameter twice (RFC 6749 §3.1 forbids it).
     */
    TWICE,
    /**
     * The link has both `code` and `error`.
     */
    CODE_AND_ERROR,
    /**
     * The link has neither `code` nor `error`.
     */
    NO_ANSWER,
    /**
     * The link has no `state`.
     */
    NO_STATE,
    /**
     * The parameters are in the fragment, after a `#`.
     */
    FRAGMENT;




    companion object
}


/**
 * @suppress
 */
internal object FfiConverterTypeMalformedLink: FfiConverterRustBuffer<MalformedLink> {
    override fun read(buf: ByteBuffer) = try {

        MalformedLink.entries[buf.getInt() - 1]

    } catch (e: IndexOutOfBoundsException) {
        throw RuntimeException("invalid enum value, something is very wrong!!", e)
    }

    override fun allocationSize(value: MalformedLink) = 4UL

    override fun write(value: MalformedLink, buf: ByteBuffer) {
        buf.putInt(value.ordinal + 1)
    }
}





/**
 * Whether the app or the service's backend talks to the provider.
 */
internal sealed class Mode {

    /**
     * The app itself, as a public client. Not every service allows this: see its documentation.
     */
    data class Direct(
        /**
         * The client id of the registration.
         */
        val `clientId`: kotlin.String) : Mode()

    {


        companion object
    }

    /**
     * The service's backend, which holds the client secret and the provider's tokens. The
     * app has a session with the backend.
     */
    data class Mediated(
        /**
         * The URLs of the backend.
         */
        val `backend`: app.switchback.internal.Backend) : Mode()

    {


        companion object
    }








    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeMode : FfiConverterRustBuffer<Mode>{
    override fun read(buf: ByteBuffer): Mode {
        return when(buf.getInt()) {
            1 -> Mode.Direct(
                FfiConverterString.read(buf),
                )
            2 -> Mode.Mediated(
                FfiConverterTypeBackend.read(buf),
                )
            else -> throw RuntimeException("invalid enum value, something is very wrong!!")
        }
    }

    override fun allocationSize(value: Mode): ULong = when(value) {
        is Mode.Direct -> {
            // Add the size for the Int that specifies the variant plus the size needed for all fields
            (
                4UL
                + FfiConverterString.allocationSize(value.`clientId`)
            )
        }
        is Mode.Mediated -> {
            // Add the size for the Int that specifies the variant plus the size needed for all fields
            (
                4UL
                + FfiConverterTypeBackend.allocationSize(value.`backend`)
            )
        }
    }

    override fun write(value: Mode, buf: ByteBuffer) {
        when(value) {
            is Mode.Direct -> {
                buf.putInt(1)
                FfiConverterString.write(value.`clientId`, buf)
                Unit
            }
            is Mode.Mediated -> {
                buf.putInt(2)
                FfiConverterTypeBackend.write(value.`backend`, buf)
                Unit
            }
        }.let { /* this makes the `when` an expression, which ensures it is exhaustive */ }
    }
}





/**
 * What a login is for.
 */

internal enum class Purpose {

    /**
     * The person becomes a user of the service.
     */
    ONBOARDING,
    /**
     * The person logs in.
     */
    LOGIN,
    /**
     * The person proves who they are, once.
     */
    IDENTITY_VERIFICATION;




    companion object
}


/**
 * @suppress
 */
internal object FfiConverterTypePurpose: FfiConverterRustBuffer<Purpose> {
    override fun read(buf: ByteBuffer) = try {

        Purpose.entries[buf.getInt() - 1]

    } catch (e: IndexOutOfBoundsException) {
        throw RuntimeException("invalid enum value, something is very wrong!!", e)
    }

    override fun allocationSize(value: Purpose) = 4UL

    override fun write(value: Purpose, buf: ByteBuffer) {
        buf.putInt(value.ordinal + 1)
    }
}





/**
 * Whether the service ended a session at a log-out.
 */

internal enum class Revocation {

    /**
     * The service offers no revocation: the session ends there when it is no longer refreshed.
     */
    NOT_OFFERED,
    /**
     * There was nothing to revoke: the session had already ended.
     */
    NOT_NEEDED,
    /**
     * The service has ended the session.
     */
    DONE,
    /**
     * The service was not reached, or failed.
     */
    FAILED;




    companion object
}


/**
 * @suppress
 */
internal object FfiConverterTypeRevocation: FfiConverterRustBuffer<Revocation> {
    override fun read(buf: ByteBuffer) = try {

        Revocation.entries[buf.getInt() - 1]

    } catch (e: IndexOutOfBoundsException) {
        throw RuntimeException("invalid enum value, something is very wrong!!", e)
    }

    override fun allocationSize(value: Revocation) = 4UL

    override fun write(value: Revocation, buf: ByteBuffer) {
        buf.putInt(value.ordinal + 1)
    }
}





/**
 * Why a session has ended.
 */

internal enum class SessionEnd {

    /**
     * The person logged out in this app.
     */
    LOGGED_OUT,
    /**
     * The service ended it: the person logged out there, or was idle for too long.
     */
    REVOKED,
    /**
     * The access token has expired, and there is no refresh token.
     */
    EXPIRED,
    /**
     * The service refused a refresh token whose first answer was lost: the app was
     * killed, or the connection broke, between sending and storing.
     */
    ROTATION_INTERRUPTED,
    /**
     * The service answered a refresh with the tokens of another person, which were
     * dropped.
     */
    OTHER_PERSON,
    /**
     * The service's backend no longer accepts the session.
     */
    ENDED_BY_BACKEND,
    /**
     * The stored session is damaged. The store keeps the damaged entry under another key.
     */
    DAMAGED,
    /**
     * This store has no such session.
     */
    NO_SESSION;




    companion object
}


/**
 * @suppress
 */
internal object FfiConverterTypeSessionEnd: FfiConverterRustBuffer<SessionEnd> {
    override fun read(buf: ByteBuffer) = try {

        SessionEnd.entries[buf.getInt() - 1]

    } catch (e: IndexOutOfBoundsException) {
        throw RuntimeException("invalid enum value, something is very wrong!!", e)
    }

    override fun allocationSize(value: SessionEnd) = 4UL

    override fun write(value: SessionEnd, buf: ByteBuffer) {
        buf.putInt(value.ordinal + 1)
    }
}





/**
 * An event of a session. It contains no secret.
 */
internal sealed class SessionEvent {

    /**
     * This process or another process has refreshed the access token.
     */
    data class Refreshed(
        /**
         * When the new token expires, in seconds since the epoch.
         */
        val `expiresAt`: kotlin.Long) : SessionEvent()

    {


        companion object
    }

    /**
     * The person logged out in this app: show that nobody is logged in.
     */
    data object LoggedOut : SessionEvent()


    /**
     * The session has ended without a log-out in this app: offer a login, and say why.
     */
    data class LoginRequired(
        /**
         * Why the session ended.
         */
        val `reason`: app.switchback.internal.SessionEnd) : SessionEvent()

    {


        companion object
    }








    companion object
}

/**
 * @suppress
 */
internal object FfiConverterTypeSessionEvent : FfiConverterRustBuffer<SessionEvent>{
    override fun read(buf: ByteBuffer): SessionEvent {
        return when(buf.getInt()) {
            1 -> SessionEvent.Refreshed(
                FfiConverterLong.read(buf),
                )
            2 -> SessionEvent.LoggedOut
            3 -> SessionEvent.LoginRequired(
                FfiConverterTypeSessionEnd.read(buf),
                )
            else -> throw RuntimeException("invalid enum value, something is very wrong!!")
        }
    }

    override fun allocationSize(value: SessionEvent): ULong = when(value) {
        is SessionEvent.Refreshed -> {
            // Add the size for the Int that specifies the variant plus the size needed for all fields
            (
                4UL
                + FfiConverterLong.allocationSize(value.`expiresAt`)
            )
        }
        is SessionEvent.LoggedOut -> {
            // Add the size for the Int that specifies the variant plus the size needed for all fields
            (
                4UL
            )
        }
        is SessionEvent.LoginRequired -> {
            // Add the size for the Int that specifies the variant plus the size needed for all fields
            (
                4UL
                + FfiConverterTypeSessionEnd.allocationSize(value.`reason`)
            )
        }
    }

    override fun write(value: SessionEvent, buf: ByteBuffer) {
        when(value) {
            is SessionEvent.Refreshed -> {
                buf.putInt(1)
                FfiConverterLong.write(value.`expiresAt`, buf)
                Unit
            }
            is SessionEvent.LoggedOut -> {
                buf.putInt(2)
                Unit
            }
            is SessionEvent.LoginRequired -> {
                buf.putInt(3)
                FfiConverterTypeSessionEnd.write(value.`reason`, buf)
                Unit
            }
        }.let { /* this makes the `when` an expression, which ensures it is exhaustive */ }
    }
}







/**
 * Why a call of a store failed.
 */
internal sealed class StoreException: kotlin.Exception() {
    abstract override val message: kotlin.String


    /**
     * The store cannot be read yet. Nothing is lost.
     */
    class Locked(
        ) : StoreException() {
        override val message
            get() = describe()
    }

    /**
     * The encryption key of the entries is lost permanently: the entries cannot be read again.
     */
    class KeyLost(

        /**
         * What the system says.
         */
        val `reason`: kotlin.String
        ) : StoreException() {
        override val message
            get() = describe()
    }

    /**
     * The system denied access.
     */
    class Denied(

        /**
         * What the system says.
         */
        val `reason`: kotlin.String
        ) : StoreException() {
        override val message
            get() = describe()
    }

    /**
     * The storage is full.
     */
    class Full(

        /**
         * What the system says.
         */
        val `reason`: kotlin.String
        ) : StoreException() {
        override val message
            get() = describe()
    }

    /**
     * An entry is damaged, or another program wrote it.
     */
    class Corrupt(

        /**
         * What is wrong with the entry.
         */
        val `reason`: kotlin.String
        ) : StoreException() {
        override val message
            get() = describe()
    }

    /**
     * A later version of this library wrote the entry, which stays unchanged.
     */
    class Newer(

        /**
         * The version.
         */
        val `reason`: kotlin.String
        ) : StoreException() {
        override val message
            get() = describe()
    }

    /**
     * The store does not exist on this device, or does not answer.
     */
    class Unavailable(

        /**
         * What the system says.
         */
        val `reason`: kotlin.String
        ) : StoreException() {
        override val message
            get() = describe()
    }

    /**
     * The person must authenticate first (biometrics).
     */
    class AuthenticationRequired(
        ) : StoreException() {
        override val message
            get() = describe()
    }

    /**
     * The person cancelled the authentication.
     */
    class Cancelled(
        ) : StoreException() {
        override val message
            get() = describe()
    }



        /**
         * What happened, in English, for a developer and a log.
         */ internal fun `describe`(): kotlin.String {
            return FfiConverterString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_storeerror_describe(FfiConverterTypeStoreError.lower(this),
        _status)
}
    )
    }





    companion object ErrorHandler : UniffiRustCallStatusErrorHandler<StoreException> {
        override fun lift(error_buf: RustBuffer.ByValue): StoreException = FfiConverterTypeStoreError.lift(error_buf)
    }


}

/**
 * @suppress
 */
internal object FfiConverterTypeStoreError : FfiConverterRustBuffer<StoreException> {
    override fun read(buf: ByteBuffer): StoreException {


        return when(buf.getInt()) {
            1 -> StoreException.Locked()
            2 -> StoreException.KeyLost(
                FfiConverterString.read(buf),
                )
            3 -> StoreException.Denied(
                FfiConverterString.read(buf),
                )
            4 -> StoreException.Full(
                FfiConverterString.read(buf),
                )
            5 -> StoreException.Corrupt(
                FfiConverterString.read(buf),
                )
            6 -> StoreException.Newer(
                FfiConverterString.read(buf),
                )
            7 -> StoreException.Unavailable(
                FfiConverterString.read(buf),
                )
            8 -> StoreException.AuthenticationRequired()
            9 -> StoreException.Cancelled()
            else -> throw RuntimeException("invalid error enum value, something is very wrong!!")
        }
    }

    override fun allocationSize(value: StoreException): ULong {
        return when(value) {
            is StoreException.Locked -> (
                // Add the size for the Int that specifies the variant plus the size needed for all fields
                4UL
            )
            is StoreException.KeyLost -> (
                // Add the size for the Int that specifies the variant plus the size needed for all fields
                4UL
                + FfiConverterString.allocationSize(value.`reason`)
            )
            is StoreException.Denied -> (
                // Add the size for the Int that specifies the variant plus the size needed for all fields
                4UL
                + FfiConverterString.allocationSize(value.`reason`)
            )
            is StoreException.Full -> (
                // Add the size for the Int that specifies the variant plus the size needed for all fields
                4UL
                + FfiConverterString.allocationSize(value.`reason`)
            )
            is StoreException.Corrupt -> (
                // Add the size for the Int that specifies the variant plus the size needed for all fields
                4UL
                + FfiConverterString.allocationSize(value.`reason`)
            )
            is StoreException.Newer -> (
                // Add the size for the Int that specifies the variant plus the size needed for all fields
                4UL
                + FfiConverterString.allocationSize(value.`reason`)
            )
            is StoreException.Unavailable -> (
                // Add the size for the Int that specifies the variant plus the size needed for all fields
                4UL
                + FfiConverterString.allocationSize(value.`reason`)
            )
            is StoreException.AuthenticationRequired -> (
                // Add the size for the Int that specifies the variant plus the size needed for all fields
                4UL
            )
            is StoreException.Cancelled -> (
                // Add the size for the Int that specifies the variant plus the size needed for all fields
                4UL
            )
        }
    }

    override fun write(value: StoreException, buf: ByteBuffer) {
        when(value) {
            is StoreException.Locked -> {
                buf.putInt(1)
                Unit
            }
            is StoreException.KeyLost -> {
                buf.putInt(2)
                FfiConverterString.write(value.`reason`, buf)
                Unit
            }
            is StoreException.Denied -> {
                buf.putInt(3)
                FfiConverterString.write(value.`reason`, buf)
                Unit
            }
            is StoreException.Full -> {
                buf.putInt(4)
                FfiConverterString.write(value.`reason`, buf)
                Unit
            }
            is StoreException.Corrupt -> {
                buf.putInt(5)
                FfiConverterString.write(value.`reason`, buf)
                Unit
            }
            is StoreException.Newer -> {
                buf.putInt(6)
                FfiConverterString.write(value.`reason`, buf)
                Unit
            }
            is StoreException.Unavailable -> {
                buf.putInt(7)
                FfiConverterString.write(value.`reason`, buf)
                Unit
            }
            is StoreException.AuthenticationRequired -> {
                buf.putInt(8)
                Unit
            }
            is StoreException.Cancelled -> {
                buf.putInt(9)
                Unit
            }
        }.let { /* this makes the `when` an expression, which ensures it is exhaustive */ }
    }

}





/**
 * Why a call failed, sorted by what the app does next. No error holds a token, code, verifier or
 * claim.
 */
internal sealed class SwitchbackException: kotlin.Exception() {
    abstract override val message: kotlin.String


    /**
     * The network or the service was not available: make the same call again, after
     * `retryAfter` seconds if the service said so. The person stays logged in.
     */
    class TryAgain(

        /**
         * What failed.
         */
        val `what`: kotlin.String,

        /**
         * Seconds to wait, if the service said so.
         */
        val `retryAfter`: kotlin.Long?,

        /**
         * The network's error.
         */
        val `reason`: kotlin.String?
        ) : SwitchbackException() {
        override val message
            get() = describe()
    }

    /**
     * The session has ended: log the person in again.
     */
    class LoginRequired(

        /**
         * Why the session ended.
         */
        val `reason`: SessionEnd,

        /**
         * What the service said if it ended the session: for a developer, not for the person.
         */
        val `said`: kotlin.String?
        ) : SwitchbackException() {
        override val message
            get() = describe()
    }

    /**
     * The store cannot be read **yet** (before the first unlock of a phone). The person stays
     * logged in: wait, and make the same call again.
     */
    class StoreLocked(
        ) : SwitchbackException() {
        override val message
            get() = describe()
    }

    /**
     * The store does not work.
     */
    class Store(

        /**
         * The store's error.
         */
        val `reason`: StoreException
        ) : SwitchbackException() {
        override val cause: Throwable get() = `reason`
        override val message
            get() = describe()
    }

    /**
     * The configuration is wrong, or this call cannot work with it: change it.
     */
    class Configuration(

        /**
         * What is wrong, and what to change.
         */
        val `what`: kotlin.String
        ) : SwitchbackException() {
        override val message
            get() = describe()
    }

    /**
     * The service broke the protocol: report it to the service.
     */
    class Protocol(

        /**
         * The endpoint that answered.
         */
        val `endpoint`: kotlin.String,

        /**
         * The rule that it broke, by its name in `docs/errors.md`.
         */
        val `rule`: kotlin.String,

        /**
         * The rule as a sentence.
         */
        val `what`: kotlin.String
        ) : SwitchbackException() {
        override val message
            get() = describe()
    }

    /**
     * A bug in Switchback: please report it. No stored data is lost.
     */
    class Internal(

        /**
         * What is known about the bug.
         */
        val `what`: kotlin.String
        ) : SwitchbackException() {
        override val message
            get() = describe()
    }



        /**
         * What happened and what to do, in English, for a developer and a log.
         */ internal fun `describe`(): kotlin.String {
            return FfiConverterString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_switchbackerror_describe(FfiConverterTypeSwitchbackError.lower(this),
        _status)
}
    )
    }





    companion object ErrorHandler : UniffiRustCallStatusErrorHandler<SwitchbackException> {
        override fun lift(error_buf: RustBuffer.ByValue): SwitchbackException = FfiConverterTypeSwitchbackError.lift(error_buf)
    }


}

/**
 * @suppress
 */
internal object FfiConverterTypeSwitchbackError : FfiConverterRustBuffer<SwitchbackException> {
    override fun read(buf: ByteBuffer): SwitchbackException {


        return when(buf.getInt()) {
            1 -> SwitchbackException.TryAgain(
                FfiConverterString.read(buf),
                FfiConverterOptionalLong.read(buf),
                FfiConverterOptionalString.read(buf),
                )
            2 -> SwitchbackException.LoginRequired(
                FfiConverterTypeSessionEnd.read(buf),
                FfiConverterOptionalString.read(buf),
                )
            3 -> SwitchbackException.StoreLocked()
            4 -> SwitchbackException.Store(
                FfiConverterTypeStoreError.read(buf),
                )
            5 -> SwitchbackException.Configuration(
                FfiConverterString.read(buf),
                )
            6 -> SwitchbackException.Protocol(
                FfiConverterString.read(buf),
                FfiConverterString.read(buf),
                FfiConverterString.read(buf),
                )
            7 -> SwitchbackException.Internal(
                FfiConverterString.read(buf),
                )
            else -> throw RuntimeException("invalid error enum value, something is very wrong!!")
        }
    }

    override fun allocationSize(value: SwitchbackException): ULong {
        return when(value) {
            is SwitchbackException.TryAgain -> (
                // Add the size for the Int that specifies the variant plus the size needed for all fields
                4UL
                + FfiConverterString.allocationSize(value.`what`)
                + FfiConverterOptionalLong.allocationSize(value.`retryAfter`)
                + FfiConverterOptionalString.allocationSize(value.`reason`)
            )
            is SwitchbackException.LoginRequired -> (
                // Add the size for the Int that specifies the variant plus the size needed for all fields
                4UL
                + FfiConverterTypeSessionEnd.allocationSize(value.`reason`)
                + FfiConverterOptionalString.allocationSize(value.`said`)
            )
            is SwitchbackException.StoreLocked -> (
                // Add the size for the Int that specifies the variant plus the size needed for all fields
                4UL
            )
            is SwitchbackException.Store -> (
                // Add the size for the Int that specifies the variant plus the size needed for all fields
                4UL
                + FfiConverterTypeStoreError.allocationSize(value.`reason`)
            )
            is SwitchbackException.Configuration -> (
                // Add the size for the Int that specifies the variant plus the size needed for all fields
                4UL
                + FfiConverterString.allocationSize(value.`what`)
            )
            is SwitchbackException.Protocol -> (
                // Add the size for the Int that specifies the variant plus the size needed for all fields
                4UL
                + FfiConverterString.allocationSize(value.`endpoint`)
                + FfiConverterString.allocationSize(value.`rule`)
                + FfiConverterString.allocationSize(value.`what`)
            )
            is SwitchbackException.Internal -> (
                // Add the size for the Int that specifies the variant plus the size needed for all fields
                4UL
                + FfiConverterString.allocationSize(value.`what`)
            )
        }
    }

    override fun write(value: SwitchbackException, buf: ByteBuffer) {
        when(value) {
            is SwitchbackException.TryAgain -> {
                buf.putInt(1)
                FfiConverterString.write(value.`what`, buf)
                FfiConverterOptionalLong.write(value.`retryAfter`, buf)
                FfiConverterOptionalString.write(value.`reason`, buf)
                Unit
            }
            is SwitchbackException.LoginRequired -> {
                buf.putInt(2)
                FfiConverterTypeSessionEnd.write(value.`reason`, buf)
                FfiConverterOptionalString.write(value.`said`, buf)
                Unit
            }
            is SwitchbackException.StoreLocked -> {
                buf.putInt(3)
                Unit
            }
            is SwitchbackException.Store -> {
                buf.putInt(4)
                FfiConverterTypeStoreError.write(value.`reason`, buf)
                Unit
            }
            is SwitchbackException.Configuration -> {
                buf.putInt(5)
                FfiConverterString.write(value.`what`, buf)
                Unit
            }
            is SwitchbackException.Protocol -> {
                buf.putInt(6)
                FfiConverterString.write(value.`endpoint`, buf)
                FfiConverterString.write(value.`rule`, buf)
                FfiConverterString.write(value.`what`, buf)
                Unit
            }
            is SwitchbackException.Internal -> {
                buf.putInt(7)
                FfiConverterString.write(value.`what`, buf)
                Unit
            }
        }.let { /* this makes the `when` an expression, which ensures it is exhaustive */ }
    }

}





/**
 * Why no answer came.
 */
internal sealed class TransportException: kotlin.Exception() {
    abstract override val message: kotlin.String


    /**
     * The request certainly never reached the server: no network, no such host, connection or
     * TLS handshake refused.
     */
    class NotSent(

        /**
         * Why, without any part of the request.
         */
        val `reason`: kotlin.String
        ) : TransportException() {
        override val message
            get() = describe()
    }

    /**
     * The request may have reached the server: the connection broke, or time ran out.
     */
    class Lost(

        /**
         * Why, without any part of the request.
         */
        val `reason`: kotlin.String
        ) : TransportException() {
        override val message
            get() = describe()
    }

    /**
     * The answer was longer than 1 MiB.
     */
    class TooLong(
        ) : TransportException() {
        override val message
            get() = describe()
    }



        /**
         * What happened, in English, for a developer and a log.
         */ internal fun `describe`(): kotlin.String {
            return FfiConverterString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_transporterror_describe(FfiConverterTypeTransportError.lower(this),
        _status)
}
    )
    }





    companion object ErrorHandler : UniffiRustCallStatusErrorHandler<TransportException> {
        override fun lift(error_buf: RustBuffer.ByValue): TransportException = FfiConverterTypeTransportError.lift(error_buf)
    }


}

/**
 * @suppress
 */
internal object FfiConverterTypeTransportError : FfiConverterRustBuffer<TransportException> {
    override fun read(buf: ByteBuffer): TransportException {


        return when(buf.getInt()) {
            1 -> TransportException.NotSent(
                FfiConverterString.read(buf),
                )
            2 -> TransportException.Lost(
                FfiConverterString.read(buf),
                )
            3 -> TransportException.TooLong()
            else -> throw RuntimeException("invalid error enum value, something is very wrong!!")
        }
    }

    override fun allocationSize(value: TransportException): ULong {
        return when(value) {
            is TransportException.NotSent -> (
                // Add the size for the Int that specifies the variant plus the size needed for all fields
                4UL
                + FfiConverterString.allocationSize(value.`reason`)
            )
            is TransportException.Lost -> (
                // Add the size for the Int that specifies the variant plus the size needed for all fields
                4UL
                + FfiConverterString.allocationSize(value.`reason`)
            )
            is TransportException.TooLong -> (
                // Add the size for the Int that specifies the variant plus the size needed for all fields
                4UL
            )
        }
    }

    override fun write(value: TransportException, buf: ByteBuffer) {
        when(value) {
            is TransportException.NotSent -> {
                buf.putInt(1)
                FfiConverterString.write(value.`reason`, buf)
                Unit
            }
            is TransportException.Lost -> {
                buf.putInt(2)
                FfiConverterString.write(value.`reason`, buf)
                Unit
            }
            is TransportException.TooLong -> {
                buf.putInt(3)
                Unit
            }
        }.let { /* this makes the `when` an expression, which ensures it is exhaustive */ }
    }

}



/**
 * A claim of Truid: data of a shared data point in one format.
 */

internal enum class TruidClaimType {

    /**
     * Postal address, in no guaranteed format.
     */
    ADDRESS,
    /**
     * Date of birth, `YYYY-MM-DD`.
     */
    BIRTHDATE,
    /**
     * E-mail address.
     */
    EMAIL,
    /**
     * Family names; may be absent.
     */
    FAMILY_NAME,
    /**
     * `M`, `F` or `X`.
     */
    GENDER,
    /**
     * Given names; may be absent.
     */
    GIVEN_NAME,
    /**
     * Country that issued the id document, ISO 3166 alpha-3.
     */
    ID_DOCUMENT_ISSUING_COUNTRY,
    /**
     * The name in international spelling.
     */
    INTERNATIONAL_NAME,
    /**
     * The full legal name.
     */
    LEGAL_NAME,
    /**
     * The full name, in no guaranteed format.
     */
    NAME,
    /**
     * Nationality, ISO 3166 alpha-3.
     */
    NATIONALITY,
    /**
     * Passport number.
     */
    PASSPORT_NUMBER,
    /**
     * Swedish personal number, ten digits.
     */
    PERSONAL_NUMBER_SWE10,
    /**
     * Telephone number, E.164.
     */
    PHONE_NUMBER,
    /**
     * Portrait: `truidPortraitImage` reads it.
     */
    PORTRAIT_IMAGE,
    /**
     * The right to drive. Its data point is a *guess*.
     */
    RIGHT_TO_DRIVE,
    /**
     * The name in parts: `truidStructuredName` reads it.
     */
    STRUCTURED_NAME;


    /**
     * The key as it is sent, `truid.app/claim/email/v1` for example.
     */ internal fun `key`(): kotlin.String {
            return FfiConverterString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_truidclaimtype_key(FfiConverterTypeTruidClaimType.lower(this),
        _status)
}
    )
    }





    companion object
}


/**
 * @suppress
 */
internal object FfiConverterTypeTruidClaimType: FfiConverterRustBuffer<TruidClaimType> {
    override fun read(buf: ByteBuffer) = try {

        TruidClaimType.entries[buf.getInt() - 1]

    } catch (e: IndexOutOfBoundsException) {
        throw RuntimeException("invalid enum value, something is very wrong!!", e)
    }

    override fun allocationSize(value: TruidClaimType) = 4UL

    override fun write(value: TruidClaimType, buf: ByteBuffer) {
        buf.putInt(value.ordinal + 1)
    }
}





/**
 * Data that a login at Truid can request: the scope of the login consists of their keys.
 *
 * `email`, `name` and `birthdate` are confirmed; the other keys are a guess from the
 * headings of Truid's guide. A scope can also contain any other key.
 */

internal enum class TruidDataPoint {

    /**
     * The postal address. *Guess.*
     */
    ADDRESS,
    /**
     * The date of birth.
     */
    BIRTHDATE,
    /**
     * The e-mail address.
     */
    EMAIL,
    /**
     * The gender. *Guess.*
     */
    GENDER,
    /**
     * The country that issued the id document. *Guess.*
     */
    ID_DOCUMENT_ISSUING_COUNTRY,
    /**
     * The legal name. *Guess.*
     */
    LEGAL_NAME,
    /**
     * The name that the person uses.
     */
    NAME,
    /**
     * The nationality. *Guess.*
     */
    NATIONALITY,
    /**
     * The passport. *Guess.*
     */
    PASSPORT,
    /**
     * The number of the passport. *Guess.*
     */
    PASSPORT_NUMBER,
    /**
     * The Swedish personal number. *Guess.*
     */
    PERSONAL_NUMBER_SWE,
    /**
     * The telephone number. *Guess.*
     */
    PHONE_NUMBER,
    /**
     * A picture of the face. *Guess.*
     */
    PORTRAIT_IMAGE,
    /**
     * The right to drive. *Guess*: Truid documents the claim, but no data point for it.
     */
    RIGHT_TO_DRIVE;


    /**
     * The key as it is sent, `truid.app/data-point/email` for example.
     */ internal fun `key`(): kotlin.String {
            return FfiConverterString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_method_truiddatapoint_key(FfiConverterTypeTruidDataPoint.lower(this),
        _status)
}
    )
    }





    companion object
}


/**
 * @suppress
 */
internal object FfiConverterTypeTruidDataPoint: FfiConverterRustBuffer<TruidDataPoint> {
    override fun read(buf: ByteBuffer) = try {

        TruidDataPoint.entries[buf.getInt() - 1]

    } catch (e: IndexOutOfBoundsException) {
        throw RuntimeException("invalid enum value, something is very wrong!!", e)
    }

    override fun allocationSize(value: TruidDataPoint) = 4UL

    override fun write(value: TruidDataPoint, buf: ByteBuffer) {
        buf.putInt(value.ordinal + 1)
    }
}






/**
 * @suppress
 */
internal object FfiConverterOptionalLong: FfiConverterRustBuffer<kotlin.Long?> {
    override fun read(buf: ByteBuffer): kotlin.Long? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterLong.read(buf)
    }

    override fun allocationSize(value: kotlin.Long?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterLong.allocationSize(value)
        }
    }

    override fun write(value: kotlin.Long?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterLong.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterOptionalBoolean: FfiConverterRustBuffer<kotlin.Boolean?> {
    override fun read(buf: ByteBuffer): kotlin.Boolean? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterBoolean.read(buf)
    }

    override fun allocationSize(value: kotlin.Boolean?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterBoolean.allocationSize(value)
        }
    }

    override fun write(value: kotlin.Boolean?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterBoolean.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterOptionalString: FfiConverterRustBuffer<kotlin.String?> {
    override fun read(buf: ByteBuffer): kotlin.String? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterString.read(buf)
    }

    override fun allocationSize(value: kotlin.String?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterString.allocationSize(value)
        }
    }

    override fun write(value: kotlin.String?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterString.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterOptionalByteArray: FfiConverterRustBuffer<kotlin.ByteArray?> {
    override fun read(buf: ByteBuffer): kotlin.ByteArray? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterByteArray.read(buf)
    }

    override fun allocationSize(value: kotlin.ByteArray?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterByteArray.allocationSize(value)
        }
    }

    override fun write(value: kotlin.ByteArray?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterByteArray.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterOptionalTypeAuthorization: FfiConverterRustBuffer<Authorization?> {
    override fun read(buf: ByteBuffer): Authorization? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterTypeAuthorization.read(buf)
    }

    override fun allocationSize(value: Authorization?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterTypeAuthorization.allocationSize(value)
        }
    }

    override fun write(value: Authorization?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterTypeAuthorization.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterOptionalTypeBackgroundTasks: FfiConverterRustBuffer<BackgroundTasks?> {
    override fun read(buf: ByteBuffer): BackgroundTasks? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterTypeBackgroundTasks.read(buf)
    }

    override fun allocationSize(value: BackgroundTasks?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterTypeBackgroundTasks.allocationSize(value)
        }
    }

    override fun write(value: BackgroundTasks?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterTypeBackgroundTasks.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterOptionalTypeHttpTransport: FfiConverterRustBuffer<HttpTransport?> {
    override fun read(buf: ByteBuffer): HttpTransport? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterTypeHttpTransport.read(buf)
    }

    override fun allocationSize(value: HttpTransport?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterTypeHttpTransport.allocationSize(value)
        }
    }

    override fun write(value: HttpTransport?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterTypeHttpTransport.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterOptionalTypeLogSink: FfiConverterRustBuffer<LogSink?> {
    override fun read(buf: ByteBuffer): LogSink? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterTypeLogSink.read(buf)
    }

    override fun allocationSize(value: LogSink?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterTypeLogSink.allocationSize(value)
        }
    }

    override fun write(value: LogSink?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterTypeLogSink.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterOptionalTypeProcessLock: FfiConverterRustBuffer<ProcessLock?> {
    override fun read(buf: ByteBuffer): ProcessLock? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterTypeProcessLock.read(buf)
    }

    override fun allocationSize(value: ProcessLock?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterTypeProcessLock.allocationSize(value)
        }
    }

    override fun write(value: ProcessLock?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterTypeProcessLock.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterOptionalTypeFirstRun: FfiConverterRustBuffer<FirstRun?> {
    override fun read(buf: ByteBuffer): FirstRun? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterTypeFirstRun.read(buf)
    }

    override fun allocationSize(value: FirstRun?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterTypeFirstRun.allocationSize(value)
        }
    }

    override fun write(value: FirstRun?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterTypeFirstRun.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterOptionalTypeLockFile: FfiConverterRustBuffer<LockFile?> {
    override fun read(buf: ByteBuffer): LockFile? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterTypeLockFile.read(buf)
    }

    override fun allocationSize(value: LockFile?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterTypeLockFile.allocationSize(value)
        }
    }

    override fun write(value: LockFile?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterTypeLockFile.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterOptionalTypeLoginAttempt: FfiConverterRustBuffer<LoginAttempt?> {
    override fun read(buf: ByteBuffer): LoginAttempt? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterTypeLoginAttempt.read(buf)
    }

    override fun allocationSize(value: LoginAttempt?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterTypeLoginAttempt.allocationSize(value)
        }
    }

    override fun write(value: LoginAttempt?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterTypeLoginAttempt.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterOptionalTypeTruidPortraitImage: FfiConverterRustBuffer<TruidPortraitImage?> {
    override fun read(buf: ByteBuffer): TruidPortraitImage? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterTypeTruidPortraitImage.read(buf)
    }

    override fun allocationSize(value: TruidPortraitImage?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterTypeTruidPortraitImage.allocationSize(value)
        }
    }

    override fun write(value: TruidPortraitImage?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterTypeTruidPortraitImage.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterOptionalTypeTruidStructuredName: FfiConverterRustBuffer<TruidStructuredName?> {
    override fun read(buf: ByteBuffer): TruidStructuredName? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterTypeTruidStructuredName.read(buf)
    }

    override fun allocationSize(value: TruidStructuredName?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterTypeTruidStructuredName.allocationSize(value)
        }
    }

    override fun write(value: TruidStructuredName?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterTypeTruidStructuredName.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterOptionalTypeClaimValue: FfiConverterRustBuffer<ClaimValue?> {
    override fun read(buf: ByteBuffer): ClaimValue? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterTypeClaimValue.read(buf)
    }

    override fun allocationSize(value: ClaimValue?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterTypeClaimValue.allocationSize(value)
        }
    }

    override fun write(value: ClaimValue?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterTypeClaimValue.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterOptionalTypeSessionEnd: FfiConverterRustBuffer<SessionEnd?> {
    override fun read(buf: ByteBuffer): SessionEnd? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterTypeSessionEnd.read(buf)
    }

    override fun allocationSize(value: SessionEnd?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterTypeSessionEnd.allocationSize(value)
        }
    }

    override fun write(value: SessionEnd?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterTypeSessionEnd.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterOptionalTypeSessionEvent: FfiConverterRustBuffer<SessionEvent?> {
    override fun read(buf: ByteBuffer): SessionEvent? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterTypeSessionEvent.read(buf)
    }

    override fun allocationSize(value: SessionEvent?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterTypeSessionEvent.allocationSize(value)
        }
    }

    override fun write(value: SessionEvent?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterTypeSessionEvent.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterOptionalSequenceTypeTimelineEntry: FfiConverterRustBuffer<List<TimelineEntry>?> {
    override fun read(buf: ByteBuffer): List<TimelineEntry>? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterSequenceTypeTimelineEntry.read(buf)
    }

    override fun allocationSize(value: List<TimelineEntry>?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterSequenceTypeTimelineEntry.allocationSize(value)
        }
    }

    override fun write(value: List<TimelineEntry>?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterSequenceTypeTimelineEntry.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterOptionalTypeAttemptId: FfiConverterRustBuffer<AttemptId?> {
    override fun read(buf: ByteBuffer): AttemptId? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterTypeAttemptId.read(buf)
    }

    override fun allocationSize(value: AttemptId?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterTypeAttemptId.allocationSize(value)
        }
    }

    override fun write(value: AttemptId?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterTypeAttemptId.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterSequenceString: FfiConverterRustBuffer<List<kotlin.String>> {
    override fun read(buf: ByteBuffer): List<kotlin.String> {
        val len = buf.getInt()
        return List<kotlin.String>(len) {
            FfiConverterString.read(buf)
        }
    }

    override fun allocationSize(value: List<kotlin.String>): ULong {
        val sizeForLength = 4UL
        val sizeForItems = value.map { FfiConverterString.allocationSize(it) }.sum()
        return sizeForLength + sizeForItems
    }

    override fun write(value: List<kotlin.String>, buf: ByteBuffer) {
        buf.putInt(value.size)
        value.iterator().forEach {
            FfiConverterString.write(it, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterSequenceTypeClaim: FfiConverterRustBuffer<List<Claim>> {
    override fun read(buf: ByteBuffer): List<Claim> {
        val len = buf.getInt()
        return List<Claim>(len) {
            FfiConverterTypeClaim.read(buf)
        }
    }

    override fun allocationSize(value: List<Claim>): ULong {
        val sizeForLength = 4UL
        val sizeForItems = value.map { FfiConverterTypeClaim.allocationSize(it) }.sum()
        return sizeForLength + sizeForItems
    }

    override fun write(value: List<Claim>, buf: ByteBuffer) {
        buf.putInt(value.size)
        value.iterator().forEach {
            FfiConverterTypeClaim.write(it, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterSequenceTypeHeader: FfiConverterRustBuffer<List<Header>> {
    override fun read(buf: ByteBuffer): List<Header> {
        val len = buf.getInt()
        return List<Header>(len) {
            FfiConverterTypeHeader.read(buf)
        }
    }

    override fun allocationSize(value: List<Header>): ULong {
        val sizeForLength = 4UL
        val sizeForItems = value.map { FfiConverterTypeHeader.allocationSize(it) }.sum()
        return sizeForLength + sizeForItems
    }

    override fun write(value: List<Header>, buf: ByteBuffer) {
        buf.putInt(value.size)
        value.iterator().forEach {
            FfiConverterTypeHeader.write(it, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterSequenceTypePendingLogin: FfiConverterRustBuffer<List<PendingLogin>> {
    override fun read(buf: ByteBuffer): List<PendingLogin> {
        val len = buf.getInt()
        return List<PendingLogin>(len) {
            FfiConverterTypePendingLogin.read(buf)
        }
    }

    override fun allocationSize(value: List<PendingLogin>): ULong {
        val sizeForLength = 4UL
        val sizeForItems = value.map { FfiConverterTypePendingLogin.allocationSize(it) }.sum()
        return sizeForLength + sizeForItems
    }

    override fun write(value: List<PendingLogin>, buf: ByteBuffer) {
        buf.putInt(value.size)
        value.iterator().forEach {
            FfiConverterTypePendingLogin.write(it, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterSequenceTypeTimelineEntry: FfiConverterRustBuffer<List<TimelineEntry>> {
    override fun read(buf: ByteBuffer): List<TimelineEntry> {
        val len = buf.getInt()
        return List<TimelineEntry>(len) {
            FfiConverterTypeTimelineEntry.read(buf)
        }
    }

    override fun allocationSize(value: List<TimelineEntry>): ULong {
        val sizeForLength = 4UL
        val sizeForItems = value.map { FfiConverterTypeTimelineEntry.allocationSize(it) }.sum()
        return sizeForLength + sizeForItems
    }

    override fun write(value: List<TimelineEntry>, buf: ByteBuffer) {
        buf.putInt(value.size)
        value.iterator().forEach {
            FfiConverterTypeTimelineEntry.write(it, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterSequenceTypeSessionId: FfiConverterRustBuffer<List<SessionId>> {
    override fun read(buf: ByteBuffer): List<SessionId> {
        val len = buf.getInt()
        return List<SessionId>(len) {
            FfiConverterTypeSessionId.read(buf)
        }
    }

    override fun allocationSize(value: List<SessionId>): ULong {
        val sizeForLength = 4UL
        val sizeForItems = value.map { FfiConverterTypeSessionId.allocationSize(it) }.sum()
        return sizeForLength + sizeForItems
    }

    override fun write(value: List<SessionId>, buf: ByteBuffer) {
        buf.putInt(value.size)
        value.iterator().forEach {
            FfiConverterTypeSessionId.write(it, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterMapStringString: FfiConverterRustBuffer<Map<kotlin.String, kotlin.String>> {
    override fun read(buf: ByteBuffer): Map<kotlin.String, kotlin.String> {
        val len = buf.getInt()
        return buildMap<kotlin.String, kotlin.String>(len) {
            repeat(len) {
                val k = FfiConverterString.read(buf)
                val v = FfiConverterString.read(buf)
                this[k] = v
            }
        }
    }

    override fun allocationSize(value: Map<kotlin.String, kotlin.String>): ULong {
        val spaceForMapSize = 4UL
        val spaceForChildren = value.map { (k, v) ->
            FfiConverterString.allocationSize(k) +
            FfiConverterString.allocationSize(v)
        }.sum()
        return spaceForMapSize + spaceForChildren
    }

    override fun write(value: Map<kotlin.String, kotlin.String>, buf: ByteBuffer) {
        buf.putInt(value.size)
        // The parens on `(k, v)` here ensure we're calling the right method,
        // which is important for compatibility with older android devices.
        // Ref https://blog.danlew.net/2017/03/16/kotlin-puzzler-whose-line-is-it-anyways/
        value.forEach { (k, v) ->
            FfiConverterString.write(k, buf)
            FfiConverterString.write(v, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterMapTypePurposeString: FfiConverterRustBuffer<Map<Purpose, kotlin.String>> {
    override fun read(buf: ByteBuffer): Map<Purpose, kotlin.String> {
        val len = buf.getInt()
        return buildMap<Purpose, kotlin.String>(len) {
            repeat(len) {
                val k = FfiConverterTypePurpose.read(buf)
                val v = FfiConverterString.read(buf)
                this[k] = v
            }
        }
    }

    override fun allocationSize(value: Map<Purpose, kotlin.String>): ULong {
        val spaceForMapSize = 4UL
        val spaceForChildren = value.map { (k, v) ->
            FfiConverterTypePurpose.allocationSize(k) +
            FfiConverterString.allocationSize(v)
        }.sum()
        return spaceForMapSize + spaceForChildren
    }

    override fun write(value: Map<Purpose, kotlin.String>, buf: ByteBuffer) {
        buf.putInt(value.size)
        // The parens on `(k, v)` here ensure we're calling the right method,
        // which is important for compatibility with older android devices.
        // Ref https://blog.danlew.net/2017/03/16/kotlin-puzzler-whose-line-is-it-anyways/
        value.forEach { (k, v) ->
            FfiConverterTypePurpose.write(k, buf)
            FfiConverterString.write(v, buf)
        }
    }
}



internal typealias AttemptId = kotlin.String
internal typealias FfiConverterTypeAttemptId = FfiConverterString



internal typealias SessionId = kotlin.String
internal typealias FfiConverterTypeSessionId = FfiConverterString








        /**
         * A number that is another one whenever this library offers something else. The Kotlin compares it
         * when it loads the library.
         */ internal fun `fingerprint`(): kotlin.Long {
            return FfiConverterLong.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_func_fingerprint(

        _status)
}
    )
    }


        /**
         * Sends the log of all clients to this sink, in place of an earlier sink, or to no sink. Earlier
         * lines do not reach the new sink; a line that is being delivered may still reach the earlier
         * sink. If the system starts no thread for the log, there is no log.
         */ internal fun `setLog`(`sink`: LogSink?)
        =
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_func_set_log(


        FfiConverterOptionalTypeLogSink.lower(`sink`),_status)
}



        /**
         * The portrait from a presentation of Truid. Nothing if the claim is absent.
         */ internal fun `truidPortraitImage`(`presentation`: Presentation): TruidPortraitImage? {
            return FfiConverterOptionalTypeTruidPortraitImage.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_func_truid_portrait_image(


        FfiConverterTypePresentation.lower(`presentation`),_status)
}
    )
    }


        /**
         * The name in parts from a presentation of Truid. Nothing if the claim is absent.
         */ internal fun `truidStructuredName`(`presentation`: Presentation): TruidStructuredName? {
            return FfiConverterOptionalTypeTruidStructuredName.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_switchback_bindings_fn_func_truid_structured_name(


        FfiConverterTypePresentation.lower(`presentation`),_status)
}
    )
    }



