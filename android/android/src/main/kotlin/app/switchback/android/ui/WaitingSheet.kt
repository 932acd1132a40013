package app.switchback.android.ui

import android.app.Dialog
import android.content.Context
import android.view.MotionEvent
import android.widget.Button

/**
 * A sheet at the bottom of the screen, "Waiting for Truid", for a person who came back without an answer. The
 * person can open the identity app again, use another device, or cancel.
 *
 * Each choice closes the sheet, and then the sheet calls the function of this choice. The back gesture and a
 * tap beside the sheet only close it: **the login stays open**, and a late answer still completes it.
 * [setOnCancelListener] reports these two, and never the choice *Cancel*, which is [onCancel].
 *
 * When the person turns the phone, Android destroys the activity and its sheet. So store the state of the login
 * outside the activity, show the sheet in `onStart`, and dismiss it in `onStop`:
 *
 * ```kotlin
 * override fun onStart() {
 *     super.onStart()
 *     if (model.isWaiting) sheet.show()
 * }
 *
 * override fun onStop() {
 *     sheet.dismiss()
 *     super.onStop()
 * }
 * ```
 *
 * A `DialogFragment` does both, if its `onCreateDialog` returns the sheet.
 *
 * The texts are in the language of the context's configuration, if that is English, Swedish, French, Dutch or
 * German, and in English otherwise. The colours are dark if that configuration is in night mode.
 *
 * @param context the activity
 * @param provider the name of the identity app
 * @param onOpenAgain opens the identity app again: [app.switchback.android.Switchback.reopen]
 * @param onOtherDevice continues the login on another device: `reopen` with `onOtherDevice = true`. If it is
 *   null, the sheet has no such choice
 * @param onCancel ends the login: [app.switchback.android.Switchback.cancelLogin]
 */
public class WaitingSheet(
    context: Context,
    private val provider: String = "Truid",
    private val onOpenAgain: () -> Unit,
    private val onOtherDevice: (() -> Unit)?,
    private val onCancel: () -> Unit,
) : Dialog(context, android.R.style.Theme_Translucent_NoTitleBar) {
    private var isCancelable = true
    private var isCanceledOnTouchOutside = true

    /** Builds the views, since the language and the colours can have changed since the last time. */
    override fun onStart() {
        super.onStart()
        val colors = SheetColors.of(context.resources.configuration)
        val title = text(UiText.WAITING)
        setTitle(title)
        val choices = listOfNotNull(
            choice(UiText.OPEN_AGAIN, colors.first, onOpenAgain),
            onOtherDevice?.let { choice(UiText.OTHER_DEVICE, colors.second, it) },
            choice(UiText.CANCEL, colors.third, onCancel),
        )
        setContentView(sheetAtBottom(context, colors, title, choices))
        window?.fillScreen(colors)
    }

    private fun text(text: UiText) = text.text(context.resources.configuration, provider)

    private fun choice(text: UiText, colors: ButtonColors, choose: () -> Unit) = Button(context, null, 0).apply {
        applyLook(colors)
        this.text = text(text)
        setOnClickListener {
            dismiss()
            choose()
        }
    }

    override fun setCancelable(flag: Boolean) {
        super.setCancelable(flag)
        isCancelable = flag
    }

    override fun setCanceledOnTouchOutside(cancel: Boolean) {
        super.setCanceledOnTouchOutside(cancel)
        isCanceledOnTouchOutside = cancel
    }

    /** Receives the touches beside the sheet: the window fills the screen, so Android does not see them as outside. */
    override fun onTouchEvent(event: MotionEvent): Boolean {
        if (event.actionMasked == MotionEvent.ACTION_UP && isCancelable && isCanceledOnTouchOutside) cancel()
        return true
    }
}
