package io.ratelimit.spring.autoconfigure;

import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

import io.ratelimit.CalendarWindow;
import io.ratelimit.FailureMode;
import io.ratelimit.FixedWindow;
import io.ratelimit.Limit;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStore;
import io.ratelimit.RateLimits;
import io.ratelimit.annotation.RateLimited;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import io.ratelimit.spring.policy.Guard;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import io.ratelimit.spring.policy.PolicySource;
import io.ratelimit.spring.request.RateLimitHeaders;
import io.ratelimit.spring.request.RefusalHandler;
import io.ratelimit.spring.request.RequestRules;
import org.aspectj.weaver.Advice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.security.oauth2.core.ClaimAccessor;
import org.springframework.web.servlet.DispatcherServlet;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class RateLimitAutoConfigurationTests {

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(RateLimitAutoConfiguration.class,
			RateLimitWebAutoConfiguration.class, AopAutoConfiguration.class);

	private final ApplicationContextRunner plain = new ApplicationContextRunner().withConfiguration(CONFIGURATIONS);

	private final WebApplicationContextRunner web = new WebApplicationContextRunner().withConfiguration(CONFIGURATIONS);

	@Test
	void shortAndLongFormsBind() {
		this.plain.withPropertyValues("ratelimit.policies.exports=2/1h, 10/1d",
				"ratelimit.policies.api.limits=10/1s, 1000/1h", "ratelimit.policies.mixed.limits[0]=5/1s",
				"ratelimit.policies.mixed.limits[1].permits=50", "ratelimit.policies.mixed.limits[1].window=1m",
				"ratelimit.policies.mixed.limits[1].algorithm=token-bucket",
				"ratelimit.policies.mixed.limits[1].burst=200", "ratelimit.policies.mixed.limits[1].name=bursts",
				"ratelimit.policies.bill.limits[0].permits=1000", "ratelimit.policies.bill.limits[0].calendar=month",
				"ratelimit.policies.bill.limits[0].zone=Europe/Berlin", "ratelimit.policies.even.limits[0].permits=5",
				"ratelimit.policies.even.limits[0].window=1s", "ratelimit.policies.even.limits[0].max-wait=2s",
				"ratelimit.policies.even.limits[0].algorithm=leaky-bucket")
			.run((context) -> {
				var policies = context.getBean(RateLimits.class).policies();
				assertThat(policies.get("exports").limits()).containsExactly(Limit.valueOf("2/1h"),
						Limit.valueOf("10/1d"));
				assertThat(policies.get("api").limits()).containsExactly(Limit.valueOf("10/1s"),
						Limit.valueOf("1000/1h"));
				assertThat(policies.get("mixed").limits()).containsExactly(Limit.valueOf("5/1s"),
						Limit.valueOf("50/1m token-bucket burst 200").withName("bursts"));
				assertThat(policies.get("bill").limits().get(0)).satisfies((limit) -> {
					assertThat(limit).isInstanceOf(FixedWindow.class);
					assertThat(((FixedWindow) limit).calendar())
						.isEqualTo(new CalendarWindow(CalendarWindow.Unit.MONTH, ZoneId.of("Europe/Berlin")));
				});
				assertThat(policies.get("even").limits())
					.containsExactly(Limit.valueOf("5/1s leaky-bucket max-wait 2s"));
			});
	}

	@Test
	void placeholdersBind() {
		this.plain.withPropertyValues("ratelimit.policies.api.limits=${API_LIMIT:7/1m, 70/1h}")
			.run((context) -> assertThat(context.getBean(RateLimits.class).policies().get("api").limits())
				.containsExactly(Limit.valueOf("7/1m"), Limit.valueOf("70/1h")));
	}

	@Test
	void defaultsApplyWhereAPolicyDoesNotSay() {
		this.plain
			.withPropertyValues("ratelimit.defaults.mode=shadow", "ratelimit.failure-mode=deny",
					"ratelimit.policies.a=1/1s", "ratelimit.policies.b.limits=1/1s",
					"ratelimit.policies.b.mode=enforce", "ratelimit.policies.b.failure-mode=local")
			.run((context) -> {
				var policies = context.getBean(RateLimits.class).policies();
				assertThat(policies.get("a")).isEqualTo(
						Policy.of("a", Limit.valueOf("1/1s")).withMode(Mode.SHADOW).withFailureMode(FailureMode.DENY));
				assertThat(policies.get("b"))
					.isEqualTo(Policy.of("b", Limit.valueOf("1/1s")).withFailureMode(FailureMode.LOCAL));
			});
	}

	@Test
	void backsOffWhenUserDefinesStore() {
		this.plain.withUserConfiguration(OwnStore.class)
			.run((context) -> assertThat(context).hasSingleBean(RateLimitStore.class)
				.doesNotHaveBean("io.ratelimit.store"));
	}

	@Test
	void backsOffWhenUserDefinesHeadersAndBody() {
		this.web.withUserConfiguration(OwnWire.class)
			.run((context) -> assertThat(context).hasSingleBean(RateLimitHeaders.class)
				.getBeans(RefusalHandler.class)
				.as("with ours to delegate to")
				.hasSize(2));
	}

	@Test
	void withoutAServletApplicationThereIsNoFilter() {
		this.plain.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(FilterRegistrationBean.class)
			.doesNotHaveBean(RequestRules.class));
	}

	@ParameterizedTest
	@MethodSource
	void aSourceOfPoliciesThatFailsStopsTheStart(PolicySource source) {
		this.web.withBean(PolicySource.class, () -> source)
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> assertThat(
						new RateLimitFailureAnalyzer(new StandardEnvironment()).analyze(failure).getDescription())
					.contains(source.getClass().getName() + ": this source of policies fails")));
	}

	static Stream<PolicySource> aSourceOfPoliciesThatFailsStopsTheStart() {
		return Stream.of(() -> null, () -> Collections.singletonList(null), () -> {
			throw new IllegalStateException("no database");
		}, new PolicySource() {
			@Override
			public List<Policy> policies() {
				return List.of(Policy.of("mine", Limit.valueOf("1/1h")));
			}

			@Override
			public Guard guard(String policy) {
				throw new IllegalStateException("no table");
			}
		});
	}

	@Test
	void anOrderThatIsNoNumberStopsTheStart() {
		this.web.withPropertyValues("ratelimit.method.order=low")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidRateLimitException.class)
				.hasMessage("ratelimit.method.order: it is not a number"));
	}

	@Test
	void filtersStandOnBothSidesOfSecurity() {
		this.web.run((context) -> {
			assertThat(context.getBean("io.ratelimit.filter", FilterRegistrationBean.class).getOrder()).isEqualTo(-101);
			assertThat(context.getBean("io.ratelimit.principalFilter", FilterRegistrationBean.class).getOrder())
				.isEqualTo(-90);
		});
	}

	@Test
	void orderOfTheFilterCanBeSet() {
		this.web.withPropertyValues("ratelimit.http.filter-order=-5000")
			.run((context) -> assertThat(
					context.getBean("io.ratelimit.filter", FilterRegistrationBean.class).getOrder())
				.isEqualTo(-5000));
	}

	@Test
	void worksWithoutSecurityAndReactorAndAspectJ() {
		this.web
			.withClassLoader(
					new FilteredClassLoader(ClaimAccessor.class, Mono.class, Advice.class, DispatcherServlet.class))
			.withUserConfiguration(Limited.class)
			.withPropertyValues("ratelimit.policies.api.limits=1/1s", "ratelimit.policies.api.paths=/api/**")
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean("io.ratelimit.exceptionResolver");
				assertThat(context.getBeansOfType(FilterRegistrationBean.class).values())
					.extracting((registration) -> registration.getFilter().getClass().getSimpleName())
					.containsOnly("RateLimitFilter");
			});
	}

	@Test
	void annotatedBeansAreProxiedWithoutAnybodyAskingForProxies() {
		this.plain.withPropertyValues("spring.aop.auto=false")
			.withUserConfiguration(Limited.class)
			.run((context) -> assertThat(AopUtils.isCglibProxy(context.getBean(Limited.Service.class))).isTrue());
	}

	@ExtendWith(OutputCaptureExtension.class)
	@Test
	void forgeableAddressesAreWarnedAbout(CapturedOutput output) {
		this.web
			.withPropertyValues("server.forward-headers-strategy=framework", "ratelimit.policies.api.limits=1/1s",
					"ratelimit.policies.api.paths=/api/**")
			.run((context) -> assertThat(output).contains("limits by ip can be walked past"));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnStore {

		@Bean
		RateLimitStore store() {
			return CaffeineRateLimitStore.builder().build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnWire {

		@Bean
		RateLimitHeaders headers() {
			return (response, decisions) -> response.setHeader("X-Limits", "some");
		}

		@Bean
		RefusalHandler body() {
			return (refusal, request, response) -> response.write("text/plain", "no");
		}

	}

	@Configuration(proxyBeanMethods = false)
	public static class Limited {

		@Bean
		public Service service() {
			return new Service();
		}

		public static class Service {

			@RateLimited(limits = "1/1s")
			public void call() {
			}

		}

	}

}
