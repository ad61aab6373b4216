package io.ratelimit.spring;

import java.util.Arrays;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStore;
import io.ratelimit.RateLimits;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What may depend on what.
 */
class ArchitectureTests {

	private static final JavaClasses classes = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("io.ratelimit");

	@Test
	void bothTheCoreAndSpringsPartAreSeen() {
		assertThat(classes.contain("io.ratelimit.Limit")).isTrue();
		assertThat(classes.contain("io.ratelimit.spring.web.servlet.RateLimitFilter")).isTrue();
	}

	@Test
	void nothingButSpringsPartSeesSpring() {
		noClasses().that()
			.resideOutsideOfPackage("io.ratelimit.spring..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework..", "jakarta..")
			.check(classes);
	}

	@Test
	void theCoreDoesNotSeeSpringsPart() {
		noClasses().that()
			.resideOutsideOfPackage("io.ratelimit.spring..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.ratelimit.spring..")
			.check(classes);
	}

	@Test
	void requestsAndMethodsDoNotSeeEachOther() {
		noClasses().that()
			.resideInAnyPackage("io.ratelimit.spring.request", "io.ratelimit.spring.web..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.ratelimit.spring.method")
			.check(classes);
		noClasses().that()
			.resideInAPackage("io.ratelimit.spring.method")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.ratelimit.spring.request", "io.ratelimit.spring.web..")
			.check(classes);
	}

	@Test
	void rulesSeeNoKindOfServer() {
		assertThat(classes.contain("io.ratelimit.spring.request.RequestRules")).isTrue();
		noClasses().that()
			.resideInAPackage("io.ratelimit.spring.request..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("jakarta.servlet..", "org.springframework.web.servlet..",
					"org.springframework.web.context..", "org.springframework.web.server..",
					"io.ratelimit.spring.web..")
			.check(classes);
	}

	@Test
	void addressesOfClientsAreNeverLookedUp() {
		noClasses().that()
			.resideInAnyPackage("io.ratelimit.spring.request", "io.ratelimit.spring.web..")
			.should()
			.dependOnClassesThat()
			.haveFullyQualifiedName("java.net.InetAddress")
			.check(classes);
	}

	/**
	 * Plans are remembered, and meters of the store read, by types of the in-process
	 * store.
	 */
	@Test
	void storesAreMadeInOnePlace() {
		noClasses().that()
			.resideInAPackage("io.ratelimit.spring..")
			.and()
			.resideOutsideOfPackage("io.ratelimit.spring.store")
			.and()
			.haveNameNotMatching(
					"io\\.ratelimit\\.spring\\.(autoconfigure\\.RateLimitRedisAutoConfiguration|policy\\.(PlanLookUps.*|PolicyConfiguration)|observe\\.(LimitTrial|RateLimitMeters|MeterConfiguration))")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.ratelimit.caffeine", "io.ratelimit.redis", "io.lettuce..",
					"org.springframework.data..")
			.check(classes);
	}

	@Test
	void policiesAreWrittenInOnePlace() {
		noClasses().that()
			.resideInAPackage("io.ratelimit.spring..")
			.and()
			.resideOutsideOfPackage("io.ratelimit.spring.policy")
			.should()
			.callMethod(RateLimits.class, "register", Policy.class)
			.orShould()
			.callMethod(RateLimits.class, "builder", RateLimitStore.class)
			.check(classes);
	}

	@Test
	void theStoreInRedisSeesTheApiOnly() {
		assertThat(classes.contain("io.ratelimit.redis.RedisRateLimitStore")).isTrue();
		classes().that()
			.resideInAPackage("io.ratelimit.redis")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("io.ratelimit", "io.ratelimit.redis", "java..", "io.lettuce..",
					"com.github.benmanes.caffeine.cache", "org.jspecify..")
			.check(classes);
		noClasses().that()
			.resideInAnyPackage("io.ratelimit", "io.ratelimit.caffeine", "io.ratelimit.annotation")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.ratelimit.redis", "io.lettuce..")
			.check(classes);
	}

	@Test
	void nothingImportsAutoConfiguration() {
		noClasses().that()
			.resideOutsideOfPackage("io.ratelimit.spring.autoconfigure")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.ratelimit.spring.autoconfigure")
			.check(classes);
	}

	@Test
	void autoConfigurationsHaveNoBeans() {
		assertThat(classes.contain("io.ratelimit.spring.autoconfigure.RateLimitAutoConfiguration")).isTrue();
		classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.resideInAPackage("io.ratelimit.spring.autoconfigure")
			.andShould()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL)
			.andShould(new ArchCondition<>("have no methods") {
				@Override
				public void check(JavaClass type, ConditionEvents events) {
					events.add(new SimpleConditionEvent(type, type.getMethods().isEmpty(),
							type.getName() + " has " + type.getMethods()));
				}
			})
			.check(classes);
	}

	@Test
	void packagesHaveNoCycles() {
		SlicesRuleDefinition.slices().matching("io.ratelimit.(**)").should().beFreeOfCycles().check(classes);
	}

	@Test
	void optionalLibrariesAreSeenOnlyWhereTheyAreGuarded() {
		classes().that()
			.haveNameNotMatching(
					"io\\.ratelimit\\.spring\\.(request\\.JwtClaim|web\\.servlet\\.(SecuredOrigins|OriginSources\\$Secured)|observe\\.Csrf\\$Spring|method\\.CallerContext\\$Security)")
			.should()
			.onlyDependOnClassesThat()
			.resideOutsideOfPackage("org.springframework.security..")
			.check(classes);
		classes().that()
			.haveNameNotMatching(".*\\.(PublisherCall|RefusedExchanges|ReactiveConfiguration).*")
			.should()
			.onlyDependOnClassesThat()
			.resideOutsideOfPackage("reactor..")
			.check(classes);
		noClasses().that()
			.resideInAPackage("io.ratelimit.spring..")
			.and()
			.haveNameNotMatching(".*\\.(RateLimit)?Redis[A-Z].*")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.ratelimit.redis", "io.lettuce..", "org.springframework.data..",
					"org.springframework.boot.health..")
			.check(classes);
		noClasses().that()
			.resideInAPackage("io.ratelimit.spring..")
			.and()
			.haveNameNotMatching(
					"io\\.ratelimit\\.spring\\.(autoconfigure\\.RateLimitEndpointAutoConfiguration|web\\.servlet\\.EndpointPaths|observe\\.((Endpoint|Console|ChangeBody)Configuration|Endpoint(Arguments|Properties)|(Guard|Key|Outage|Policy|Preview|Store)Report.*|Problem|RateLimitsEndpoint.*))")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.springframework.boot.actuate..")
			.check(classes);
	}

	@Test
	void theAspectIsSeenOnlyWhereItIsGuarded() {
		assertThat(classes.contain("io.ratelimit.aspectj.RateLimitedAspect")).isTrue();
		noClasses().that()
			.resideInAPackage("io.ratelimit.spring..")
			.and()
			.haveNameNotMatching(".*\\.method\\.(WovenCalls?|Weaving)")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.ratelimit.aspectj", "org.aspectj..")
			.check(classes);
	}

	@Test
	void springdocIsSeenInOnePlace() {
		assertThat(classes.contain("io.ratelimit.spring.openapi.LimitedPaths")).isTrue();
		noClasses().that()
			.resideOutsideOfPackage("io.ratelimit.spring.openapi")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springdoc..", "io.swagger..")
			.check(classes);
	}

	@Test
	void micrometerIsSeenOnlyByWhatIsMadeWhereItIs() {
		noClasses().that()
			.haveNameNotMatching(
					".*\\.(RateLimitMeters|DecisionKeyValues|MeterConfiguration|RateLimitMetricsAutoConfiguration)")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.micrometer..")
			.check(classes);
	}

	/**
	 * The name of the health indicator is the name that users read, and may be theirs.
	 */
	@Test
	void beansHaveNamesThatNoApplicationChooses() {
		methods().that()
			.areAnnotatedWith(Bean.class)
			.and()
			.doNotHaveName("ratelimitHealthIndicator")
			.should(new ArchCondition<>("have a name that begins with io.ratelimit.") {
				@Override
				public void check(JavaMethod method, ConditionEvents events) {
					String[] names = method.getAnnotationOfType(Bean.class).value();
					boolean ours = names.length == 1 && names[0].startsWith("io.ratelimit.");
					events.add(new SimpleConditionEvent(method, ours, method.getFullName() + Arrays.toString(names)));
				}
			})
			.check(classes);
	}

	/**
	 * What depends on the platform's locale is refused by Error Prone.
	 */
	@Test
	void nothingDependsOnThePlatformsCharset() {
		noClasses().should()
			.callMethod(String.class, "getBytes")
			.orShould()
			.callConstructor(String.class, byte[].class)
			.orShould()
			.callMethod("io.lettuce.core.cluster.SlotHash", "getSlot", String.class.getName())
			.check(classes);
	}

	@Test
	void noTypeHasANameThatSaysNothing() {
		noClasses().should()
			.haveNameMatching(".*(Impl|Manager|Helper|Utils?)")
			.orShould()
			.resideInAnyPackage("..impl..", "..internal..", "..common..", "..util..")
			.check(classes);
	}

	@Test
	void everyPackageIsNullMarked() {
		classes.stream()
			.map((type) -> type.getPackage())
			.distinct()
			.forEach((owner) -> assertThat(owner.tryGetAnnotationOfType(NullMarked.class).isPresent())
				.as(owner.getName())
				.isTrue());
	}

}
