extension Mirror {
    /// `dump` and other code that uses mirrors shows the same text as `print`, and no property.
    /// For values that contain links, headers, tokens or claims.
    init(closed value: some CustomStringConvertible) {
        self.init(value, children: EmptyCollection<Mirror.Child>())
    }
}
