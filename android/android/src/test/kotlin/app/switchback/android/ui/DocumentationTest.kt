package app.switchback.android.ui

import android.app.Activity
import android.os.Bundle
import app.switchback.Purpose
import app.switchback.support.codeOnPage
import app.switchback.support.unindented
import java.io.File
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.shadows.ShadowLooper

/** The code in `docs/how-to/truid-button.md` compiles, and does what the page says. */
class DocumentationTest : UiTest() {
    @Test
    fun `the code of the page is in this file`() {
        val blocks = codeOnPage("docs/how-to/truid-button.md", "kotlin")
        // Compose is not on the class path of the tests.
        val here = blocks.filter { "@Composable" !in it }
        assertEquals(4, here.size)
        val code = File("src/test/kotlin/app/switchback/android/ui/DocumentationTest.kt").readText().unindented()
        for (block in here) assertTrue(block, block.unindented() in code)
    }

    @Test
    fun `the page has the texts of the button`() {
        val page = File("../../docs/how-to/truid-button.md").readText()
        for (text in listOf(UiText.LOGIN, UiText.SIGN, UiText.CONTINUE)) {
            assertTrue("$text", text.texts.joinToString(" | ") { it.replace("%s", "Truid") } in page)
        }
    }

    @Test
    fun `the code of the page logs in, waits, and waits again after the phone was turned`() {
        val controller = Robolectric.buildActivity(LoginScreen::class.java).setup()
        val screen = controller.get()
        screen.button.performClick()
        assertEquals(listOf("in progress: true"), screen.calls)
        assertFalse(screen.button.isInProgress)
        model.isWaiting = true
        controller.recreate()
        ShadowLooper.idleMainLooper()
        assertTrue(controller.get().sheet.isShowing)
        model.isWaiting = false
        controller.recreate()
        ShadowLooper.idleMainLooper()
        assertFalse(controller.get().sheet.isShowing)
    }

    class LoginScreen : Activity() {
        val calls = mutableListOf<String>()
        lateinit var button: TruidButton
        lateinit var sheet: WaitingSheet

        override fun onCreate(savedInstanceState: Bundle?) {
            super.onCreate(savedInstanceState)
            button = makeButton()
            sheet = makeSheet()
            sheet.dismiss()
            setContentView(button)
        }

        private fun makeButton(): TruidButton {
            val button = TruidButton(this)
            button.purpose = Purpose.LOGIN
            button.style = TruidButton.Style.THEME
            button.logo = getDrawable(R.drawable.truid)
            button.setOnClickListener { logIn() }
            return button
        }

        private fun logIn() {
            fun logIn() {
                calls += "in progress: ${button.isInProgress}"
            }
            button.isInProgress = true
            try {
                logIn()
            } finally {
                button.isInProgress = false
            }
        }

        private fun makeSheet(): WaitingSheet {
            val sheet = WaitingSheet(
                this,
                onOpenAgain = { openAgain() },
                onOtherDevice = { openOnOtherDevice() },
                onCancel = { cancelLogin() },
            )
            sheet.show()
            return sheet
        }

        private fun openAgain() = Unit

        private fun openOnOtherDevice() = Unit

        private fun cancelLogin() = Unit

        override fun onStart() {
            super.onStart()
            if (model.isWaiting) sheet.show()
        }

        override fun onStop() {
            sheet.dismiss()
            super.onStop()
        }
    }

    private object R {
        val drawable = Drawables()
    }

    private class Drawables {
        val truid = android.R.drawable.ic_menu_send
    }

    private class Model {
        var isWaiting = false
    }

    private companion object {
        val model = Model()
    }
}
