package app.switchback.support

import java.io.File

/** The code in this language on a page of the documentation, whose path begins at the root of the repository. */
fun codeOnPage(page: String, language: String): List<String> =
    Regex("```$language\n(.*?)```", RegexOption.DOT_MATCHES_ALL).findAll(File("../..", page).readText())
        .map { it.groupValues[1] }.toList()

/** The code without indentation, to find it inside of other code. */
fun String.unindented(): String = lines().joinToString("\n") { it.trim() }
