package io.ratelimit.it.web;

import java.util.stream.Stream;

import io.ratelimit.annotation.RateLimited;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;

import static io.ratelimit.it.web.FailedStart.assertStops;

/**
 * What a user reads whose annotations cannot work: the method, what is written there, and
 * what to write instead.
 */
@ExtendWith(OutputCaptureExtension.class)
class AnnotationMistakeTests {

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void anAnnotationThatCannotWorkStopsTheStart(Class<?> bean, String message, CapturedOutput output) {
		assertStops(bean, output, message, "ratelimit.policies.exports.limits=10/1m");
	}

	static Stream<Arguments> anAnnotationThatCannotWorkStopsTheStart() {
		return Stream.of(
				Arguments.of(UnknownPolicy.class,
						"UnknownPolicy.export()|there is no policy 'export': known are [exports, p]"),
				Arguments.of(LimitAsPolicy.class,
						"LimitAsPolicy.export()|@RateLimited(\"5/1m\")|Write it as limits = \"5/1m\", since a value alone names a policy."),
				Arguments.of(UnknownMember.class,
						"UnknownMember.export(String)|'#user.nam' cannot be evaluated: String has no property 'nam'"),
				Arguments.of(UnknownParameter.class, "UnknownParameter.export(String)|#usr|user"),
				Arguments.of(BadExpression.class, "BadExpression.export(String)|'#user.('"),
				Arguments.of(BadLimit.class, "BadLimit.export()|'often' is not a limit"),
				Arguments.of(UnknownPlaceholder.class, "UnknownPlaceholder.export()|${missing.limit}"),
				Arguments.of(PrincipalKey.class,
						"PrincipalKey.export()|needs a principal, and nothing here authenticates anybody"),
				Arguments.of(TooExpensive.class, "TooExpensive.export()|at most 10"),
				Arguments.of(FinalMethod.class, "FinalMethod.export()|a final method cannot be limited"),
				Arguments.of(PrivateMethod.class, "PrivateMethod.export()|a private method cannot be limited"),
				Arguments.of(StaticMethod.class, "StaticMethod.export()|a static method cannot be limited"),
				Arguments.of(FinalClass.class, "FinalClass|a final class"));
	}

	@Component
	@Import(FailedStart.Nothing.class)
	static class UnknownPolicy {

		@RateLimited("export")
		void export() {
		}

	}

	@Component
	@Import(FailedStart.Nothing.class)
	static class LimitAsPolicy {

		@RateLimited("5/1m")
		void export() {
		}

	}

	@Component
	@Import(FailedStart.Nothing.class)
	static class UnknownMember {

		@RateLimited(policy = "exports", key = "#user.nam")
		void export(String user) {
		}

	}

	@Component
	@Import(FailedStart.Nothing.class)
	static class UnknownParameter {

		@RateLimited(policy = "exports", key = "#usr")
		void export(String user) {
		}

	}

	@Component
	@Import(FailedStart.Nothing.class)
	static class BadExpression {

		@RateLimited(policy = "exports", key = "#user.(")
		void export(String user) {
		}

	}

	@Component
	@Import(FailedStart.Nothing.class)
	static class BadLimit {

		@RateLimited(limits = "often")
		void export() {
		}

	}

	@Component
	@Import(FailedStart.Nothing.class)
	static class UnknownPlaceholder {

		@RateLimited(limits = "${missing.limit}")
		void export() {
		}

	}

	@Component
	@Import(FailedStart.Nothing.class)
	static class PrincipalKey {

		@RateLimited(policy = "exports", key = "principal")
		void export() {
		}

	}

	@Component
	@Import(FailedStart.Nothing.class)
	static class TooExpensive {

		@RateLimited(policy = "exports", cost = "11")
		void export() {
		}

	}

	@Component
	@Import(FailedStart.Nothing.class)
	static class FinalMethod {

		@RateLimited("exports")
		final void export() {
		}

	}

	@Component
	@Import(FailedStart.Nothing.class)
	static class PrivateMethod {

		@RateLimited("exports")
		@SuppressWarnings("unused")
		private void export() {
		}

	}

	@Component
	@Import(FailedStart.Nothing.class)
	static class StaticMethod {

		@RateLimited("exports")
		static void export() {
		}

	}

	@Component
	@Import(FailedStart.Nothing.class)
	static final class FinalClass {

		@RateLimited("exports")
		void export() {
		}

	}

}
