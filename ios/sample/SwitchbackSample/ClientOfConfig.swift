import Switchback

// Remove this file when the library has `SwitchbackClient(config)`.
extension SwitchbackClient {
    convenience init(_ config: SwitchbackConfig) throws {
        let opener = ClosureOpener { _ in false }
        try self.init(config, platform: Platform(store: MemoryStore(), opener: opener))
    }
}
