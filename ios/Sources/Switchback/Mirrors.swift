extension Mirror {
    /// `dump`, and whatever else looks into values by mirrors, shows what `print` shows and no
    /// property: for what holds links, headers, tokens, and what people say of themselves.
    init(closed value: some CustomStringConvertible) {
        self.init(value, children: EmptyCollection<Mirror.Child>())
    }
}
