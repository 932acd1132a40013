package app.switchback.android

/** Gives each link that opens this app to the [Switchback] objects of this process. */
internal object LinkReceiver {
    private const val MOST_EARLY = 8

    private val receivers = LinkedHashSet<Switchback>()

    /** The links that came before the app made a [Switchback]. */
    private val early = ArrayDeque<String>()

    @Synchronized
    fun add(switchback: Switchback) {
        receivers += switchback
        early.forEach(switchback::handle)
        early.clear()
    }

    @Synchronized
    fun remove(switchback: Switchback) {
        receivers -= switchback
    }

    @Synchronized
    fun receive(link: String) {
        receivers.forEach { it.handle(link) }
        if (receivers.isNotEmpty()) return
        if (early.size == MOST_EARLY) early.removeFirst()
        early += link
    }
}
