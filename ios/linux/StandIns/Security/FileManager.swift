import Foundation

extension FileManager {
    /// Foundation has this on Apple's systems only. `nil` if the app does not have the group:
    /// https://developer.apple.com/documentation/foundation/filemanager/containerurl(forsecurityapplicationgroupidentifier:)
    public func containerURL(forSecurityApplicationGroupIdentifier groupIdentifier: String) -> URL? {
        Keychain.shared.settings.appGroupFolders[groupIdentifier]
    }
}
