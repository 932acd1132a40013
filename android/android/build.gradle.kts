// Untested: ../settings.gradle.kts says why.
import org.jetbrains.kotlin.gradle.dsl.JvmTarget
import org.jetbrains.kotlin.gradle.dsl.KotlinVersion

plugins {
    id("com.android.library")
    kotlin("android")
}

group = "app.switchback"
version = "0.1.0"
layout.buildDirectory = file("../../target/gradle/android")

android {
    namespace = "app.switchback.android"
    compileSdk = 36
    defaultConfig {
        minSdk = 24
        consumerProguardFiles("../core-jvm/src/main/resources/META-INF/proguard/switchback.pro")
    }
    lint {
        targetSdk = 36
    }
    compileOptions {
        targetCompatibility = JavaVersion.toVersion("17")
    }
    // `cargo xtask android` builds the native libraries with an NDK.
    sourceSets["main"].jniLibs.srcDir("../../target/android/aar/content/jni")
}

val core = project(":core-jvm").layout.buildDirectory

kotlin {
    coreLibrariesVersion = "2.2.21"
    explicitApi()
    compilerOptions {
        languageVersion = KotlinVersion.fromVersion("2.2")
        apiVersion = KotlinVersion.fromVersion("2.2")
        jvmTarget = JvmTarget.fromTarget("17")
        // It uses internal code of the core of the same version; an app cannot.
        val friends = listOf("classes/kotlin/main", "libs/core-jvm-$version.jar").map { core.get().file(it).asFile }
        freeCompilerArgs.add("-Xfriend-paths=" + friends.joinToString(","))
    }
}

dependencies {
    api(project(":core-jvm"))
    runtimeOnly("net.java.dev.jna:jna:5.19.1@aar")
}
