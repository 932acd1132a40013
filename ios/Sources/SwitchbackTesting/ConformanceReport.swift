import Foundation
internal import SwitchbackTestingBindings

/// The result of a conformance suite.
///
/// ```swift
/// let report = await httpTransportConformance(transport: MyTransport())
/// XCTAssertEqual(report.failures, [], "\(report)")
/// ```
public struct ConformanceReport: Hashable, Sendable, CustomStringConvertible {
    /// The result of a case.
    public enum Outcome: Hashable, Sendable {
        /// The requirement was met.
        case passed
        /// The requirement was not met. The text says what happened instead.
        case failed(String)
        /// It could not be tried here: why.
        case leftOut(String)
    }

    /// One case.
    public struct Case: Hashable, Sendable, CustomStringConvertible {
        /// A stable name, for example `once-closed`.
        public let name: String
        /// The requirement, as an English sentence.
        public let demand: String
        /// The result.
        public let outcome: Outcome

        /// The name and the outcome; for a case that failed, also the requirement.
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

    /// All cases, in a stable order.
    public let cases: [Case]

    /// The cases that failed.
    public var failures: [Case] {
        cases.filter { if case .failed = $0.outcome { true } else { false } }
    }

    /// The cases that the suite could not test. Before a release, leave no case out.
    public var leftOut: [Case] {
        cases.filter { if case .leftOut = $0.outcome { true } else { false } }
    }

    /// A line for each case, the details of each failure, and the totals.
    public var description: String {
        let passed = cases.count - failures.count - leftOut.count
        let sums = "\(passed) passed, \(failures.count) failed, \(leftOut.count) left out"
        return (cases.map(\.description) + [sums]).joined(separator: "\n")
    }
}

extension ConformanceReport {
    /// Runs a suite on a separate thread, because it blocks.
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
