#if canImport(UIKit)
    import UIKit

    /// A sheet, "Waiting for Truid", for a person who came back without an answer. The person can open the
    /// identity app again, use another device, or cancel. In SwiftUI it is
    /// `waitingSheet(isPresented:provider:onOpenAgain:onOtherDevice:onCancel:)`.
    ///
    /// ```swift
    /// let sheet = WaitingSheetController(
    ///     onOpenAgain: { model.openAgain(login) },
    ///     onOtherDevice: { model.openAgain(login, onOtherDevice: true) },
    ///     onCancel: { model.cancel(login) })
    /// present(sheet, animated: true)
    /// ```
    ///
    /// Each choice closes the sheet, and then the sheet calls the function of this choice. To swipe the
    /// sheet away or to tap beside it only closes it: **the login stays open**, and a late answer still
    /// completes it. The delegate of the `presentationController` can observe that, and
    /// `isModalInPresentation` forbids it, as with each sheet of UIKit.
    ///
    /// The sheet consists of controls of UIKit in the system's colours. They follow the text size, the
    /// contrast, the dark mode and the direction of the person's settings. The language is that of
    /// ``TruidUIButton``.
    public final class WaitingSheetController: UIViewController {
        private struct Choice {
            let text: UIText
            let configuration: UIButton.Configuration
            let call: @MainActor () -> Void
        }

        private let provider: String
        private let choices: [Choice]

        /// Replaces the language of the device, for tests.
        var language: String?

        /// Closes the sheet, and then calls the function.
        var close: ((@escaping @MainActor () -> Void) -> Void)?

        /// A sheet, to be presented.
        /// - Parameters:
        ///   - provider: The name of the identity app.
        ///   - onOpenAgain: Opens the identity app again, with `reopen`.
        ///   - onOtherDevice: Continues the login on another device, with `reopen` and
        ///     `onOtherDevice: true`. If it is `nil`, the sheet has no such choice.
        ///   - onCancel: Ends the login, with ``SwitchbackClient/cancelLogin(_:)``.
        public init(
            provider: String = "Truid", onOpenAgain: @escaping @MainActor () -> Void,
            onOtherDevice: (@MainActor () -> Void)?, onCancel: @escaping @MainActor () -> Void
        ) {
            self.provider = provider
            var first = UIButton.Configuration.filled()
            first.baseBackgroundColor = .label
            first.baseForegroundColor = .systemBackground
            var choices = [Choice(text: .openAgain, configuration: first, call: onOpenAgain)]
            if let onOtherDevice {
                choices.append(Choice(text: .otherDevice, configuration: .gray(), call: onOtherDevice))
            }
            choices.append(Choice(text: .cancel, configuration: .plain(), call: onCancel))
            self.choices = choices
            super.init(nibName: nil, bundle: nil)
            modalPresentationStyle = .pageSheet
            sheetPresentationController?.detents = [.medium(), .large()]
            sheetPresentationController?.prefersGrabberVisible = true
        }

        /// A storyboard cannot make the sheet, because it has no functions for the choices.
        @available(*, unavailable)
        public required init?(coder: NSCoder) {
            nil
        }

        /// Makes the heading and the buttons.
        public override func viewDidLoad() {
            super.viewDidLoad()
            view.backgroundColor = .systemBackground
            let heading = heading()
            let column = UIStackView(arrangedSubviews: [heading] + choices.map(button))
            column.axis = .vertical
            column.spacing = 8
            column.setCustomSpacing(24, after: heading)
            show(column)
        }

        private func heading() -> UILabel {
            let heading = UILabel()
            heading.text = UIText.waiting.text(provider: provider, in: language)
            heading.font = .preferredFont(forTextStyle: .title2)
            heading.adjustsFontForContentSizeCategory = true
            heading.numberOfLines = 0
            heading.accessibilityTraits = .header
            return heading
        }

        private func button(_ choice: Choice) -> UIButton {
            var configuration = choice.configuration
            if configuration.baseForegroundColor == nil { configuration.baseForegroundColor = .label }
            configuration.buttonSize = .large
            configuration.titleAlignment = .center
            let title = choice.text.text(provider: provider, in: language)
            let action = UIAction(title: title) { [weak self] _ in self?.choose(choice) }
            return UIButton(configuration: configuration, primaryAction: action)
        }

        private func choose(_ choice: Choice) {
            if let close {
                close(choice.call)
            } else {
                dismiss(animated: true) { choice.call() }
            }
        }

        /// The column scrolls if it is higher than the sheet.
        private func show(_ column: UIStackView) {
            let scroll = UIScrollView()
            scroll.translatesAutoresizingMaskIntoConstraints = false
            column.translatesAutoresizingMaskIntoConstraints = false
            view.addSubview(scroll)
            scroll.addSubview(column)
            let (content, safe) = (scroll.contentLayoutGuide, view.safeAreaLayoutGuide)
            NSLayoutConstraint.activate([
                scroll.leadingAnchor.constraint(equalTo: safe.leadingAnchor),
                scroll.trailingAnchor.constraint(equalTo: safe.trailingAnchor),
                scroll.topAnchor.constraint(equalTo: view.topAnchor),
                scroll.bottomAnchor.constraint(equalTo: view.bottomAnchor),
                content.widthAnchor.constraint(equalTo: scroll.frameLayoutGuide.widthAnchor),
                column.leadingAnchor.constraint(equalTo: content.leadingAnchor, constant: 24),
                column.trailingAnchor.constraint(equalTo: content.trailingAnchor, constant: -24),
                column.topAnchor.constraint(equalTo: content.topAnchor, constant: 32),
                column.bottomAnchor.constraint(equalTo: content.bottomAnchor, constant: -24),
            ])
        }
    }
#endif
