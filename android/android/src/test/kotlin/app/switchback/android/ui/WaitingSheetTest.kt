package app.switchback.android.ui

import android.app.Activity
import android.graphics.Insets
import android.graphics.Rect
import android.os.SystemClock
import android.view.KeyEvent
import android.view.MotionEvent
import android.view.View
import android.view.View.MeasureSpec
import android.view.ViewGroup
import android.view.WindowInsets
import android.widget.Button
import android.widget.ScrollView
import android.widget.TextView
import android.window.OnBackInvokedCallback
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.shadows.ShadowApplication
import org.robolectric.shadows.ShadowLooper
import org.robolectric.util.ReflectionHelpers

class WaitingSheetTest : UiTest() {
    private val calls = mutableListOf<String>()

    private fun sheet(activity: Activity = this.activity, provider: String = "Truid"): WaitingSheet {
        val sheet = WaitingSheet(
            activity,
            provider,
            onOpenAgain = { calls += "open again" },
            onOtherDevice = { calls += "other device" },
            onCancel = { calls += "cancel" },
        )
        sheet.setOnCancelListener { calls += "closed" }
        return sheet
    }

    private fun shown(sheet: WaitingSheet = sheet()): WaitingSheet {
        sheet.show()
        ShadowLooper.idleMainLooper()
        return sheet
    }

    private fun View.all(): List<View> =
        listOf(this) + if (this is ViewGroup) (0 until childCount).flatMap { getChildAt(it).all() } else emptyList()

    private val WaitingSheet.views get() = window!!.decorView.all()
    private val WaitingSheet.scroll get() = views.filterIsInstance<ScrollView>().single()
    private val WaitingSheet.choices get() = views.filterIsInstance<Button>()

    private fun WaitingSheet.tap(x: Int, y: Int) {
        val now = SystemClock.uptimeMillis()
        for (action in listOf(MotionEvent.ACTION_DOWN, MotionEvent.ACTION_UP)) {
            dispatchTouchEvent(MotionEvent.obtain(now, now, action, x.toFloat(), y.toFloat(), 0))
            ShadowLooper.idleMainLooper()
        }
    }

    @Test
    fun `each choice closes the sheet and calls its function`() {
        val sheet = sheet()
        for (choice in 0 until 3) {
            shown(sheet)
            sheet.choices[choice].performClick()
            assertFalse(sheet.isShowing)
        }
        assertEquals(listOf("open again", "other device", "cancel"), calls)
    }

    @Test
    fun `the sheet is closed when a choice is called, so that the choice can show it again`() {
        lateinit var sheet: WaitingSheet
        sheet = WaitingSheet(activity, onOpenAgain = { sheet.show() }, onOtherDevice = null, onCancel = {})
        shown(sheet)
        sheet.choices.first().performClick()
        assertTrue(sheet.isShowing)
    }

    @Test
    fun `a tap beside the sheet closes it, and a tap on it does not`() {
        val sheet = shown()
        val place = Rect().also { sheet.scroll.getGlobalVisibleRect(it) }
        sheet.tap(place.centerX(), place.top + 2)
        assertTrue(sheet.isShowing)
        sheet.tap(place.centerX(), place.top - 2)
        assertFalse(sheet.isShowing)
        assertEquals(listOf("closed"), calls)
    }

    @Test
    fun `an app can forbid to close the sheet`() {
        val ways = listOf<WaitingSheet.() -> Unit>({ setCancelable(false) }, { setCanceledOnTouchOutside(false) })
        for (forbid in ways) {
            val sheet = shown(sheet().apply(forbid))
            sheet.tap(5, 5)
            assertTrue(sheet.isShowing)
        }
        assertEquals(emptyList<String>(), calls)
    }

    @Test
    fun `the back gesture closes the sheet and ends nothing`() {
        ShadowApplication.setEnableOnBackInvokedCallback(true)
        val sheet = shown(sheet(Robolectric.buildActivity(Activity::class.java).setup().get()))
        backCallback(sheet).onBackInvoked()
        ShadowLooper.idleMainLooper()
        assertFalse(sheet.isShowing)
        assertEquals(listOf("closed"), calls)
    }

    /** What Android calls after the gesture: the uppermost callback of the dialog's window. */
    private fun backCallback(sheet: WaitingSheet): OnBackInvokedCallback {
        val proxy = sheet.window!!.onBackInvokedDispatcher
        val dispatcher = ReflectionHelpers.getField<Any>(proxy, "mActualDispatcher")
        return ReflectionHelpers.callInstanceMethod(dispatcher, "getTopCallback")
    }

    @Test
    fun `the back key of older phones closes the sheet`() {
        val sheet = shown()
        for (action in listOf(KeyEvent.ACTION_DOWN, KeyEvent.ACTION_UP)) {
            sheet.dispatchKeyEvent(KeyEvent(action, KeyEvent.KEYCODE_BACK))
        }
        ShadowLooper.idleMainLooper()
        assertFalse(sheet.isShowing)
        assertEquals(listOf("closed"), calls)
    }

    @Test
    fun `without a function for another device there is no such choice`() {
        val sheet = shown(WaitingSheet(activity, onOpenAgain = {}, onOtherDevice = null, onCancel = {}))
        assertEquals(listOf("Open Truid again", "Cancel"), sheet.choices.map { "${it.text}" })
    }

    @Test
    fun `the texts name the provider`() {
        val sheet = shown(sheet(provider = "Example ID"))
        val texts = sheet.views.filterIsInstance<TextView>().map { "${it.text}" }
        assertEquals(listOf("Waiting for Example ID", "Open Example ID again", "Use another device", "Cancel"), texts)
    }

    @Test
    fun `a screen reader says the title, as a heading and as the title of a pane`() {
        val sheet = shown()
        assertEquals("Waiting for Truid", sheet.scroll.accessibilityPaneTitle)
        assertEquals("Waiting for Truid", sheet.window!!.attributes.accessibilityTitle)
        val heading = sheet.views.single { it.isAccessibilityHeading } as TextView
        assertEquals("Waiting for Truid", heading.text)
        // Otherwise a screen reader would stop at the whole sheet.
        assertFalse(sheet.scroll.isClickable || sheet.scroll.isFocusable)
        for (choice in sheet.choices) assertEquals("android.widget.Button", choice.accessibilityClassName)
    }

    @Test
    fun `each choice is a target of at least 48 dp`() {
        for (choice in shown().choices) assertTrue(choice.height >= activity.dp(48f) && choice.isFocusable)
    }

    @Test
    fun `the sheet stays clear of the system's bars, also in an app for an older Android`() {
        for (target in listOf(36, 34)) {
            RuntimeEnvironment.getApplication().applicationInfo.targetSdkVersion = target
            val sheet = shown(sheet(Robolectric.buildActivity(Activity::class.java).setup().get()))
            sheet.layout(600, 400, Insets.of(40, 30, 20, 50))
            val place = sheet.place(sheet.scroll)
            assertEquals("$target", Rect(40, 30, 580, 400), place)
            sheet.scroll.fullScroll(View.FOCUS_DOWN)
            assertTrue(sheet.place(sheet.choices.last()).bottom <= 350)
        }
    }

    @Test
    fun `a low window scrolls, and a wide one limits the width`() {
        val sheet = shown()
        sheet.layout(2000, 300)
        assertEquals(activity.dp(640f), sheet.scroll.width)
        assertEquals(300, sheet.scroll.height)
        assertTrue(sheet.scroll.canScrollVertically(1))
        sheet.layout(500, 2000)
        assertEquals(500, sheet.scroll.width)
        assertFalse(sheet.scroll.canScrollVertically(1))
        assertEquals(2000, sheet.place(sheet.scroll).bottom)
    }

    private fun WaitingSheet.layout(width: Int, height: Int, bars: Insets = Insets.NONE) {
        val decor = window!!.decorView
        val insets = WindowInsets.Builder().setInsets(WindowInsets.Type.systemBars(), bars).build()
        decor.dispatchApplyWindowInsets(insets)
        fun exactly(size: Int) = MeasureSpec.makeMeasureSpec(size, MeasureSpec.EXACTLY)
        decor.measure(exactly(width), exactly(height))
        decor.layout(0, 0, width, height)
    }

    /** In pixels of the window. */
    private fun WaitingSheet.place(view: View): Rect {
        val place = Rect(0, 0, view.width, view.height)
        (window!!.decorView as ViewGroup).offsetDescendantRectToMyCoords(view, place)
        return place
    }

    @Test
    fun `an app shows the sheet again after the phone was turned`() {
        val controller = Robolectric.buildActivity(App::class.java).setup()
        val before = controller.get().sheet
        assertTrue(before.isShowing)
        controller.recreate()
        ShadowLooper.idleMainLooper()
        val after = controller.get().sheet
        assertFalse(before.isShowing)
        assertTrue(after.isShowing && after !== before)
    }

    /** As in the documentation of [WaitingSheet]. */
    class App : Activity() {
        val sheet by lazy { WaitingSheet(this, onOpenAgain = {}, onOtherDevice = {}, onCancel = {}) }

        override fun onStart() {
            super.onStart()
            sheet.show()
        }

        override fun onStop() {
            sheet.dismiss()
            super.onStop()
        }
    }

    @Test
    fun `the sheet takes the language and the colours of the time when it is shown`() {
        val context = activity.configured("sv")
        val resources = context.resources
        val sheet = WaitingSheet(context, onOpenAgain = {}, onOtherDevice = null, onCancel = {})
        shown(sheet)
        assertEquals("Avbryt", sheet.choices.last().text)
        sheet.dismiss()
        @Suppress("DEPRECATION")
        resources.updateConfiguration(activity.configured("de").resources.configuration, resources.displayMetrics)
        shown(sheet)
        assertEquals("Abbrechen", sheet.choices.last().text)
    }
}
