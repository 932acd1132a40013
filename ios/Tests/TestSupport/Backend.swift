import Foundation

/// A service's backend in a separate process, and the sandbox behind it.
package final class Backend: Sendable {
    package let sandbox: Sandbox
    package let url: String
    private let folder: Folder
    private let running: RunningCommand

    package init() throws {
        // The redirect URI is registered before the backend listens there.
        url = "http://127.0.0.1:\(try freePort())"
        sandbox = try Sandbox(["--client-id", "demo-backend", "--redirect-uri", "\(url)/truid/complete"])
        folder = try Folder()
        let secret = folder.url.appendingPathComponent("client-secret")
        try Data("demo-backend-secret".utf8).write(to: secret)
        // The backend refuses a secret file that others can read.
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret.path)
        let config = """
            listen = "\(url.dropFirst("http://".count))"
            [database]
            sqlite = "service.db"
            [provider]
            base_url = "\(sandbox.url)"
            client_id = "demo-backend"
            redirect_uri = "\(url)/truid/complete"
            test_service = true
            client_secret_file = "client-secret"
            pushed = true
            [purposes]
            login = ["name", "email"]
            identity_verification = ["legal-name"]
            """
        let file = folder.url.appendingPathComponent("service.toml")
        try Data(config.utf8).write(to: file)
        running = try RunningCommand(["serve", "--json", "--config", file.path])
    }
}
