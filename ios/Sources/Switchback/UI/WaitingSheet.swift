#if canImport(UIKit) && canImport(SwiftUI)
    import SwiftUI
    import UIKit

    extension View {
        /// Shows a sheet, "Waiting for Truid", for a person who came back without an answer: a
        /// ``WaitingSheetController``.
        ///
        /// ```swift
        /// .waitingSheet(
        ///     isPresented: $isWaiting,
        ///     onOpenAgain: { model.openAgain(login) },
        ///     onOtherDevice: { model.openAgain(login, onOtherDevice: true) },
        ///     onCancel: { model.cancel(login) })
        /// ```
        ///
        /// Each choice closes the sheet, and then calls its function. If the person swipes the sheet away,
        /// the login stays open. To close the sheet, set `isPresented` to false.
        /// - Parameters:
        ///   - isPresented: Whether the sheet is on the screen.
        ///   - provider: The name of the identity app.
        ///   - onOpenAgain: Opens the identity app again, with `reopen`.
        ///   - onOtherDevice: Continues the login on another device, with `reopen` and
        ///     `onOtherDevice: true`. If it is `nil`, the sheet has no such choice.
        ///   - onCancel: Ends the login, with ``SwitchbackClient/cancelLogin(_:)``.
        @MainActor
        public func waitingSheet(
            isPresented: Binding<Bool>, provider: String = "Truid",
            onOpenAgain: @escaping @MainActor () -> Void, onOtherDevice: (@MainActor () -> Void)?,
            onCancel: @escaping @MainActor () -> Void
        ) -> some View {
            modifier(
                WaitingSheet(isPresented: isPresented) {
                    WaitingSheetController(
                        provider: provider, onOpenAgain: onOpenAgain, onOtherDevice: onOtherDevice,
                        onCancel: onCancel)
                })
        }
    }

    private struct WaitingSheet: ViewModifier {
        @Binding var isPresented: Bool
        let make: @MainActor () -> WaitingSheetController
        /// The function of the choice, until the sheet is closed.
        @State private var chosen: (@MainActor () -> Void)?

        init(isPresented: Binding<Bool>, make: @escaping @MainActor () -> WaitingSheetController) {
            _isPresented = isPresented
            self.make = make
        }

        func body(content: Content) -> some View {
            content.sheet(isPresented: $isPresented, onDismiss: callChosen) {
                WaitingSheetContent(make: make) { call in
                    chosen = call
                    isPresented = false
                }
                .halfAsHigh()
            }
        }

        private func callChosen() {
            let call = chosen
            chosen = nil
            call?()
        }
    }

    extension View {
        /// The sheet is half as high as the screen, and can become higher. On iOS 15 it is as high as each
        /// sheet of SwiftUI.
        @MainActor @ViewBuilder
        fileprivate func halfAsHigh() -> some View {
            if #available(iOS 16, *) {
                presentationDetents([.medium, .large]).presentationDragIndicator(.visible)
            } else {
                self
            }
        }
    }

    private struct WaitingSheetContent: UIViewControllerRepresentable {
        let make: @MainActor () -> WaitingSheetController
        let close: (@escaping @MainActor () -> Void) -> Void

        func makeUIViewController(context: Context) -> WaitingSheetController {
            let controller = make()
            controller.close = close
            return controller
        }

        func updateUIViewController(_ controller: WaitingSheetController, context: Context) {}
    }
#endif
