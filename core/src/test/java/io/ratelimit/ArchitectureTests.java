package io.ratelimit;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What the core may depend on: nearly nothing.
 */
class ArchitectureTests {

	private static final JavaClasses classes = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("io.ratelimit");

	@Test
	void noSpringIsOnTheClassPath() {
		assertThatThrownBy(() -> Class.forName("org.springframework.core.SpringVersion"))
			.isInstanceOf(ClassNotFoundException.class);
	}

	@Test
	void theCoreDependsOnCaffeineAndAnnotationsAndLoggingOnly() {
		classes().should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("io.ratelimit..", "java..", "com.github.benmanes.caffeine.cache", "org.jspecify..",
					"org.slf4j")
			.check(classes);
	}

	@Test
	void theApiDoesNotSeeTheStore() {
		noClasses().that()
			.resideInAPackage("io.ratelimit")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.ratelimit.caffeine", "com.github.benmanes..")
			.check(classes);
	}

}
