package app.switchback

import app.switchback.internal.InternalException
import app.switchback.internal.SessionEnd as RustSessionEnd
import app.switchback.internal.StoreException as RustStoreException
import app.switchback.internal.SwitchbackException as RustException
import app.switchback.internal.TransportException as RustTransportException
import kotlin.time.Duration.Companion.seconds

/**
 * Runs the call, and turns the native library's exceptions into those of the public API. These have the
 * whole message. An exception of the native library is not their cause: its type is internal, and its stack
 * trace is the same.
 */
internal inline fun <T> translated(call: () -> T): T = try {
    call()
} catch (error: RustException) {
    throw error.forApps()
} catch (error: InternalException) {
    throw SwitchbackException.Internal(error.message.orEmpty())
}

private fun RustException.forApps(): SwitchbackException = when (this) {
    is RustException.TryAgain -> SwitchbackException.TryAgain(message, retryAfter?.seconds)
    is RustException.LoginRequired -> SwitchbackException.LoginRequired(message, reason.forApps())
    is RustException.StoreLocked -> SwitchbackException.StoreLocked(message)
    is RustException.Store -> SwitchbackException.StoreFailed(message, reason.forApps())
    is RustException.Configuration -> SwitchbackException.Configuration(message)
    is RustException.Protocol -> SwitchbackException.Protocol(message, rule)
    is RustException.SigningUnavailable -> SwitchbackException.SigningUnavailable(message, why)
    is RustException.Internal -> SwitchbackException.Internal(message)
}

internal fun RustSessionEnd.forApps(): SessionEnd = SessionEnd(name.lowercase())

private fun RustStoreException.forApps(): StoreException = when (this) {
    is RustStoreException.Locked -> StoreException.Locked()
    is RustStoreException.KeyLost -> StoreException.KeyLost(reason)
    is RustStoreException.Denied -> StoreException.Denied(reason)
    is RustStoreException.Full -> StoreException.Full(reason)
    is RustStoreException.Corrupt -> StoreException.Corrupt(reason)
    is RustStoreException.Newer -> StoreException.Newer(reason)
    is RustStoreException.Unavailable -> StoreException.Unavailable(reason)
    is RustStoreException.AuthenticationRequired -> StoreException.AuthenticationRequired()
    is RustStoreException.Cancelled -> StoreException.Cancelled()
}

internal fun StoreException.forRust(): RustStoreException = when (this) {
    is StoreException.Locked -> RustStoreException.Locked()
    is StoreException.KeyLost -> RustStoreException.KeyLost(reason)
    is StoreException.Denied -> RustStoreException.Denied(reason)
    is StoreException.Full -> RustStoreException.Full(reason)
    is StoreException.Corrupt -> RustStoreException.Corrupt(reason)
    is StoreException.Newer -> RustStoreException.Newer(reason)
    is StoreException.AuthenticationRequired -> RustStoreException.AuthenticationRequired()
    is StoreException.Cancelled -> RustStoreException.Cancelled()
    else -> RustStoreException.Unavailable(reason)
}

internal fun TransportException.forRust(): RustTransportException = when (this) {
    is TransportException.NotSent -> RustTransportException.NotSent(reason)
    is TransportException.Local -> RustTransportException.Local(reason)
    is TransportException.TooLong -> RustTransportException.TooLong()
    else -> RustTransportException.Lost(reason)
}
