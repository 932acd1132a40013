package app.switchback.android.ui

import android.content.Context
import android.content.res.Configuration
import android.graphics.Canvas
import android.graphics.drawable.Drawable
import android.os.Build
import android.util.AttributeSet
import android.view.accessibility.AccessibilityNodeInfo
import android.widget.Button
import app.switchback.Purpose

/**
 * A button with Truid's text and colours.
 *
 * ```kotlin
 * val button = TruidButton(context)
 * button.purpose = Purpose.ONBOARDING
 * button.logo = context.getDrawable(R.drawable.truid)
 * button.setOnClickListener { logIn() }
 * ```
 *
 * The text is in the language of the view's configuration, if that is English, Swedish, French, Dutch or
 * German. It is in English otherwise. The size of the text follows the font size that the person has set: give
 * the button the height `wrap_content`. The look does not depend on the app's theme.
 */
public class TruidButton @JvmOverloads constructor(
    context: Context,
    attrs: AttributeSet? = null,
) : Button(context, attrs, 0) {
    /**
     * Decides the text: "Login with Truid" for [Purpose.LOGIN], "Sign with Truid" for [Purpose.SIGNING],
     * "Continue with Truid" for the other purposes.
     */
    public var purpose: Purpose = Purpose.LOGIN
        set(value) {
            field = value
            updateText()
        }

    /** The colours. */
    public var style: Style = Style.THEME
        set(value) {
            field = value
            updateLook()
        }

    /**
     * Truid's logo, in the colours that Truid has for this [style]. It is as high as one and a half lines of
     * the text and keeps its proportions. Around it half its height stays free. The library does not contain
     * the logo: without one, the button shows a plain disc.
     */
    public var logo: Drawable? = null
        set(value) {
            field = value
            updateLogo()
        }

    /**
     * Whether a login runs. The button then shows a spinner in the place of the logo and ignores taps, and
     * screen readers say so. Set it back when the login has ended.
     */
    public var isInProgress: Boolean = false
        set(value) {
            field = value
            updateLogo()
            updateState()
            if (value) isPressed = false
        }

    init {
        updateLook()
        updateText()
    }

    /** The colours of the background and of the text, as in Truid's guide. */
    public enum class Style(internal val colors: ButtonColors) {
        /** Black on white, with a grey border. */
        WHITE(ButtonColors(fill = 0xFFFFFFFF.toInt(), text = 0xFF000000.toInt(), outline = 0xFF767676.toInt())),

        /** White on black. */
        BLACK(ButtonColors(fill = 0xFF000000.toInt(), text = 0xFFFFFFFF.toInt(), outline = 0xFF767676.toInt())),

        /** White on Truid's violet. */
        THEME(ButtonColors(fill = 0xFF3A277F.toInt(), text = 0xFFFFFFFF.toInt(), outline = 0xFF7A6BB8.toInt())),
    }

    private fun updateText() {
        val purposeText = when (purpose) {
            Purpose.LOGIN -> UiText.LOGIN
            Purpose.SIGNING -> UiText.SIGN
            else -> UiText.CONTINUE
        }
        text = text(purposeText)
        updateState()
    }

    private fun updateState() {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
            stateDescription = if (isInProgress) text(UiText.IN_PROGRESS) else null
        }
    }

    private fun text(text: UiText) = text.text(resources.configuration, "Truid")

    private fun updateLook() {
        applyLook(style.colors)
        updateLogo()
    }

    private fun updateLogo() {
        val logo = logo ?: rounded(LOGO_SIZE).apply { setColor(style.colors.text.withAlpha(LOGO_ALPHA)) }
        val height = (textSize * LOGO_LINES).toInt()
        val width = if (logo.intrinsicHeight > 0) height * logo.intrinsicWidth / logo.intrinsicHeight else height
        val start = if (isInProgress) Spinner(style.colors.text) else logo
        start.setBounds(0, 0, width, height)
        setCompoundDrawablesRelative(start, null, null, null)
        val free = (height + 1) / 2
        compoundDrawablePadding = free
        setPaddingRelative(free, free, free, free)
    }

    override fun onConfigurationChanged(newConfig: Configuration?) {
        super.onConfigurationChanged(newConfig)
        updateLook()
        updateText()
    }

    override fun draw(canvas: Canvas) {
        if (isEnabled) return super.draw(canvas)
        val layer = canvas.saveLayerAlpha(null, DISABLED_ALPHA)
        super.draw(canvas)
        canvas.restoreToCount(layer)
    }

    override fun setPressed(pressed: Boolean): Unit = super.setPressed(pressed && !isInProgress)

    override fun performClick(): Boolean = !isInProgress && super.performClick()

    override fun onInitializeAccessibilityNodeInfo(info: AccessibilityNodeInfo) {
        super.onInitializeAccessibilityNodeInfo(info)
        if (!isInProgress) return
        info.isClickable = false
        info.removeAction(AccessibilityNodeInfo.AccessibilityAction.ACTION_CLICK)
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.R) {
            info.contentDescription = "$text, ${text(UiText.IN_PROGRESS)}"
        }
    }

    private companion object {
        /** The height of the logo, in sizes of the text. */
        const val LOGO_LINES = 1.5f

        /** More than the radius of any logo: the placeholder is round. */
        const val LOGO_SIZE = 1000

        /** 40 %. */
        const val LOGO_ALPHA = 0x66

        /** 50 %. */
        const val DISABLED_ALPHA = 0x80
    }
}
