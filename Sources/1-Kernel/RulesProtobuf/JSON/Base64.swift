import Foundation

/// Base 64 as protocol buffers' JSON has it: written in the standard alphabet with padding, read in either alphabet
/// with or without.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    static func decode(_ text: String) -> [UInt8]? {
        var standard = text.replacing("-", with: "+").replacing("_", with: "/")
        while !standard.utf8.count.isMultiple(of: 4) { standard += "=" }
        return Data(base64Encoded: standard).map(Array.init)
    }
}
