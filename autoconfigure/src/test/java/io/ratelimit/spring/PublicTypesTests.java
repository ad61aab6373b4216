package io.ratelimit.spring;

import java.util.List;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What can be named outside of this module, and between its packages.
 */
class PublicTypesTests {

	private static final JavaClasses classes = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("io.ratelimit.spring");

	/**
	 * What users name or implement, and the few types that packages see each other by.
	 */
	@Test
	void theseTypesArePublicAndNoOthers() {
		List<JavaClass> own = classes.stream()
			.filter((type) -> type.getPackageName().startsWith("io.ratelimit.spring")
					&& !type.getSimpleName().equals("package-info"))
			.toList();
		List<JavaClass> top = own.stream().filter(JavaClass::isTopLevelClass).toList();
		assertThat(top.stream().filter(PublicTypesTests::isPublic).map(PublicTypesTests::name))
			.containsExactlyInAnyOrder(
					// for users
					"policy.PolicySource", "policy.Guard", "policy.InvalidRateLimitException", "request.KeyResolver",
					"request.LimitedRequest", "request.LimitedResponse", "request.Refusal", "request.RefusalHandler",
					"request.RateLimitHeaders", "observe.RateLimitRefusedEvent", "observe.RateLimitsEndpoint",
					"autoconfigure.RateLimitAutoConfiguration", "autoconfigure.RateLimitWebAutoConfiguration",
					"autoconfigure.RateLimitRedisAutoConfiguration", "autoconfigure.RateLimitMetricsAutoConfiguration",
					"autoconfigure.RateLimitEndpointAutoConfiguration",
					// between packages
					"policy.LivePolicies", "policy.PolicyUser", "call.CallContext", "expression.Expressions",
					"expression.CompiledExpression", "request.RequestRules", "request.RequestRule",
					"request.PathReadings", "request.RequestServer");
		assertThat(own.stream()
			.filter((type) -> type.isNestedClass() && isPublic(type)
					&& isPublic(type.getEnclosingClass().orElseThrow()))
			.map(PublicTypesTests::name))
			.containsExactlyInAnyOrder("policy.Guard$MissingKey", "call.CallContext$Surroundings");
		assertThat(top).filteredOn((type) -> !isPublic(type)).hasSizeGreaterThan(top.size() * 6 / 10);
	}

	private static boolean isPublic(JavaClass type) {
		return type.getModifiers().contains(JavaModifier.PUBLIC);
	}

	private static String name(JavaClass type) {
		return type.getName().substring("io.ratelimit.spring.".length());
	}

}
