package io.ratelimit.it.aspectj;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

import io.ratelimit.RateLimitExceededException;
import io.ratelimit.RateLimits;
import io.ratelimit.harness.Application;
import io.ratelimit.it.aspectj.woven.BankCounter;
import io.ratelimit.it.aspectj.woven.Counter;
import io.ratelimit.it.aspectj.woven.Desk;
import io.ratelimit.it.aspectj.woven.PostCounter;
import io.ratelimit.it.aspectj.woven.WovenApplication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Calls of woven methods, each of which is counted once.
 */
class WovenCallTests {

	private static Application application;

	private static RateLimits limits;

	private static Desk desk;

	@BeforeAll
	static void start() {
		application = Application.start(WovenApplication.class, "ratelimit.method.mode=aspectj",
				"ratelimit.policies.p=1000/1h", "ratelimit.policies.q=1000/1h", "ratelimit.policies.handlers=5/1h");
		limits = application.bean(RateLimits.class);
		desk = application.bean(Desk.class);
	}

	@AfterAll
	static void stop() {
		if (application != null) {
			application.close();
		}
	}

	@Test
	void beansAreNoProxies() {
		assertThat(AopUtils.isAopProxy(desk)).isFalse();
		assertThat(AopUtils.isAopProxy(application.bean(WovenApplication.Api.class))).isFalse();
	}

	@Test
	void callOfABeanIsCounted() {
		assertThat(taken(desk::limited)).isEqualTo(1);
	}

	@Test
	void callOfAnObjectToItselfIsCounted() {
		assertThat(taken(desk::callsItself)).isEqualTo(1);
	}

	@Test
	void callOfAPrivateMethodIsCounted() {
		assertThat(taken(desk::callsPrivate)).isEqualTo(1);
	}

	@Test
	void callOfAFinalMethodIsCounted() {
		assertThat(taken(desk::sealed)).isEqualTo(1);
	}

	@Test
	void callOfAStaticMethodIsCounted() {
		assertThat(taken(() -> assertThat(Desk.doubled(2)).isEqualTo(4))).isEqualTo(1);
	}

	@Test
	void callOfAnObjectThatIsNoBeanIsCounted() {
		assertThat(taken(() -> assertThat(new Desk("new").callsItself()).isEqualTo("new"))).isEqualTo(1);
	}

	@Test
	void callThroughAProxyOfAnotherKindIsCountedOnce() {
		ProxyFactory factory = new ProxyFactory(desk);
		factory.setProxyTargetClass(true);
		Desk proxy = (Desk) factory.getProxy(Desk.class.getClassLoader());
		assertThat(taken(proxy::limited)).isEqualTo(1);
		ProxyFactory ofCounter = new ProxyFactory(application.bean(PostCounter.class));
		@SuppressWarnings("unchecked")
		Counter<String> counter = (Counter<String>) ofCounter.getProxy(Desk.class.getClassLoader());
		assertThat(taken(() -> counter.serve("Ann"))).isEqualTo(1);
	}

	@Test
	void callThatIsLimitedByInterfaceAndClassIsCountedOnce() {
		BankCounter counter = new BankCounter();
		Counter<String> generic = counter;
		assertThat(taken(() -> assertThat(counter.serve("Ann")).isEqualTo("Ann"))).isEqualTo(1);
		assertThat(taken(() -> generic.serve("Ann"))).isEqualTo(1);
	}

	@Test
	void callThatIsPassedToAnOverriddenMethodIsCountedOnce() {
		assertThat(taken(() -> application.bean(PostCounter.class).serve("Ann"))).isEqualTo(1);
	}

	@Test
	void overriddenMethodIsCountedWhereAnotherMethodCallsIt() {
		assertThat(taken(() -> application.bean(PostCounter.class).serveAsABankDoes("Ann"))).isEqualTo(1);
	}

	@Test
	void defaultMethodIsCountedBesideWhatItCalls() {
		assertThat(taken(() -> application.bean(PostCounter.class).serveTwice("Ann"))).isEqualTo(3);
	}

	@Test
	void exemptMethodsAreNotCounted() {
		BankCounter counter = application.bean(PostCounter.class);
		assertThat(taken(counter::isClosed)).isZero();
		assertThat(taken(counter::isOpen)).isZero();
	}

	@Test
	void annotationOnATypeMeansFinalMethodsAndNoPrivateOnes() {
		assertThat(taken(() -> application.bean(PostCounter.class).greeting())).isEqualTo(1);
	}

	@Test
	void composedAnnotationIsCounted() {
		assertThat(taken(desk::composed)).isEqualTo(1);
	}

	@Test
	void eachOfRepeatedAnnotationsIsCounted() {
		long before = left("q", "global");
		assertThat(taken(desk::repeated)).isEqualTo(1);
		assertThat(before - left("q", "global")).isEqualTo(1);
	}

	@Test
	void keyAndCostComeFromTheArguments() {
		desk.byArguments("a", 3);
		new Desk("other").byArguments("a", 4);
		assertThat(left("p", "a")).isEqualTo(993);
		assertThat(left("p", "b")).isEqualTo(1000);
	}

	@Test
	void checkedExceptionsPass() {
		assertThatExceptionOfType(IOException.class).isThrownBy(desk::fails).withMessage("desk");
	}

	@Test
	void stageIsCounted() {
		assertThat(taken(() -> {
			CompletionStage<String> stage = desk.stage();
			assertThat(stage).isCompletedWithValue("desk");
		})).isEqualTo(1);
	}

	@Test
	void publishersAreCountedWheneverTheyAreSubscribedTo() {
		Mono<String> mono = desk.mono();
		Flux<String> flux = desk.flux();
		assertThat(taken(() -> {
		})).isZero();
		assertThat(taken(() -> assertThat(mono.block()).isEqualTo(mono.block()).isEqualTo("desk"))).isEqualTo(2);
		assertThat(taken(() -> assertThat(flux.collectList().block()).containsExactly("desk", "desk"))).isEqualTo(1);
	}

	@Test
	void refusedRequestIsAnsweredWith429() {
		assertThat(application.statuses(2, "/outer")).containsExactly(200, 429);
		application.clock().advance(Duration.ofHours(1));
		assertThat(application.statuses(6, "/inner")).containsExactly(200, 200, 200, 200, 200, 429);
	}

	@Test
	void refusalIsThrown() {
		desk.byArguments("much", 999);
		assertThatExceptionOfType(RateLimitExceededException.class).isThrownBy(() -> desk.byArguments("much", 2))
			.satisfies((ex) -> assertThat(ex.decisions()).hasSize(1));
	}

	private static long taken(Runnable call) {
		long before = left("p", "global");
		call.run();
		return before - left("p", "global");
	}

	private static long left(String policy, String key) {
		return limits.limiter(policy).peek(key).remaining();
	}

}
