import SwiftUI
import Switchback

/// Makes the one client of the process. A link may start the process, so no screen makes it.
@main
struct SampleApp: App {
    private let settings: Settings
    private let switchback: Result<SwitchbackClient, any Error>

    init() {
        let settings = Settings(Bundle.main.infoDictionary ?? [:])
        self.settings = settings
        switchback = Result { try SwitchbackClient(settings.config()) }
    }

    var body: some Scene {
        WindowGroup {
            switch switchback {
            case .success(let switchback): LoginScreen(switchback, settings)
            case .failure(let error): Text(verbatim: "\(error)")
            }
        }
    }
}
