package app.switchback.android.ui

import android.animation.ValueAnimator
import android.content.res.Configuration
import android.graphics.drawable.ColorDrawable
import android.graphics.drawable.Drawable
import android.graphics.drawable.GradientDrawable
import android.os.SystemClock
import android.view.ContextThemeWrapper
import android.view.KeyEvent
import android.view.LayoutInflater
import android.view.MotionEvent
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.view.accessibility.AccessibilityNodeInfo
import android.view.accessibility.AccessibilityNodeInfo.AccessibilityAction
import android.widget.FrameLayout
import app.switchback.Purpose
import java.util.Locale
import java.util.concurrent.TimeUnit
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertSame
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.shadows.ShadowLooper

class TruidButtonTest : UiTest() {
    private val button by lazy { TruidButton(activity) }
    private var taps = 0

    /** What a screen reader gets. */
    private fun node(button: TruidButton = this.button): AccessibilityNodeInfo {
        if (!button.isAttachedToWindow) activity.place(button)
        return button.createAccessibilityNodeInfo()
    }

    private fun place() {
        button.setOnClickListener { taps++ }
        activity.setContentView(button, FrameLayout.LayoutParams(MATCH_PARENT, WRAP_CONTENT))
        ShadowLooper.idleMainLooper()
    }

    private fun touch(action: Int) {
        val now = SystemClock.uptimeMillis()
        val event = MotionEvent.obtain(now, now, action, button.width / 2f, button.height / 2f, 0)
        button.dispatchTouchEvent(event)
        ShadowLooper.idleMainLooper()
    }

    private fun key(action: Int) {
        button.dispatchKeyEvent(KeyEvent(action, KeyEvent.KEYCODE_ENTER))
        ShadowLooper.idleMainLooper()
    }

    private fun logo(width: Int, height: Int) = GradientDrawable().apply { setSize(width, height) }

    private fun start(): Drawable = button.compoundDrawablesRelative[0]

    @Test
    fun `the purpose decides the text`() {
        assertEquals("Login with Truid", button.text)
        val texts = Purpose.values.map { purpose -> button.also { it.purpose = purpose }.text }
        assertEquals(listOf("Continue with Truid", "Login with Truid", "Continue with Truid", "Sign with Truid"), texts)
    }

    @Test
    fun `a layout file can name the button`() {
        val attributes = Robolectric.buildAttributeSet().build()
        val name = TruidButton::class.java.name
        val button = LayoutInflater.from(activity).createView(name, null, attributes) as TruidButton
        assertEquals(Purpose.LOGIN, button.purpose)
        assertEquals(TruidButton.Style.THEME, button.style)
        assertEquals("Login with Truid", button.text)
    }

    @Test
    fun `the text follows the language and the font size`() {
        val button = TruidButton(activity.configured("sv", fontScale = 2f))
        assertEquals("Logga in med Truid", button.text)
        assertTrue(button.textSize > this.button.textSize * 1.5f)
    }

    @Test
    fun `the text follows a change of the language while the view lives`() {
        val context = activity.configured("sv")
        val button = TruidButton(context)
        val configuration = Configuration(context.resources.configuration)
        configuration.setLocale(Locale.GERMAN)
        configuration.fontScale = 1.5f
        val size = button.textSize
        @Suppress("DEPRECATION")
        context.resources.updateConfiguration(configuration, context.resources.displayMetrics)
        button.dispatchConfigurationChanged(configuration)
        assertEquals("Mit Truid anmelden", button.text)
        assertTrue(button.textSize > size)
    }

    @Test
    fun `half of the logo's height stays free around it`() {
        for (fontScale in listOf(1f, 2f)) {
            val button = TruidButton(activity.configured(fontScale = fontScale))
            button.logo = logo(300, 100)
            activity.place(button)
            val bounds = button.compoundDrawablesRelative[0].bounds
            assertEquals(bounds.height() * 3, bounds.width())
            assertTrue(bounds.height() >= button.textSize)
            val spaces = listOf(
                button.paddingStart,
                button.compoundDrawablePadding,
                (button.height - bounds.height()) / 2,
            )
            for (space in spaces) assertTrue("$spaces", space * 2 >= bounds.height())
        }
    }

    @Test
    fun `a tap target is at least 48 dp high and wide`() {
        val least = activity.dp(48f)
        button.text = ""
        activity.place(button)
        assertTrue("${button.width} x ${button.height}", button.width >= least && button.height >= least)
    }

    @Test
    fun `no text is clipped in the space of the smallest phone, in any language`() {
        for (language in UiText.LANGUAGES) {
            for (purpose in listOf(Purpose.LOGIN, Purpose.ONBOARDING, Purpose.SIGNING)) {
                val button = TruidButton(activity.configured(language, fontScale = 2f))
                button.purpose = purpose
                activity.place(button, width = activity.dp(288f))
                val layout = button.layout
                assertEquals(button.text.length, layout.getLineEnd(layout.lineCount - 1))
                assertTrue(layout.height <= button.height - button.totalPaddingTop - button.totalPaddingBottom)
                for (line in 0 until layout.lineCount) {
                    assertEquals(0, layout.getEllipsisCount(line))
                    assertTrue(layout.getLineMax(line) <= layout.width)
                    // No line ends inside a word.
                    val end = layout.getLineEnd(line)
                    assertTrue(end == button.text.length || button.text[end - 1] == ' ')
                }
            }
        }
    }

    @Test
    fun `a screen reader says the text, and that it is a button`() {
        assertEquals("android.widget.Button", node().className)
        assertEquals("Login with Truid", node().text)
        assertNull(node().contentDescription)
        assertNull(node().stateDescription)
        button.setOnClickListener { }
        assertTrue(AccessibilityAction.ACTION_CLICK in node().actionList)
    }

    @Test
    fun `a screen reader says that a login runs, and offers no tap`() {
        button.setOnClickListener { }
        button.isInProgress = true
        assertEquals("Login with Truid", node().text)
        assertEquals("In progress", node().stateDescription)
        assertTrue(node().isEnabled)
        assertFalse(node().isClickable)
        assertFalse(AccessibilityAction.ACTION_CLICK in node().actionList)
        button.isInProgress = false
        assertNull(node().stateDescription)
        assertTrue(AccessibilityAction.ACTION_CLICK in node().actionList)
        val swedish = TruidButton(activity.configured("sv"))
        swedish.isInProgress = true
        assertEquals("Pågår", node(swedish).stateDescription)
    }

    @Test
    fun `taps and keys count, but not while a login runs`() {
        place()
        fun tap() {
            touch(MotionEvent.ACTION_DOWN)
            touch(MotionEvent.ACTION_UP)
            key(KeyEvent.ACTION_DOWN)
            key(KeyEvent.ACTION_UP)
            button.performAccessibilityAction(AccessibilityNodeInfo.ACTION_CLICK, null)
        }
        tap()
        assertEquals(3, taps)
        button.isInProgress = true
        tap()
        assertEquals(3, taps)
        button.isInProgress = false
        tap()
        assertEquals(6, taps)
    }

    @Test
    fun `the button does not look pressed while a login runs`() {
        place()
        touch(MotionEvent.ACTION_DOWN)
        ShadowLooper.idleMainLooper(1, TimeUnit.SECONDS)
        assertTrue(button.isPressed)
        button.isInProgress = true
        assertFalse(button.isPressed)
        touch(MotionEvent.ACTION_CANCEL)
        touch(MotionEvent.ACTION_DOWN)
        ShadowLooper.idleMainLooper(1, TimeUnit.SECONDS)
        assertFalse(button.isPressed)
    }

    @Test
    fun `a keyboard reaches the button`() {
        assertTrue(button.isFocusable)
        // The button itself shows that it has the focus.
        assertTrue(button.background.hasFocusStateSpecified())
    }

    @Test
    fun `a login in progress shows a spinner, and then the logo again`() {
        val logo = logo(30, 30)
        button.logo = logo
        button.isInProgress = true
        val bounds = start().bounds
        assertTrue(start() is Spinner)
        assertEquals(logo.bounds, bounds)
        button.isInProgress = false
        assertSame(logo, start())
    }

    @Test
    fun `the spinner turns, unless animations are off`() {
        button.isInProgress = true
        activity.place(button)
        val first = button.drawn()
        ShadowLooper.idleMainLooper(250, TimeUnit.MILLISECONDS)
        assertEquals(0, Pictures.difference(first, button.drawn())!!.pixels)
        ValueAnimator.setDurationScale(1f)
        val second = button.drawn()
        ShadowLooper.idleMainLooper(250, TimeUnit.MILLISECONDS)
        assertNotEquals(0, Pictures.difference(second, button.drawn())!!.pixels)
    }

    @Test
    fun `a logo without a size is square`() {
        button.logo = ColorDrawable()
        assertEquals(start().bounds.height(), start().bounds.width())
        assertTrue(start().bounds.height() > 0)
    }

    @Test
    fun `the theme of the app does not change the look`() {
        activity.place(button)
        val usual = button.drawn()
        val themes = listOf(
            android.R.style.Theme_Black,
            android.R.style.Theme_Holo_Light,
            android.R.style.Theme_Material,
            android.R.style.Theme_DeviceDefault_Light,
        )
        for (theme in themes) {
            val other = TruidButton(ContextThemeWrapper(activity, theme))
            activity.place(other)
            assertEquals(0, Pictures.difference(usual, other.drawn())!!.pixels)
        }
    }
}
