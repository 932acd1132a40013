package app.switchback.android.ui

import android.animation.ValueAnimator
import android.graphics.Canvas
import android.graphics.ColorFilter
import android.graphics.Paint
import android.graphics.PixelFormat
import android.graphics.drawable.Drawable
import android.os.Build
import android.os.SystemClock

/** An arc that turns once a second. It does not turn if the person has switched animations off. */
internal class Spinner(color: Int) : Drawable() {
    private val paint = Paint(Paint.ANTI_ALIAS_FLAG).apply {
        this.color = color
        style = Paint.Style.STROKE
        strokeCap = Paint.Cap.ROUND
    }

    override fun draw(canvas: Canvas) {
        val size = minOf(bounds.width(), bounds.height()).toFloat()
        paint.strokeWidth = size / 10
        val radius = size * 0.4f
        val x = bounds.exactCenterX()
        val y = bounds.exactCenterY()
        val turned = if (isAnimated()) SystemClock.uptimeMillis() % 1000 * 0.36f else 0f
        canvas.drawArc(x - radius, y - radius, x + radius, y + radius, turned - 90f, 270f, false, paint)
        // Asks for the next frame. A view that is not visible draws none.
        if (isAnimated()) invalidateSelf()
    }

    private fun isAnimated() = Build.VERSION.SDK_INT < Build.VERSION_CODES.O || ValueAnimator.areAnimatorsEnabled()

    override fun setAlpha(alpha: Int) {
        paint.alpha = alpha
    }

    override fun setColorFilter(colorFilter: ColorFilter?) {
        paint.colorFilter = colorFilter
    }

    @Deprecated("Android calls it before API level 29.")
    override fun getOpacity(): Int = PixelFormat.TRANSLUCENT
}
