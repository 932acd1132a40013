import Foundation
internal import SwitchbackTestingBindings

/// What a conformance suite has seen, case by case.
///
/// ```swift
/// let report = await httpTransportConformance(transport: MyTransport())
/// XCTAssertEqual(report.failures, [], "\(report)")
/// ```
public struct ConformanceReport: Hashable, Sendable, CustomStringConvertible {
    /// What became of one demand.
    public enum Outcome: Hashable, Sendable {
        /// The demand was met.
        case passed
        /// The demand was not met: what was seen instead.
        case failed(String)
        /// It could not be tried here: why.
        case leftOut(String)
    }

    /// One demand, and what became of it.
    public struct Case: Hashable, Sendable, CustomStringConvertible {
        /// A name that stays: small letters with hyphens, `once-closed` for example.
        public let name: String
        /// What is demanded, in an English sentence.
        public let demand: String
        /// What became of it.
        public let outcome: Outcome

        /// The name and the outcome; of a case that failed also the demand.
        public var description: String {
            switch outcome {
            case .passed: "passed    \(name)"
            case .leftOut(let why): "left out  \(name): \(why)"
            case .failed(let seen):
                """
                FAILED    \(name)
                          demanded: \(demand)
                          seen:     \(seen)
                """
            }
        }
    }

    /// Every case there is, in an order that stays.
    public let cases: [Case]

    /// The cases that failed.
    public var failures: [Case] {
        cases.filter { if case .failed = $0.outcome { true } else { false } }
    }

    /// The cases that could not be tried here. What ships should leave nothing out.
    public var leftOut: [Case] {
        cases.filter { if case .leftOut = $0.outcome { true } else { false } }
    }

    /// A line for each case, more for one that failed, and the sums.
    public var description: String {
        let passed = cases.count - failures.count - leftOut.count
        let sums = "\(passed) passed, \(failures.count) failed, \(leftOut.count) left out"
        return (cases.map(\.description) + [sums]).joined(separator: "\n")
    }
}

extension ConformanceReport {
    /// Runs a suite, which blocks, on a thread of its own.
    init(_ suite: @escaping @Sendable () -> [CaseReport]) async {
        let reports = await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: suite()) }
        }
        cases = reports.map { Case($0) }
    }
}

extension ConformanceReport.Case {
    fileprivate init(_ generated: CaseReport) {
        name = generated.name
        demand = generated.demand
        outcome =
            switch generated.outcome {
            case .passed: .passed
            case .failed(let how): .failed(how)
            case .leftOut(let why): .leftOut(why)
            }
    }
}
