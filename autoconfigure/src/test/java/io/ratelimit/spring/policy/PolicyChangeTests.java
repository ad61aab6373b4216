package io.ratelimit.spring.policy;

import java.util.List;
import java.util.function.Consumer;

import io.ratelimit.Limit;
import io.ratelimit.LimitResolver;
import io.ratelimit.Mode;
import io.ratelimit.Plan;
import io.ratelimit.Policy;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.autoconfigure.RateLimitAutoConfiguration;
import io.ratelimit.spring.autoconfigure.RateLimitEndpointAutoConfiguration;
import io.ratelimit.spring.autoconfigure.RateLimitWebAutoConfiguration;
import io.ratelimit.spring.observe.RateLimitsEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an operator reads of policies and their changes, in answers and in the log.
 */
@ExtendWith(OutputCaptureExtension.class)
class PolicyChangeTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RateLimitAutoConfiguration.class, RateLimitWebAutoConfiguration.class,
				RateLimitEndpointAutoConfiguration.class, EndpointAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=ratelimits",
				"management.endpoint.ratelimits.access=UNRESTRICTED", "ratelimit.policies.api.limits=1/1h",
				"ratelimit.policies.bill.limits[0].permits=1000", "ratelimit.policies.bill.limits[0].calendar=month",
				"ratelimit.policies.bill.limits[0].zone=Europe/Berlin");

	@Test
	void theStartLineHasCalendarAndZone(CapturedOutput output) {
		run((endpoint) -> assertThat(output).contains("bill 1000/month calendar zone Europe/Berlin"));
	}

	@Test
	void aChangeIsLoggedWithWhatWasBefore(CapturedOutput output) {
		run((endpoint) -> {
			change(endpoint, "bill", "2000/week calendar", "shadow");
			assertThat(output).contains("Policy 'bill' was changed by somebody who is not known: "
					+ "from [1000/month calendar zone Europe/Berlin], mode enforce to [2000/week calendar], mode shadow");
		});
	}

	@Test
	void aChangeOfASourceIsLoggedWithWhatWasBefore(CapturedOutput output) {
		Source source = new Source();
		this.runner.withBean(PolicySource.class, () -> source).run((context) -> {
			source.policies = List.of(Policy.of("mine", Limit.valueOf("2/1h")));
			source.changed.run();
			assertThat(output).contains("Policy 'mine' is now [2/1h]; it was [1/1h]");
		});
	}

	@Test
	void aPlanCannotBeChanged() {
		this.runner.withBean(LimitResolver.class, () -> (policy, key) -> Plan.of("pro", Limit.valueOf("3/1h")))
			.run((context) -> {
				RateLimits registry = context.getBean(RateLimits.class);
				registry.limiter("api").tryAcquire("k");
				WebEndpointResponse<Object> answer = change(context.getBean(RateLimitsEndpoint.class), "api.pro",
						"100/1h", null);
				assertThat(answer.getStatus()).isEqualTo(400);
				assertThat(answer.getBody().toString()).contains("'api.pro' is a plan of policy 'api'",
						"LimitResolver");
				assertThat(registry.limiter("api").peek("k").remaining()).isEqualTo(2);
			});
	}

	@Test
	void aChangeStaysWhenOtherPoliciesChangeAndForPlansToo() {
		Source source = new Source();
		this.runner.withBean(PolicySource.class, () -> source)
			.withBean(LimitResolver.class, () -> (policy, key) -> Plan.of("pro", Limit.valueOf("3/1h")))
			.run((context) -> {
				RateLimits registry = context.getBean(RateLimits.class);
				change(context.getBean(RateLimitsEndpoint.class), "api", "5/1h", "shadow");
				source.policies = List.of(Policy.of("mine", Limit.valueOf("2/1h")));
				source.changed.run();
				registry.limiter("api").tryAcquire("k");
				assertThat(registry.policies().get("mine").limits()).containsExactly(Limit.valueOf("2/1h"));
				assertThat(registry.policies().get("api"))
					.isEqualTo(Policy.of("api", Limit.valueOf("5/1h")).withMode(Mode.SHADOW));
				assertThat(registry.policies().get("api.pro").mode()).isEqualTo(Mode.SHADOW);
			});
	}

	@Test
	void nothingIsWritableWhereNothingIsLimited() {
		this.runner.withPropertyValues("ratelimit.enabled=false").run((context) -> {
			RateLimitsEndpoint endpoint = context.getBean(RateLimitsEndpoint.class);
			assertThat(endpoint.policies(SecurityContext.NONE).getBody().toString()).contains("writable=false");
		});
		run((endpoint) -> assertThat(endpoint.policies(SecurityContext.NONE).getBody().toString())
			.contains("writable=true"));
	}

	@Test
	void aChangeHasABoundedNumberOfLimits() {
		run((endpoint) -> {
			WebEndpointResponse<Object> answer = change(endpoint, "api", limits(21), null);
			assertThat(answer.getStatus()).isEqualTo(400);
			assertThat(answer.getBody().toString()).contains("21 limits", "at most 20");
			assertThat(change(endpoint, "api", limits(20), null).getStatus()).isEqualTo(200);
			assertThat(change(endpoint, "api", limits(200_000), null).getBody().toString()).contains("200000 limits");
		});
	}

	@Test
	void whereKeysAreNotShownALookUpDoesNotNameTheKey() {
		run((endpoint) -> assertThat(lookUp(endpoint)).contains("id=null", "key=null"));
		this.runner.withPropertyValues("management.endpoint.ratelimits.show-keys=ALWAYS")
			.run((context) -> assertThat(lookUp(context.getBean(RateLimitsEndpoint.class))).contains("key=somebody")
				.doesNotContain("id=null"));
	}

	private void run(Consumer<RateLimitsEndpoint> test) {
		this.runner.run((context) -> test.accept(context.getBean(RateLimitsEndpoint.class)));
	}

	private static String lookUp(RateLimitsEndpoint endpoint) {
		return endpoint.read(SecurityContext.NONE, "keys", "api", "somebody", null, null).getBody().toString();
	}

	private static String limits(int number) {
		StringBuilder limits = new StringBuilder();
		for (int i = 1; i <= number; i++) {
			limits.append((i == 1) ? "" : ", ").append("5/").append(i).append('s');
		}
		return limits.toString();
	}

	private static WebEndpointResponse<Object> change(RateLimitsEndpoint endpoint, String policy, String limits,
			String mode) {
		return endpoint.change(SecurityContext.NONE, "policies", policy, limits, mode);
	}

	private static final class Source implements PolicySource {

		private List<Policy> policies = List.of(Policy.of("mine", Limit.valueOf("1/1h")));

		private Runnable changed = () -> {
		};

		@Override
		public List<Policy> policies() {
			return this.policies;
		}

		@Override
		public void onChange(Runnable changed) {
			this.changed = changed;
		}

	}

}
