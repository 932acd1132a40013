// Untested: settings.gradle.kts says why.
import org.jetbrains.kotlin.gradle.dsl.JvmTarget
import org.jetbrains.kotlin.gradle.dsl.KotlinVersion

plugins {
    kotlin("jvm")
    `java-library`
}

group = "app.switchback"
version = "0.1.0"
layout.buildDirectory = file("../../target/gradle/core-jvm")

kotlin {
    coreLibrariesVersion = "2.2.21"
    compilerOptions {
        languageVersion = KotlinVersion.fromVersion("2.2")
        apiVersion = KotlinVersion.fromVersion("2.2")
        jvmTarget = JvmTarget.fromTarget("17")
    }
}

java {
    targetCompatibility = JavaVersion.toVersion("17")
}

dependencies {
    api("org.jetbrains.kotlinx:kotlinx-coroutines-core-jvm:1.11.0")
    // The module for the system has JNA: the Android library needs another file of it than a desktop.
    compileOnly("net.java.dev.jna:jna:5.19.1")
}
