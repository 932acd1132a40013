// The code of docs/tutorials/ios.md.
import SwiftUI
import Switchback

@main
struct FirstLoginApp: App {
    private let switchback = Self.makeClient()

    static func makeClient() -> SwitchbackClient {
        let config = SwitchbackConfig(
            provider: .truid(baseURL: URL(string: "http://127.0.0.1:8090")),
            mode: .mediated(.switchback(baseURL: URL(string: "http://127.0.0.1:8080/truid")!)),
            redirectURI: URL(string: "firstlogin://app/truid/complete")!,
            isTestService: true
        )
        do {
            return try SwitchbackClient(config)
        } catch {
            fatalError("\(error)")
        }
    }

    var body: some Scene {
        WindowGroup {
            LoginView(switchback: switchback)
                .onOpenURL { switchback.handle($0) }
        }
    }
}
