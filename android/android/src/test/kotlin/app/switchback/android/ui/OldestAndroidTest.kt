package app.switchback.android.ui

import android.app.Activity
import android.graphics.Bitmap
import android.graphics.Canvas
import android.view.View
import android.view.ViewGroup
import android.widget.Button
import android.widget.FrameLayout
import app.switchback.Purpose
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowLooper

/** The oldest Android that the library supports has what the button and the sheet call. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24], manifest = Config.NONE)
class OldestAndroidTest {
    private val activity = Robolectric.buildActivity(Activity::class.java).setup().get()

    private fun View.all(): List<View> =
        listOf(this) + if (this is ViewGroup) (0 until childCount).flatMap { getChildAt(it).all() } else emptyList()

    @Test
    fun `the button has every property, and a screen reader says that a login runs`() {
        val button = TruidButton(activity)
        activity.setContentView(FrameLayout(activity).also { it.addView(button) })
        ShadowLooper.idleMainLooper()
        button.style = TruidButton.Style.WHITE
        button.purpose = Purpose.ONBOARDING
        button.isInProgress = true
        button.isEnabled = false
        button.draw(Canvas(Bitmap.createBitmap(100, 100, Bitmap.Config.ARGB_8888)))
        button.dispatchConfigurationChanged(activity.resources.configuration)
        val node = button.createAccessibilityNodeInfo()
        assertEquals("Continue with Truid, In progress", node.contentDescription)
        assertFalse(node.isClickable)
    }

    @Test
    fun `the sheet calls the function of a choice, and goes back`() {
        var calls = 0
        val sheet = WaitingSheet(activity, onOpenAgain = {}, onOtherDevice = {}, onCancel = { calls++ })
        sheet.show()
        ShadowLooper.idleMainLooper()
        sheet.window!!.decorView.all().filterIsInstance<Button>().last().performClick()
        assertEquals(1, calls)
        sheet.show()
        assertTrue(sheet.isShowing)
        @Suppress("DEPRECATION")
        sheet.onBackPressed()
        assertFalse(sheet.isShowing)
        assertEquals(1, calls)
    }
}
