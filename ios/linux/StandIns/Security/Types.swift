import Foundation

/// A result code of the Security framework: https://developer.apple.com/documentation/security/security-framework-result-codes
public typealias OSStatus = Int32
/// https://developer.apple.com/documentation/corefoundation/cfstring
public typealias CFString = String
/// https://developer.apple.com/documentation/corefoundation/cfdata
public typealias CFData = Data
/// https://developer.apple.com/documentation/corefoundation/cfdictionary
public typealias CFDictionary = [String: Any]
/// https://developer.apple.com/documentation/corefoundation/cftyperef
public typealias CFTypeRef = AnyObject
/// https://developer.apple.com/documentation/corefoundation/cfallocator
public typealias CFAllocator = AnyObject
/// https://developer.apple.com/documentation/corefoundation/cfindex
public typealias CFIndex = Int
