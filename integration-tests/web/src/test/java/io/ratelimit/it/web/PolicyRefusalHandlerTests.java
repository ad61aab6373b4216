package io.ratelimit.it.web;

import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import io.ratelimit.spring.request.RefusalHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Policies can have answers of their own, and leave the rest to ours.
 */
@ExtendWith(OutputCaptureExtension.class)
class PolicyRefusalHandlerTests {

	private static final String[] POLICIES = { "ratelimit.policies.exports.limits=1/1m",
			"ratelimit.policies.exports.paths=/exports", "ratelimit.policies.api.limits=1/1h",
			"ratelimit.policies.api.paths=/api" };

	private Application application;

	@AfterEach
	void stop() {
		if (this.application != null) {
			this.application.close();
		}
	}

	@Test
	void eachPolicyIsAnsweredByItsHandlerAndTheOthersByOurs() {
		this.application = Application.start(OfOne.class, POLICIES);
		Answer exports = refused("/exports");
		assertThat(exports.status()).isEqualTo(429);
		assertThat(exports.body()).isEqualTo("Später: Too many requests; try again in 60 seconds.");
		assertThat(exports.header("Content-Type")).isEqualToIgnoringCase("text/plain;charset=UTF-8");
		assertThat(exports.header("Retry-After")).isEqualTo("60");
		assertThat(refused("/api").body()).contains("quota-exceeded", "\"violated-policies\":[\"api\"]");
	}

	@Test
	void aHandlerDelegatesToOurs() {
		this.application = Application.start(Delegating.class, POLICIES);
		Answer api = refused("/api");
		assertThat(api.header("X-Seen")).isEqualTo("api");
		assertThat(api.body()).contains("quota-exceeded");
		assertThat(this.application.get("/api", "Accept", "text/html").body()).startsWith("<!DOCTYPE html>");
	}

	@Test
	void ofSeveralHandlersThePrimaryOneWritesWhatTheOthersLeave() {
		this.application = Application.start(OneOfTwo.class, POLICIES);
		assertThat(refused("/api").body()).isEqualTo("primary");
		assertThat(refused("/exports").body()).startsWith("Später");
	}

	@Test
	void aHandlerOfAPolicyThatThereIsNotStopsTheStart(CapturedOutput output) {
		FailedStart.assertStops(Misspelt.class, output,
				"a bean of this type writes the refusals of policy 'export', which there is not|exports", POLICIES);
	}

	@Test
	void twoHandlersForOnePolicyStopTheStart(CapturedOutput output) {
		FailedStart.assertStops(TwoForOne.class, output,
				"two beans of this type write the refusals of policy 'exports'", POLICIES);
	}

	@Test
	void twoHandlersForAllPoliciesStopTheStart(CapturedOutput output) {
		FailedStart.assertStops(TwoForAll.class, output,
				"2 of them name no policies, and one can write what the others leave|forPolicies", POLICIES);
	}

	private Answer refused(String path) {
		this.application.get(path);
		return this.application.get(path);
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Handlers.class)
	static class OfOne {

		@Bean
		RefusalHandler exports() {
			return RefusalHandler.forPolicies(
					(refusal, request, response) -> response.write("text/plain", "Später: " + refusal.detail()),
					"exports");
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Handlers.class)
	static class Delegating {

		@Bean
		RefusalHandler seen(@Qualifier("io.ratelimit.refusalHandler") RefusalHandler ours) {
			return (refusal, request, response) -> {
				response.setHeader("X-Seen", refusal.violatedPolicies().get(0));
				ours.handle(refusal, request, response);
			};
		}

	}

	static class OneOfTwo extends OfOne {

		@Bean
		@Primary
		RefusalHandler primary() {
			return (refusal, request, response) -> response.write("text/plain", "primary");
		}

		@Bean
		RefusalHandler secondary() {
			return (refusal, request, response) -> response.write("text/plain", "secondary");
		}

	}

	static class Misspelt extends OfOne {

		@Bean
		RefusalHandler misspelt() {
			return RefusalHandler.forPolicies(RefusalHandler.problemDetails(), "export");
		}

	}

	static class TwoForOne extends OfOne {

		@Bean
		RefusalHandler again() {
			return RefusalHandler.forPolicies(RefusalHandler.problemDetails(), "exports");
		}

	}

	static class TwoForAll extends OfOne {

		@Bean
		RefusalHandler one() {
			return RefusalHandler.problemDetails();
		}

		@Bean
		RefusalHandler two() {
			return RefusalHandler.problemDetails();
		}

	}

	@RestController
	static class Handlers {

		@GetMapping({ "/exports", "/api" })
		String answer() {
			return "fine";
		}

	}

}
