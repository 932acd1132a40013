/// The colours of a button, as 0xRRGGBB.
struct ButtonColors: Hashable, Sendable {
    let fill: UInt32
    let text: UInt32
    /// Separates the button from a screen that has the same colour as `fill`.
    let outline: UInt32

    /// The background while a finger is on the button: 16 % of it is the colour of the text.
    var pressed: UInt32 {
        func channel(_ shift: UInt32) -> UInt32 {
            let (fill, text) = ((fill >> shift) & 0xFF, (text >> shift) & 0xFF)
            return ((fill * 84 + text * 16) / 100) << shift
        }
        return channel(16) | channel(8) | channel(0)
    }
}

#if canImport(UIKit)
    import UIKit

    extension UIColor {
        convenience init(rgb: UInt32, alpha: CGFloat = 1) {
            func channel(_ shift: UInt32) -> CGFloat { CGFloat((rgb >> shift) & 0xFF) / 255 }
            self.init(red: channel(16), green: channel(8), blue: channel(0), alpha: alpha)
        }
    }
#endif
