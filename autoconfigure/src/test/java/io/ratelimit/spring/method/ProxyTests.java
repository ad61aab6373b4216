package io.ratelimit.spring.method;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

import io.ratelimit.annotation.RateLimited;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import org.springframework.aop.Advisor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.NameMatchMethodPointcut;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Role;
import org.springframework.context.annotation.Scope;
import org.springframework.core.Ordered;

import static io.ratelimit.spring.method.LimitedApplication.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ProxyTests {

	@Test
	void classIsProxiedBySubclass() {
		try (LimitedApplication application = new LimitedApplication(Exports.class)) {
			Exports bean = application.bean(Exports.class);
			assertThat(AopUtils.isCglibProxy(bean)).isTrue();
			bean.run("x");
			assertRefused(() -> bean.run("x"));
		}
	}

	@Test
	void interfaceIsProxied() {
		try (LimitedApplication application = LimitedApplication.withInterfaceProxies(Exports.class)) {
			Runner<?> bean = application.bean(Runner.class);
			assertThat(AopUtils.isJdkDynamicProxy(bean)).isTrue();
			run(bean, "x");
			run(bean, "y");
			assertRefused(() -> run(bean, "x"));
		}
	}

	@Test
	void finalMethodIsNoProblemOfAnInterfaceProxy() {
		try (LimitedApplication application = LimitedApplication.withInterfaceProxies(Sealed.class)) {
			Runner<?> bean = application.bean(Runner.class);
			run(bean, "x");
			assertRefused(() -> run(bean, "x"));
		}
	}

	@Test
	void bridgeMethodIsCountedOnce() {
		try (LimitedApplication application = new LimitedApplication(Exports.class)) {
			Runner<?> bean = application.bean(Runner.class);
			run(bean, "x");
			assertThat(application.calls().decided).hasSize(1);
			assertRefused(() -> application.bean(Exports.class).run("x"));
		}
	}

	@Test
	void genericMethodOfASuperclassIsCountedOnceHoweverItIsCalled() {
		try (LimitedApplication application = new LimitedApplication(TextStore.class)) {
			GenericStore<String> bean = application.bean(TextStore.class);
			bean.save("x");
			assertThat(application.calls().decided).hasSize(1);
			assertRefused(() -> application.bean(TextStore.class).save("x"));
		}
	}

	@Test
	void productThatIsAProxyItselfIsLimitedByItsInterface() {
		try (LimitedApplication application = new LimitedApplication(ClientFactory.class)) {
			Client client = application.bean(Client.class);
			assertThat(client.fetch("x")).isEqualTo("fetch");
			assertRefused(() -> client.fetch("x"));
			assertThat(client.free()).isEqualTo("free");
		}
	}

	@Test
	void beanWithoutAnnotationIsNotProxied() {
		try (LimitedApplication application = new LimitedApplication(Plain.class)) {
			assertThat(AopUtils.isAopProxy(application.bean(Plain.class))).isFalse();
		}
	}

	@Test
	void adviceStandsInsideOfWhatComesFirstAndOutsideOfTransactions() {
		try (LimitedApplication application = new LimitedApplication(Exports.class, AroundIt.class)) {
			Exports bean = application.bean(Exports.class);
			List<?> trace = application.bean(AroundIt.class).trace;
			bean.run("x");
			assertThat(trace).asString().isEqualTo("[outer, inner]");
			assertRefused(() -> bean.run("x"));
			assertThat(trace).asString().isEqualTo("[outer, inner, outer]");
		}
	}

	@Test
	void orderCanBeSet() {
		RateLimitedAdvisor advisor = new RateLimitedAdvisor(Mockito::mock, Mockito::mock, Mockito::mock,
				(text) -> text);
		assertThat(advisor.getOrder()).isEqualTo(Ordered.LOWEST_PRECEDENCE - 1000);
		advisor.setOrder(7);
		assertThat(advisor.getOrder()).isEqualTo(7);
	}

	@Test
	void prototypesAndLazyBeansAreLimitedAndNotInstantiatedByTheChecks() {
		try (LimitedApplication application = new LimitedApplication(Late.class)) {
			assertThat(Late.created).isZero();
			application.bean(Exports.class).run("x");
			assertRefused(() -> application.bean(Exports.class).run("x"));
			assertRefused(() -> application.bean(Exports.class).run("x"));
		}
	}

	@Test
	void productOfAFactoryBeanIsLimited() {
		try (LimitedApplication application = new LimitedApplication(ExportsFactory.class)) {
			application.bean(Exports.class).run("x");
			assertRefused(() -> application.bean(Exports.class).run("x"));
		}
	}

	@Test
	void beanOfACircleIsLimited() {
		try (LimitedApplication application = new LimitedApplication(
				(context) -> context.setAllowCircularReferences(true), Chicken.class, Egg.class)) {
			application.bean(Egg.class).chicken.lay();
			assertRefused(application.bean(Chicken.class)::lay);
		}
	}

	@Test
	void callWhileTheApplicationStartsIsLimited() {
		try (LimitedApplication application = new LimitedApplication(Exports.class, Caller.class)) {
			assertRefused(() -> application.bean(Exports.class).run("start"));
		}
	}

	@Test
	void mockInPlaceOfABeanDoesNotStopTheStart() {
		Exports mock = Mockito.mock(Exports.class);
		try (LimitedApplication application = new LimitedApplication((context) -> {
			context.registerBeanDefinition("exports", new RootBeanDefinition(Exports.class));
			context.getBeanFactory().registerSingleton("exports", mock);
		})) {
			assertThat(application.bean(Exports.class)).isSameAs(mock);
		}
	}

	@Test
	void beanThatWasCreatedTooEarlyStopsTheStart() {
		assertThat(LimitedApplication.mistake(Exports.class, NeedsItEarly.class))
			.hasMessageContaining(Exports.class.getName())
			.hasMessageContaining("the bean 'proxyTests.Exports' carries @RateLimited and is not limited");
	}

	@Test
	void beanThatWasNotCreatedBySpringStopsTheStart() {
		assertThat(LimitedApplication.mistake(() -> new LimitedApplication(
				(context) -> context.getBeanFactory().registerSingleton("handMade", new Exports()))))
			.hasMessageContaining("the bean 'handMade' carries @RateLimited and is not limited");
	}

	@Test
	void mistakeInALazyBeanShowsWhenItIsCreated() {
		try (LimitedApplication application = new LimitedApplication(LazyMistake.class)) {
			assertThat(LimitedApplication.mistake(() -> application.bean(LazyMistake.class)))
				.hasMessageContaining("there is no policy 'gone'");
			assertThat(LimitedApplication.mistake(() -> application.bean(LazyMistake.class)))
				.hasMessageContaining("there is no policy 'gone'");
		}
	}

	@Test
	void registryThatNeedsALimitedBeanIsNoCircle() {
		try (LimitedApplication application = new LimitedApplication(Listening.class, Exports.class)) {
			application.bean(Exports.class).run("x");
		}
	}

	@SuppressWarnings("unchecked")
	private static void run(Runner<?> runner, String text) {
		((Runner<String>) runner).run(text);
	}

	interface Runner<T> {

		void run(T input);

	}

	static class Exports implements Runner<String> {

		@Override
		@RateLimited(limit = "1/1m", key = "#text")
		public void run(String text) {
		}

	}

	static class GenericStore<T> {

		@RateLimited(limit = "1/1m", key = "#item")
		public void save(T item) {
		}

	}

	static class TextStore extends GenericStore<String> {

		@Override
		public void save(String item) {
		}

	}

	interface Client {

		@RateLimited(limit = "1/1m", key = "#url")
		String fetch(String url);

		String free();

	}

	static class ClientFactory implements FactoryBean<Client> {

		@Override
		public Client getObject() {
			return (Client) Proxy.newProxyInstance(Client.class.getClassLoader(), new Class<?>[] { Client.class },
					(proxy, method, arguments) -> method.getName());
		}

		@Override
		public Class<?> getObjectType() {
			return Client.class;
		}

	}

	static class Sealed implements Runner<String> {

		@Override
		@RateLimited("one")
		public final void run(String text) {
		}

	}

	static class Plain {

		void run() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AroundIt {

		final List<String> trace = new ArrayList<>();

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		Advisor outer() {
			return advisor("outer", 100);
		}

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		Advisor inner() {
			return advisor("inner", Ordered.LOWEST_PRECEDENCE);
		}

		private Advisor advisor(String name, int order) {
			NameMatchMethodPointcut pointcut = new NameMatchMethodPointcut();
			pointcut.setMappedName("run");
			DefaultPointcutAdvisor advisor = new DefaultPointcutAdvisor(pointcut, (MethodInterceptor) (invocation) -> {
				this.trace.add(name);
				return invocation.proceed();
			});
			advisor.setOrder(order);
			return advisor;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Late {

		static int created;

		@Bean
		@Lazy
		Plain lazy() {
			created++;
			return new Plain();
		}

		@Bean
		@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
		Exports exports() {
			return new Exports();
		}

	}

	static class ExportsFactory implements FactoryBean<Exports> {

		@Override
		public Exports getObject() {
			return new Exports();
		}

		@Override
		public Class<?> getObjectType() {
			return Exports.class;
		}

	}

	static class Chicken {

		Chicken(ObjectProvider<Egg> egg) {
		}

		@org.springframework.beans.factory.annotation.Autowired
		Egg egg;

		@RateLimited("one")
		void lay() {
		}

	}

	static class Egg {

		@org.springframework.beans.factory.annotation.Autowired
		Chicken chicken;

	}

	static class Caller {

		Caller(Exports exports) {
			exports.run("start");
		}

	}

	static class NeedsItEarly implements org.springframework.beans.factory.config.BeanPostProcessor, Ordered {

		NeedsItEarly(Exports exports) {
		}

		@Override
		public int getOrder() {
			return HIGHEST_PRECEDENCE;
		}

	}

	@Lazy
	static class LazyMistake {

		@RateLimited("gone")
		void run() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Listening {

		@Bean
		LimitedApplication.FakeContext calls(Exports exports) {
			return new LimitedApplication.FakeContext();
		}

	}

}
