package io.ratelimit.spring.observe;

import java.util.List;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Limit;
import io.ratelimit.Limiter;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStore;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.RateLimitStoreException.Kind;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.autoconfigure.RateLimitAutoConfiguration;
import io.ratelimit.spring.autoconfigure.RateLimitEndpointAutoConfiguration;
import io.ratelimit.spring.autoconfigure.RateLimitMetricsAutoConfiguration;
import io.ratelimit.spring.autoconfigure.RateLimitWebAutoConfiguration;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;

import static org.assertj.core.api.Assertions.assertThat;

class MeterConfigurationTests {

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(RateLimitAutoConfiguration.class,
			RateLimitWebAutoConfiguration.class, RateLimitMetricsAutoConfiguration.class);

	private final ApplicationContextRunner plain = new ApplicationContextRunner().withConfiguration(CONFIGURATIONS)
		.withPropertyValues("ratelimit.policies.api.limits=2/1h");

	private final MeterRegistry meters = new SimpleMeterRegistry();

	@Test
	void countsWithoutMicrometer() {
		this.plain.withClassLoader(new FilteredClassLoader("io.micrometer")).run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean("io.ratelimit.meters");
			context.getBean(RateLimits.class).limiter("api").tryAcquire("k");
			assertThat(context.getBean(DecisionCounts.class).count("api", Outcome.ALLOWED)).isEqualTo(1);
		});
	}

	@Test
	void everyPolicyHasItsMetersFromTheStart() {
		this.plain.run((context) -> {
			context.getBean(RateLimitMeters.class).bindTo(this.meters);
			for (Outcome outcome : Outcome.values()) {
				assertThat(count("ratelimit.decisions", "policy", "api", "outcome", outcome.id())).isZero();
			}
			assertThat(count("ratelimit.near", "policy", "api")).isZero();
		});
	}

	@Test
	void aPolicyThatComesLaterHasItsMetersToo() {
		this.plain.run((context) -> {
			context.getBean(RateLimitMeters.class).bindTo(this.meters);
			context.getBean(RateLimits.class).register(Policy.of("later", Limit.valueOf("1/1h"))).tryAcquire("k");
			assertThat(count("ratelimit.decisions", "policy", "later", "outcome", "allowed")).isEqualTo(1);
			assertThat(count("ratelimit.near", "policy", "later")).isEqualTo(1);
		});
	}

	@Test
	void theStoreInThisProcessTellsItsKeysAndNoCalls() {
		this.plain.run((context) -> {
			context.getBean(RateLimitMeters.class).bindTo(this.meters);
			context.getBean(RateLimits.class).limiter("api").tryAcquire("k");
			assertThat(this.meters.get("ratelimit.keys").gauge().value()).isEqualTo(1);
			assertThat(count("ratelimit.evictions", "at.limit", "false")).isZero();
			assertThat(count("ratelimit.evictions", "at.limit", "true")).isZero();
			assertThat(this.meters.find("ratelimit.store.calls").meter()).isNull();
		});
	}

	@Test
	void anotherStoreTellsHowLongItsCallsTakeAndNoKeys() {
		this.plain.withBean(RateLimitStore.class, () -> Mockito.mock(RateLimitStore.class)).run((context) -> {
			context.getBean(RateLimitMeters.class).bindTo(this.meters);
			context.getBean(StoreCalls.class).accept(1_000_000);
			assertThat(this.meters.get("ratelimit.store.calls").timer().count()).isEqualTo(1);
			assertThat(this.meters.find("ratelimit.keys").meter()).isNull();
		});
	}

	@Test
	void reloadsAndFailuresAreReadWhereTheyAreCounted() {
		this.plain.run((context) -> {
			context.getBean(RateLimitMeters.class).bindTo(this.meters);
			context.getBean(ReloadCounts.class).accept(true);
			context.getBean(ReloadCounts.class).accept(false);
			context.getBean(ReloadCounts.class).accept(false);
			context.getBean(DecisionCounts.class)
				.onStoreFailure(new RateLimitStoreException(Kind.TIMEOUT, "on purpose", null));
			assertThat(count("ratelimit.reloads", "result", "applied")).isEqualTo(1);
			assertThat(count("ratelimit.reloads", "result", "refused")).isEqualTo(2);
			assertThat(count("ratelimit.store.failures", "kind", "timeout")).isEqualTo(1);
		});
	}

	@Test
	void anOutageOfTheStoreIsSeenInMetersAndEndpoint() {
		RateLimitStore store = Mockito.mock(RateLimitStore.class);
		BoundPolicy limiter = Mockito.mock(BoundPolicy.class);
		Mockito.when(store.bind(Mockito.any())).thenReturn(limiter);
		Mockito.when(limiter.tryAcquire("k", 1))
			.thenThrow(new RateLimitStoreException(Kind.TIMEOUT, "late", null))
			.thenThrow(new RateLimitStoreException(Kind.NOT_ASKED, "paused", null));
		this.plain.withBean(RateLimitStore.class, () -> store)
			.withConfiguration(
					AutoConfigurations.of(RateLimitEndpointAutoConfiguration.class, EndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=*")
			.run((context) -> {
				context.getBean(RateLimitMeters.class).bindTo(this.meters);
				RateLimitsEndpoint endpoint = context.getBean(RateLimitsEndpoint.class);
				assertThat(count("ratelimit.store.outages")).isZero();
				assertThat(this.meters.get("ratelimit.store.outage").timeGauge().value()).isZero();
				assertThat(endpoint.policies(SecurityContext.NONE).getBody().toString()).contains("outage=null");
				Limiter api = context.getBean(RateLimits.class).limiter("api");
				api.tryAcquire("k");
				api.tryAcquire("k");
				assertThat(count("ratelimit.store.outages")).isOne();
				assertThat(this.meters.get("ratelimit.store.outage").timeGauge().value()).isPositive();
				assertThat(endpoint.policies(SecurityContext.NONE).getBody().toString()).contains("cause=late",
						"notCounted=2", "over=false");
			});
	}

	@Test
	void keysAddNoMeters() {
		this.plain.run((context) -> {
			context.getBean(RateLimitMeters.class).bindTo(this.meters);
			List<Meter> before = this.meters.getMeters();
			for (int i = 0; i < 10_000; i++) {
				context.getBean(RateLimits.class).limiter("api").tryAcquire("k" + i);
			}
			assertThat(this.meters.getMeters()).containsExactlyInAnyOrderElementsOf(before);
		});
	}

	@Test
	void spansAreWrittenInServletApplicationsOnly() {
		this.plain.run((context) -> assertThat(context).doesNotHaveBean(DecisionKeyValues.class));
		new WebApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.run((context) -> assertThat(context).hasSingleBean(DecisionKeyValues.class));
	}

	@Test
	void refusalsArePublished() {
		PublishedRefusals refusals = new PublishedRefusals();
		this.plain.withBean(PublishedRefusals.class, () -> refusals)
			.withPropertyValues("ratelimit.events.keys=true")
			.run((context) -> {
				context.getBean(RateLimits.class).limiter("api").tryAcquire("k", 3);
				assertThat(refusals.last).isNotNull();
				assertThat(refusals.last.policy()).isEqualTo("api");
				assertThat(refusals.last.key()).isEqualTo("k");
			});
	}

	@Test
	void aPaceThatCannotWorkStopsTheStart() {
		this.plain.withPropertyValues("ratelimit.events.per-second=-1")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidRateLimitException.class,
						(ex) -> assertThat(ex.place()).isEqualTo("ratelimit.events.per-second")));
	}

	private double count(String name, String... tags) {
		return this.meters.get(name).tags(tags).functionCounter().count();
	}

	static final class PublishedRefusals
			implements ApplicationListener<PayloadApplicationEvent<RateLimitRefusedEvent>> {

		private RateLimitRefusedEvent last;

		@Override
		public void onApplicationEvent(PayloadApplicationEvent<RateLimitRefusedEvent> event) {
			this.last = event.getPayload();
		}

	}

}
