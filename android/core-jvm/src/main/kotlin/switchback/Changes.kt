package switchback

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/**
 * The changes of a session as a flow that never ends: the last one first, where there was one.
 * Whoever collects slowly sees the newest and not each.
 */
public fun Changes.asFlow(): Flow<Change> = flow {
    var number = 0L
    while (true) {
        val changed = next(after = number)
        number = changed.number
        emit(changed.change)
    }
}
