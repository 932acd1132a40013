package app.switchback.internal

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/**
 * The events of a session as a flow that never ends: the last one first, where there was one.
 * Whoever collects slowly sees the newest and not each.
 */
internal fun SessionEvents.asFlow(): Flow<SessionEvent> = flow {
    var number = 0L
    while (true) {
        val changed = next(after = number)
        number = changed.number
        emit(changed.event)
    }
}
